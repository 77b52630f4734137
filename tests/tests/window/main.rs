//! The application as its people use it: the real window, against a real office.

mod chicago;
mod town;

mod accessibility;
mod desk;
mod inspector;
mod language;
mod manager;
mod never;
mod news;
mod rules;
mod team;
mod visits;
mod ways;

mod access;
mod clocks;
mod emergency;
mod offline;
mod photos;
mod returned;
mod shut_out;

mod attacks;
mod bad_input;
mod files;
mod people;

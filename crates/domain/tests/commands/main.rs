//! Every command through `domain::decide`, against a small town in memory.

mod town;

mod book_appointment;
mod cancel_appointment;
mod confirm_appointment;
mod reschedule;

mod book_reinspection;
mod correct_result;
mod mark_no_show;

mod add_note;
mod add_photo;
mod record_checklist_item;
mod record_result;
mod start_inspection;

mod decline_request;
mod lock_appointment;
mod reassign;
mod request_reassignment;

mod gaps;
mod news;
mod takers;

mod block_time;
mod change_calendar_rules;
mod mark_unavailable;

mod emergency;
mod grant_role;
mod withdraw_grant;

mod returned_work;

mod laptop;
mod probes;
mod seen;
mod wire;

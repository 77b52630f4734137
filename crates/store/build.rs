//! The steps of the PostgreSQL database are read when the crate is built.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations/postgres");
}

//! Every command through `domain::decide`, against a small town in memory.

mod town;

mod book_appointment;

mod add_note;
mod add_photo;
mod record_checklist_item;
mod record_result;
mod start_inspection;

mod reassign;
mod request_reassignment;

mod grant_role;
mod withdraw_grant;

mod seen;
mod wire;

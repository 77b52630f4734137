//! The plan of one exchange, as plain data: revocation first, then uploads, then what is new. Photos have a queue of their
//! own beside it, and hold up nothing.

use policy::Millis;

/// How far an exchange has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stage {
    /// The control step is done for the rights as they stand.
    pub controlled: bool,
    /// What was removed has been reported.
    pub receipts_waiting: bool,
    /// Commands are waiting to be sent.
    pub commands_waiting: bool,
    /// The last page said that nothing is missing.
    pub complete: bool,
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Control,
    Push,
    Pull,
    Done,
}

/// The next step of an exchange.
pub fn next_step(stage: Stage) -> Step {
    match stage {
        Stage {
            controlled: false, ..
        }
        | Stage {
            receipts_waiting: true,
            ..
        } => Step::Control,
        Stage {
            commands_waiting: true,
            ..
        } => Step::Push,
        Stage { complete: false, .. } => Step::Pull,
        _ => Step::Done,
    }
}

/// Whether a photo may be sent beside an exchange: what was lost is gone, and no command waits.
pub fn may_send_photo(stage: Stage) -> bool {
    !matches!(next_step(stage), Step::Control | Step::Push)
}

/// How long a photo waits after it came to nothing for the first time, in milliseconds. It doubles up to the longest.
const PHOTO_WAIT_FIRST: Millis = 30 * 1000;
const PHOTO_WAIT_LONGEST: Millis = 60 * 60 * 1000;

/// How long a photo waits after so many attempts that came to nothing, in milliseconds.
pub fn photo_wait(attempts: u32) -> Millis {
    let doubled = PHOTO_WAIT_FIRST << attempts.saturating_sub(1).min(10);
    doubled.min(PHOTO_WAIT_LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_comes_before_uploads_and_uploads_before_bulk() {
        let rows = [
            ((false, false, true, false), Step::Control, false),
            ((true, true, true, false), Step::Control, false),
            ((true, false, true, false), Step::Push, false),
            ((true, false, false, false), Step::Pull, true),
            ((true, false, false, true), Step::Done, true),
        ];
        for ((controlled, receipts_waiting, commands_waiting, complete), step, photo) in rows {
            let stage = Stage {
                controlled,
                receipts_waiting,
                commands_waiting,
                complete,
            };
            assert_eq!(next_step(stage), step, "{stage:?}");
            assert_eq!(may_send_photo(stage), photo, "a photo at {stage:?}");
        }
    }

    #[test]
    fn c_ins_07_a_photo_that_comes_to_nothing_waits_longer_each_time() {
        let waits: Vec<Millis> = (1..=9).map(|attempts| photo_wait(attempts) / 1000).collect();
        assert_eq!(waits, [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
        assert_eq!(photo_wait(u32::MAX), PHOTO_WAIT_LONGEST);
    }
}

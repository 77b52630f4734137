//! The plan of one exchange, as plain data: revocation first, then uploads, then what is new.

/// How far an exchange has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stage {
    /// The control step is done for the rights as they stand.
    pub controlled: bool,
    /// What was removed has been reported.
    pub receipts_waiting: bool,
    /// Commands are waiting to be sent.
    pub commands_waiting: bool,
    /// Photos whose command was taken are waiting to be sent.
    pub photos_waiting: bool,
    /// The last page said that nothing is missing.
    pub complete: bool,
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Control,
    Push,
    Photo,
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
        Stage {
            photos_waiting: true, ..
        } => Step::Photo,
        Stage { complete: false, .. } => Step::Pull,
        _ => Step::Done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_comes_before_uploads_and_uploads_before_bulk() {
        let rows = [
            ((false, false, true, true, false), Step::Control),
            ((true, true, true, true, false), Step::Control),
            ((true, false, true, true, false), Step::Push),
            ((true, false, false, true, false), Step::Photo),
            ((true, false, false, false, false), Step::Pull),
            ((true, false, false, false, true), Step::Done),
        ];
        for ((controlled, receipts_waiting, commands_waiting, photos_waiting, complete), step) in rows {
            let stage = Stage {
                controlled,
                receipts_waiting,
                commands_waiting,
                photos_waiting,
                complete,
            };
            assert_eq!(next_step(stage), step, "{stage:?}");
        }
    }
}

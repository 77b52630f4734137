//! What the screen is told when something comes to nothing.

use device::FilesError;
use domain::Refusal;
use link::Trouble;
use policy::Denial;
use serde::Serialize;
use store::Fault;

/// The code of a damaged file of this laptop.
pub const DAMAGED: &str = "cache_damaged";
/// The code of something in them that cannot be read, which may come from the same.
pub const UNREADABLE: &str = "unreadable";

/// A stable code, a sentence, and the denial where a rule said no.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Problem {
    pub code: String,
    pub sentence: String,
    pub denial: Option<Denial>,
}

impl Problem {
    /// A problem without a denial.
    pub fn new(code: &str, sentence: impl Into<String>) -> Problem {
        Problem {
            code: code.to_owned(),
            sentence: sentence.into(),
            denial: None,
        }
    }

    /// Nobody is signed in.
    pub fn signed_out() -> Problem {
        Problem::new("signed_out", "Nobody is signed in.")
    }
}

impl From<Trouble> for Problem {
    fn from(Trouble { code, sentence }: Trouble) -> Problem {
        Problem::new(&code, sentence)
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Problem {
        let code = match &fault {
            Fault::DiskFull => "disk_full",
            Fault::Damaged => DAMAGED,
            Fault::Newer { .. } => "newer_database",
            Fault::NoCipher => "no_cipher",
            Fault::Busy => "busy",
            Fault::Unreadable(_) => UNREADABLE,
            // The last two are faults of an office's database, which a laptop does not have.
            Fault::Other(_) | Fault::Occupied | Fault::Unreachable(_) => "fault",
        };
        let sentence = match &fault {
            Fault::DiskFull => "Not saved: the disk is full. Free some space and try again; what you typed is still here.".to_owned(),
            Fault::Damaged => "The copy of the records on this laptop is damaged. It is fetched again as soon as there is a connection; your unsent work is in a file of its own.".to_owned(),
            Fault::Newer { .. } => "A newer version of Bailiwick has used this laptop. Install that version to go on; nothing was changed.".to_owned(),
            Fault::Busy => "Another program is using Bailiwick's files; close it and try again.".to_owned(),
            Fault::NoCipher => "This build cannot encrypt, so it will not keep records.".to_owned(),
            Fault::Unreadable(_) | Fault::Other(_) | Fault::Occupied | Fault::Unreachable(_) => {
                tracing::error!(%fault, "storage failed");
                "Something went wrong with the files on this laptop; nothing was changed.".to_owned()
            }
        };
        Problem::new(code, sentence)
    }
}

impl From<FilesError> for Problem {
    fn from(error: FilesError) -> Problem {
        match error {
            FilesError::OutboxDamaged => Problem::new(
                "outbox_damaged",
                "The file with your unsent work cannot be opened with this laptop's key. It was left as it is; ask your administrator before doing anything else.",
            ),
            FilesError::Fault(fault) => fault.into(),
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Problem {
        match refusal {
            Refusal::Denied(denial) => Problem {
                code: "denied".to_owned(),
                sentence: denial.sentence.clone(),
                denial: Some(denial),
            },
            Refusal::Contested(contest) => {
                let sentence = format!(
                    "Somebody else has changed this ({}) in the meantime.",
                    contest.field
                );
                Problem::new("contested", sentence)
            }
        }
    }
}

//! What can go wrong with a database, sorted by what somebody can do about it.

use rusqlite::ErrorCode;

/// A fault of storage. It is never a refusal: no rule was broken.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("the disk is full: nothing was saved")]
    DiskFull,
    #[error("the database file is damaged, or its key is another")]
    Damaged,
    #[error("the database was written by a newer version ({found}; this one knows {known})")]
    Newer { found: i64, known: i64 },
    #[error("this build cannot encrypt: the file was not opened")]
    NoCipher,
    #[error("the database is in use by another process")]
    Busy,
    #[error("a stored record cannot be read: {0}")]
    Unreadable(String),
    #[error("storage failed: {0}")]
    Other(String),
}

/// The result of anything that touches storage.
pub type Result<T> = std::result::Result<T, Fault>;

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Fault {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Fault::DiskFull,
            // SQLCipher reports most damaged pages as "out of memory".
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::OutOfMemory) => {
                Fault::Damaged
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Fault::Busy,
            // … and the rest as this, without the words that a mistake in a statement would have.
            _ if matches!(&error, rusqlite::Error::SqliteFailure(_, Some(said)) if said == "SQL logic error") => {
                Fault::Damaged
            }
            _ => Fault::Other(error.to_string()),
        }
    }
}

impl From<serde_json::Error> for Fault {
    fn from(error: serde_json::Error) -> Fault {
        Fault::Unreadable(error.to_string())
    }
}

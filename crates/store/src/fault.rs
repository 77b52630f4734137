//! What can go wrong with a database, sorted by what somebody can do about it.

use rusqlite::ErrorCode;
use rusqlite::ffi::SQLITE_IOERR_SHMSIZE;

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
    #[error("there is an office in that database already")]
    Occupied,
    #[error("the database does not answer: {0}")]
    Unreachable(String),
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
            // The memory that connections share is a file as well, which there was no space for.
            Some(ErrorCode::SystemIoFailure)
                if error
                    .sqlite_error()
                    .is_some_and(|error| error.extended_code == SQLITE_IOERR_SHMSIZE) =>
            {
                Fault::DiskFull
            }
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

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Fault {
        let code = error.as_database_error().and_then(|error| error.code());
        match (&error, code.as_deref()) {
            // Class 53 is a lack of something: of disk, of memory, of connections.
            (_, Some("53100")) => Fault::DiskFull,
            // A lock that was not given in time, and a snapshot that could not be kept.
            (_, Some("55P03" | "40001" | "40P01")) => Fault::Busy,
            // Classes 57 and 08: the server is going down or coming up, or the connection has gone.
            (_, Some(code)) if code.starts_with("57P") || code.starts_with("08") => {
                Fault::Unreachable(error.to_string())
            }
            (sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::Protocol(_), None) => {
                Fault::Unreachable(error.to_string())
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

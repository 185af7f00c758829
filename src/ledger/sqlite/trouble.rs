//! SQLite's errors, classified once.

use std::path::Path;

use rusqlite::ErrorCode;
use rusqlite::ffi::SQLITE_IOERR_SHMSIZE;
use wirereport_actors::ports::ledger::LedgerError;
use wirereport_actors::wire::life::Refusal;

/// Why a piece of work on the file failed: by the rules, or by the file.
#[derive(Debug)]
pub(super) enum Trouble {
    Ledger(LedgerError),
    Sqlite(rusqlite::Error),
}

impl Trouble {
    /// The port's error, for the ledger at `path`.
    pub(super) fn at(self, path: &Path) -> LedgerError {
        use rusqlite::Error::{FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType};
        let error = match self {
            Self::Ledger(error) => return error,
            Self::Sqlite(error) => error,
        };
        let path = path.display().to_string();
        let detail = error.to_string();
        if let FromSqlConversionFailure(..) | InvalidColumnType(..) | IntegralValueOutOfRange(..) = error {
            return LedgerError::Corrupt { path, detail };
        }
        // What a full disk looks like to who opens the ledger: its index of the log cannot grow.
        if error.sqlite_error().is_some_and(|error| error.extended_code == SQLITE_IOERR_SHMSIZE) {
            return LedgerError::Full { path };
        }
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => LedgerError::Full { path },
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                LedgerError::Corrupt { path, detail }
            }
            Some(ErrorCode::ConstraintViolation) => LedgerError::Conflict { detail },
            _ => LedgerError::Unavailable { detail: format!("{path}: {detail}") },
        }
    }
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<LedgerError> for Trouble {
    fn from(error: LedgerError) -> Self {
        Self::Ledger(error)
    }
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        Self::Ledger(refusal.into())
    }
}

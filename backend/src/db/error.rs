//! What can go wrong between Reeve and its store.

use diesel::result::{DatabaseErrorKind, Error};

/// A fault of the store. It is never mistaken for "not found", and its text is for the log, not for a caller.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// The database can't be reached, is overloaded, or closed the connection: worth another try later.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// A uniqueness constraint refused the write; the constraint or column as the database names it.
    #[error("a unique constraint was violated: {0}")]
    UniqueViolation(String),
    /// Anything else.
    #[error(transparent)]
    Query(Error),
}

impl DatabaseError {
    pub(super) fn cannot_connect(error: impl std::fmt::Display) -> Self {
        // libpq explains itself over several lines; a log and a command line want one.
        Self::Unavailable(error.to_string().split_whitespace().collect::<Vec<_>>().join(" "))
    }
}

impl From<Error> for DatabaseError {
    fn from(error: Error) -> Self {
        match &error {
            Error::DatabaseError(DatabaseErrorKind::UniqueViolation, information) => {
                let name = information.constraint_name().unwrap_or_else(|| information.message());
                Self::UniqueViolation(name.to_owned())
            }
            Error::DatabaseError(DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand, _)
            | Error::BrokenTransactionManager => Self::Unavailable(error.to_string()),
            Error::DatabaseError(_, information) if is_passing(information.message()) => {
                Self::Unavailable(error.to_string())
            }
            _ => Self::Query(error),
        }
    }
}

/// Faults that diesel has no kind for, but that say nothing against the statement: told apart by the databases' fixed English messages.
fn is_passing(message: &str) -> bool {
    const PASSING: [&str; 11] = [
        "database is locked",
        "database or disk is full",
        "disk I/O error",
        "unable to open database file",
        "attempt to write a readonly database",
        "terminating connection",
        "the database system is",
        "server closed the connection",
        "canceling statement due to lock timeout",
        "could not connect",
        "too many clients",
    ];
    PASSING.iter().any(|passing| message.contains(passing))
}

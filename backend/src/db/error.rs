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

    /// The same fault, for another who met it.
    pub(super) fn again(&self) -> Self {
        match self {
            Self::Unavailable(message) => Self::Unavailable(message.clone()),
            Self::UniqueViolation(name) => Self::UniqueViolation(name.clone()),
            Self::Query(error) => Self::Unavailable(error.to_string()),
        }
    }

    /// Whether somebody else's lock is in the way: nothing is wrong with the connection, and the wait for it was long already.
    pub(super) fn is_lock(&self) -> bool {
        matches!(self, Self::Unavailable(message) if message.contains(SQLITE_LOCK) || message.contains(POSTGRES_LOCK))
    }
}

const SQLITE_LOCK: &str = "database is locked";
const POSTGRES_LOCK: &str = "canceling statement due to lock timeout";

impl From<Error> for DatabaseError {
    fn from(error: Error) -> Self {
        match &error {
            Error::DatabaseError(DatabaseErrorKind::UniqueViolation, information) => {
                let name = information.constraint_name().unwrap_or_else(|| information.message());
                Self::UniqueViolation(name.to_owned())
            }
            // A server that only reads is one that is being replaced, or that has just been.
            Error::DatabaseError(
                DatabaseErrorKind::ClosedConnection
                | DatabaseErrorKind::UnableToSendCommand
                | DatabaseErrorKind::ReadOnlyTransaction
                | DatabaseErrorKind::SerializationFailure,
                _,
            )
            | Error::BrokenTransactionManager => Self::Unavailable(error.to_string()),
            Error::DatabaseError(DatabaseErrorKind::Unknown, information) if is_passing(information.message()) => {
                Self::Unavailable(error.to_string())
            }
            _ => Self::Query(error),
        }
    }
}

/// Faults that say nothing against the statement, and for which diesel has no kind and hands out no code: only the message is left.
///
/// SQLite's messages are constants that nobody translates. PostgreSQL's are in the language of `lc_messages`, which every
/// connection sets to English where its role may ([`super::connection`]). Where it may not, a wait for a lock that took too
/// long and a deadlock are answered 500 instead of 503. A server that stops, starts or has too many clients needs no message:
/// it ends or refuses the connection.
fn is_passing(message: &str) -> bool {
    const SQLITE: [&str; 5] = [
        SQLITE_LOCK,
        "database or disk is full",
        "disk I/O error",
        "unable to open database file",
        "attempt to write a readonly database",
    ];
    const POSTGRES: [&str; 2] = [POSTGRES_LOCK, "deadlock detected"];
    SQLITE.iter().chain(&POSTGRES).any(|passing| message.contains(passing))
}

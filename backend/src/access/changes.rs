//! Changes of access: ordered by a clock in the store, so that every process hears of each of them.

use diesel::prelude::*;
use uuid::Uuid;

use super::queries;
use crate::db::{DbConnection, Timestamp};

/// Something that was cached has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// A user: what they are, whether they may sign in, or which roles they have.
    User(Uuid),
    /// A session has ended.
    Session(Uuid),
    /// An API key was deleted.
    ApiKey(Uuid),
    /// What roles grant, or what they are called: it may touch anybody.
    Roles,
    /// The signing keys.
    Keys,
}

impl Change {
    pub(super) fn to_columns(self) -> (&'static str, String) {
        match self {
            Self::User(id) => ("user", id.to_string()),
            Self::Session(id) => ("session", id.to_string()),
            Self::ApiKey(id) => ("api_key", id.to_string()),
            Self::Roles => ("roles", String::new()),
            Self::Keys => ("keys", String::new()),
        }
    }

    pub(super) fn from_columns(kind: &str, subject: &str) -> Option<Self> {
        match kind {
            "user" => Uuid::try_parse(subject).ok().map(Self::User),
            "session" => Uuid::try_parse(subject).ok().map(Self::Session),
            "api_key" => Uuid::try_parse(subject).ok().map(Self::ApiKey),
            "roles" => Some(Self::Roles),
            "keys" => Some(Self::Keys),
            _ => None,
        }
    }
}

/// The changes that one transaction makes.
///
/// Whoever holds it holds the clock's row until the commit: changes of access happen one after another on all nodes,
/// so "the last administrator" and "not more than one's own" are decided on what is true, not on what two of them saw at once.
pub struct AccessChanges {
    number: i64,
    changes: Vec<Change>,
}

impl AccessChanges {
    /// Takes the clock. The first statement of a transaction that changes access, before anything is read to decide on.
    pub(crate) fn begin(connection: &mut DbConnection) -> QueryResult<Self> {
        Ok(Self { number: queries::advance_clock(connection)?, changes: Vec::new() })
    }

    /// Notes a change.
    pub fn add(&mut self, change: Change) {
        self.changes.push(change);
    }

    /// Writes the changes down; the last statement of the transaction.
    pub(crate) fn finish(mut self, connection: &mut DbConnection, now: Timestamp) -> QueryResult<Vec<Change>> {
        self.changes.sort();
        self.changes.dedup();
        queries::record_changes(connection, self.number, &self.changes, now)?;
        Ok(self.changes)
    }
}

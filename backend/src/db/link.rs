//! A connection and its transactions.

use diesel::QueryResult;
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::result::Error;

use super::{DatabaseError, DatabaseUrl, DbConnection};

#[derive(Clone, Copy)]
pub(super) enum Step {
    Begin,
    /// Begins one within another, which can be undone alone.
    BeginWithin,
    Commit,
    Rollback,
}

impl Step {
    pub(super) fn end(is_to_be_kept: bool) -> Self {
        if is_to_be_kept { Self::Commit } else { Self::Rollback }
    }
}

/// A connection that is opened when it is needed, and again when it has died.
pub(super) struct Link {
    url: DatabaseUrl,
    connection: Option<DbConnection>,
    /// Whether SQLite was told not to wait for the disk.
    is_light: bool,
}

impl Link {
    pub(super) fn new(url: DatabaseUrl) -> Self {
        Self { url, connection: None, is_light: false }
    }

    pub(super) fn disconnect(&mut self) {
        self.connection = None;
    }

    pub(super) fn connection(&mut self) -> Result<&mut DbConnection, DatabaseError> {
        let connection = match self.connection.take() {
            Some(open) => open,
            None => {
                self.is_light = false;
                self.url.open()?
            }
        };
        Ok(self.connection.insert(connection))
    }

    /// The connection for what begins its transactions itself.
    pub(super) fn durable_connection(&mut self) -> Result<&mut DbConnection, DatabaseError> {
        self.set_light(false)?;
        self.connection()
    }

    pub(super) fn read<T>(&mut self, query: &impl Fn(&mut DbConnection) -> QueryResult<T>) -> Result<T, DatabaseError> {
        match self.connection().and_then(|connection| query(connection).map_err(DatabaseError::from)) {
            Err(fault) if self.died_of(&fault) => Ok(query(self.connection()?)?),
            answer => answer,
        }
    }

    /// Begins a transaction. A dead connection is replaced: nothing was written yet. The commit of a light one is not waited
    /// for until it is on the disk, which on both databases can lose the transaction, never tear it.
    pub(super) fn begin(&mut self, is_light: bool) -> Result<(), DatabaseError> {
        let begun = match self.try_begin(is_light) {
            Err(fault) if self.died_of(&fault) => self.try_begin(is_light),
            begun => begun,
        };
        begun.inspect_err(|fault| {
            self.died_of(fault);
        })
    }

    fn try_begin(&mut self, is_light: bool) -> Result<(), DatabaseError> {
        self.set_light(is_light)?;
        self.transaction(Step::Begin)?;
        match self.connection()? {
            DbConnection::Postgres(connection) if is_light => {
                Ok(connection.batch_execute("SET LOCAL synchronous_commit = off")?)
            }
            _ => Ok(()),
        }
    }

    /// SQLite takes this setting between transactions, PostgreSQL one of its own inside of them.
    fn set_light(&mut self, is_light: bool) -> Result<(), DatabaseError> {
        if let DbConnection::Postgres(_) = self.connection()? {
            return Ok(());
        }
        if self.is_light != is_light {
            let level = if is_light { "NORMAL" } else { "FULL" };
            self.connection()?.batch_execute(&format!("PRAGMA synchronous = {level}"))?;
            self.is_light = is_light;
        }
        Ok(())
    }

    pub(super) fn transaction(&mut self, step: Step) -> Result<(), DatabaseError> {
        type Ansi = AnsiTransactionManager;
        match (step, self.connection()?) {
            (Step::Begin | Step::BeginWithin, DbConnection::Postgres(connection)) => {
                Ansi::begin_transaction(connection)?;
            }
            (Step::BeginWithin, DbConnection::Sqlite(connection)) => Ansi::begin_transaction(connection)?,
            // A deferred transaction that reads, then writes beside another writer, fails at once whatever the busy timeout.
            (Step::Begin, DbConnection::Sqlite(connection)) => {
                Ansi::begin_transaction_sql(connection, "BEGIN IMMEDIATE")?;
            }
            (Step::Commit, DbConnection::Postgres(connection)) => Ansi::commit_transaction(connection)?,
            (Step::Commit, DbConnection::Sqlite(connection)) => Ansi::commit_transaction(connection)?,
            (Step::Rollback, DbConnection::Postgres(connection)) => Ansi::rollback_transaction(connection)?,
            (Step::Rollback, DbConnection::Sqlite(connection)) => Ansi::rollback_transaction(connection)?,
        }
        Ok(())
    }

    /// Whether the connection is gone after `fault`; if so the next use opens a new one.
    fn died_of(&mut self, fault: &DatabaseError) -> bool {
        let suspicious = match fault {
            DatabaseError::Unavailable(_) => !fault.is_lock(),
            DatabaseError::Query(Error::DatabaseError(..)) => !self.answers(),
            _ => false,
        };
        if suspicious {
            self.connection = None;
        }
        suspicious
    }

    fn answers(&mut self) -> bool {
        self.connection.as_mut().is_some_and(|connection| connection.batch_execute("SELECT 1").is_ok())
    }
}

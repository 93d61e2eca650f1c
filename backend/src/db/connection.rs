//! One connection type over both databases, and how each is opened.

use std::fmt;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::{MultiConnection, PgConnection, SqliteConnection};

use super::DatabaseError;

/// A connection to whichever database is configured: a query is written once and runs on both.
#[derive(MultiConnection)]
#[allow(missing_docs)]
pub enum DbConnection {
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}

/// The backend that queries over [`DbConnection`] are built for.
pub type DbBackend = <DbConnection as Connection>::Backend;

/// Inserts many rows in few statements: the enum takes only one row at a time, its connections take many.
macro_rules! insert_many {
    ($connection:expr, $table:expr, $rows:expr) => {{
        // Few enough for the number of parameters that a statement may have.
        for rows in $rows.chunks(500) {
            match (rows, &mut *$connection) {
                // Of a statement for any number of rows none is kept prepared, and to prepare it takes longer than to run it.
                ([row], connection) => {
                    let insert = diesel::insert_into($table).values(row);
                    $crate::db::natively!(connection, |native| diesel::RunQueryDsl::execute(insert, native))?
                }
                (rows, $crate::db::DbConnection::Postgres(connection)) => {
                    diesel::RunQueryDsl::execute(diesel::insert_into($table).values(rows), connection)?
                }
                (rows, $crate::db::DbConnection::Sqlite(connection)) => {
                    diesel::RunQueryDsl::execute(diesel::insert_into($table).values(rows), connection)?
                }
            };
        }
    }};
}
pub(crate) use insert_many;

/// Where the store is. Chosen by the URL's scheme, so that a mistyped `postgres` URL never becomes an SQLite file of that name.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// `postgres://user:password@host/name`, as libpq takes it.
    Postgres(String),
    /// `sqlite://PATH`, relative to the working directory or absolute.
    Sqlite(String),
}

impl DatabaseUrl {
    /// Reads a URL by its scheme.
    ///
    /// # Errors
    /// A sentence that says what is accepted.
    pub fn parse(url: &str) -> Result<Self, String> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres(url.to_owned()));
        }
        match url.strip_prefix("sqlite://") {
            Some(path) if !path.is_empty() && path != ":memory:" => Ok(Self::Sqlite(path.to_owned())),
            _ => Err("expected sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME".to_owned()),
        }
    }

    pub(super) fn open(&self) -> Result<DbConnection, DatabaseError> {
        match self {
            Self::Postgres(url) => open_postgres(url).map(DbConnection::Postgres),
            Self::Sqlite(path) => open_sqlite(path).map(DbConnection::Sqlite),
        }
    }
}

/// Shows where the store is without the password.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(formatter, "sqlite://{path}"),
            Self::Postgres(url) => formatter.write_str(&without_password(url)),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

fn without_password(url: &str) -> String {
    // libpq also takes the password as a parameter, so nothing after the path is shown.
    let url = url.split('?').next().unwrap_or_default();
    let Some((scheme, rest)) = url.split_once("://") else {
        return String::new();
    };
    match rest.rsplit_once('@') {
        Some((credentials, host)) => {
            let user = credentials.split(':').next().unwrap_or_default();
            format!("{scheme}://{user}@{host}")
        }
        None => format!("{scheme}://{rest}"),
    }
}

fn open_postgres(url: &str) -> Result<PgConnection, DatabaseError> {
    let separator = if url.contains('?') { '&' } else { '?' };
    let url =
        if url.contains("connect_timeout=") { url.to_owned() } else { format!("{url}{separator}connect_timeout=3") };
    let mut connection = PgConnection::establish(&url).map_err(DatabaseError::cannot_connect)?;
    // The messages in English, by which some faults are told ([`super::error`]). Only some roles may say so, and for the others
    // it must not be the end of the connection.
    connection
        .batch_execute(
            "SELECT set_config('lc_messages', 'C', false) WHERE has_parameter_privilege('lc_messages', 'SET'); \
             SET application_name = 'reeve'; SET timezone = 'UTC'; SET client_min_messages = warning; \
             SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '60s'",
        )
        .map_err(DatabaseError::from)?;
    Ok(connection)
}

fn open_sqlite(path: &str) -> Result<SqliteConnection, DatabaseError> {
    let mut connection = SqliteConnection::establish(path).map_err(DatabaseError::cannot_connect)?;
    // `synchronous = FULL` makes every acknowledged commit survive a loss of power, not only `kill -9`.
    connection
        .batch_execute(
            "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
             PRAGMA foreign_keys = ON; PRAGMA cache_size = -1024; PRAGMA temp_store = MEMORY; \
             PRAGMA trusted_schema = OFF; PRAGMA journal_size_limit = 67108864",
        )
        .map_err(DatabaseError::from)?;
    Ok(connection)
}

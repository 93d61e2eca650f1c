//! The databases that stores are made on.

use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};

use crate::Result;

/// A place where stores can be made.
pub(crate) enum Database {
    /// A folder for files.
    Sqlite(PathBuf),
    /// A server on which databases may be created, by its URL.
    Postgres(String),
}

/// SQLite in `folder`, and the PostgreSQL server that `REEVE_TEST_POSTGRES_URL` names.
pub(crate) fn available(folder: &Path) -> Result<Vec<Database>> {
    let postgres = std::env::var("REEVE_TEST_POSTGRES_URL")
        .map_err(|_| "REEVE_TEST_POSTGRES_URL is not set: run `make bench`, which starts a server")?;
    Ok(vec![Database::Sqlite(folder.to_owned()), Database::Postgres(postgres)])
}

impl Database {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "sqlite",
            Self::Postgres(_) => "postgres",
        }
    }

    /// The URL of a new, empty store.
    pub(crate) fn create(&self, name: &str) -> Result<String> {
        match self {
            Self::Sqlite(folder) => Ok(format!("sqlite://{}/{name}.db", folder.display())),
            Self::Postgres(server) => {
                let name = format!("reeve_bench_{name}");
                let mut connection = PgConnection::establish(server)?;
                connection.batch_execute(&format!("DROP DATABASE IF EXISTS {name}"))?;
                connection.batch_execute(&format!("CREATE DATABASE {name}"))?;
                let (head, _) = server.rsplit_once('/').ok_or("the server's URL names no database")?;
                Ok(format!("{head}/{name}"))
            }
        }
    }
}

/// Runs statements on a store.
pub(crate) fn execute(url: &str, statements: &str) -> Result<()> {
    match url.strip_prefix("sqlite://") {
        Some(path) => {
            let mut connection = SqliteConnection::establish(path)?;
            // A server may be writing.
            connection.batch_execute("PRAGMA busy_timeout = 10000")?;
            connection.batch_execute(statements)?;
        }
        None => PgConnection::establish(url)?.batch_execute(statements)?,
    }
    Ok(())
}

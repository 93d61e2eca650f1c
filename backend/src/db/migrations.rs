//! The schema's history, embedded in the binary: the same names for both databases.

use diesel::migration::{Migration as _, MigrationSource, MigrationVersion};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{DatabaseError, DbConnection};

const POSTGRES: EmbeddedMigrations = embed_migrations!("../migrations/postgres");
const SQLITE: EmbeddedMigrations = embed_migrations!("../migrations/sqlite");

/// The name of one step of the schema's history.
pub type Migration = String;

/// Applies what is missing, in order, and names it. Two processes that start together apply each step once.
pub fn migrate(connection: &mut DbConnection) -> Result<Vec<Migration>, DatabaseError> {
    match connection {
        DbConnection::Postgres(postgres) => {
            // Held until the session's end or the unlock: the second process waits here and finds nothing to do.
            const LOCK: i64 = 0x0072_6565_7665;
            diesel::RunQueryDsl::execute(diesel::sql_query(format!("SELECT pg_advisory_lock({LOCK})")), postgres)?;
            let applied = run_pending(postgres, POSTGRES);
            diesel::RunQueryDsl::execute(diesel::sql_query(format!("SELECT pg_advisory_unlock({LOCK})")), postgres)?;
            applied
        }
        DbConnection::Sqlite(sqlite) => sqlite.exclusive_transaction(|sqlite| run_pending(sqlite, SQLITE)),
    }
}

/// The steps that this binary knows and the store has not seen.
pub fn pending_migrations(connection: &mut DbConnection) -> Result<Vec<Migration>, DatabaseError> {
    let names = match connection {
        DbConnection::Postgres(postgres) => names(postgres.pending_migrations(POSTGRES)),
        DbConnection::Sqlite(sqlite) => names(sqlite.pending_migrations(SQLITE)),
    };
    names.map_err(migration_failed)
}

/// The versions that the store has seen, oldest first.
pub fn applied_migrations(connection: &mut DbConnection) -> Result<Vec<Migration>, DatabaseError> {
    let versions = match connection {
        DbConnection::Postgres(postgres) => versions(postgres.applied_migrations()),
        DbConnection::Sqlite(sqlite) => versions(sqlite.applied_migrations()),
    };
    let mut versions = versions.map_err(migration_failed)?;
    versions.sort();
    Ok(versions)
}

type Boxed = Box<dyn std::error::Error + Send + Sync>;

fn names<DB: diesel::backend::Backend>(
    pending: Result<Vec<Box<dyn diesel::migration::Migration<DB>>>, Boxed>,
) -> Result<Vec<Migration>, Boxed> {
    Ok(pending?.iter().map(|migration| migration.name().to_string()).collect())
}

fn versions(applied: Result<Vec<MigrationVersion<'static>>, Boxed>) -> Result<Vec<Migration>, Boxed> {
    Ok(applied?.iter().map(ToString::to_string).collect())
}

fn run_pending<DB, C>(connection: &mut C, source: EmbeddedMigrations) -> Result<Vec<Migration>, DatabaseError>
where
    DB: diesel::backend::Backend,
    C: MigrationHarness<DB>,
    EmbeddedMigrations: MigrationSource<DB>,
{
    let pending = connection.pending_migrations(source).map_err(migration_failed)?;
    for migration in &pending {
        connection.run_migration(migration.as_ref()).map_err(migration_failed)?;
    }
    names(Ok(pending)).map_err(migration_failed)
}

fn migration_failed(error: Boxed) -> DatabaseError {
    match error.downcast::<diesel::result::Error>() {
        Ok(error) => DatabaseError::from(*error),
        Err(error) => DatabaseError::Unavailable(format!("migration failed: {error}")),
    }
}

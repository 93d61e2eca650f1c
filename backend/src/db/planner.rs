//! How the databases decide in which order to read what, and whether they have what that needs.

use diesel::QueryResult;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::DbConnection;

/// What a database knows before it runs a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Planner {
    /// How often which values occur: it is left to itself.
    Statistics,
    /// Which indexes there are, and no more.
    Rules,
}

impl DbConnection {
    /// How this database plans.
    pub fn planner(&self) -> Planner {
        match self {
            Self::Postgres(_) => Planner::Statistics,
            Self::Sqlite(_) => Planner::Rules,
        }
    }
}

/// What gives a PostgreSQL without it the index that the migration could not make.
pub const HOW_TO_INDEX_TEXTS: &str = "CREATE EXTENSION pg_trgm; \
     CREATE INDEX CONCURRENTLY users_by_trigrams ON users USING gin (search_text gin_trgm_ops) WITH (gin_pending_list_limit = 256)";

/// Whether parts of texts are found by an index: a role of PostgreSQL may not be allowed to create the extension for it.
pub fn texts_are_indexed(connection: &mut DbConnection) -> QueryResult<bool> {
    match connection.planner() {
        Planner::Rules => Ok(true),
        Planner::Statistics => diesel::select(diesel::dsl::sql::<Bool>("to_regclass('users_by_trigrams') IS NOT NULL"))
            .get_result(connection),
    }
}

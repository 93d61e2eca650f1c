//! A look at the first rows of a large table: enough to tell a list of many rows from one of few.

use diesel::QueryResult;
use diesel::prelude::*;
use diesel::query_builder::{Query, QueryFragment, QueryId};
use diesel::sql_types::BigInt;

use super::predicate::{Pass, Predicate};
use crate::db::{DbBackend, DbConnection};

/// How many of the first rows of a table, in no order, meet some conditions.
pub(super) struct Sample<'a> {
    pub(super) table: &'static str,
    pub(super) conditions: Predicate<'a>,
}

/// So many rows are read in no time.
const SAMPLED: i64 = 1_000;
/// Whoever is rarer in a sample may be counted in full, as an index may find them all.
pub(super) const RARE: i64 = 3;

impl QueryId for Sample<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Sample<'_> {
    type SqlType = BigInt;
}

impl RunQueryDsl<DbConnection> for Sample<'_> {}

impl QueryFragment<DbBackend> for Sample<'_> {
    fn walk_ast<'b>(&'b self, mut out: Pass<'_, 'b>) -> QueryResult<()> {
        out.push_sql("SELECT COUNT(*) FROM (SELECT * FROM ");
        out.push_sql(self.table);
        out.push_sql(" LIMIT ");
        out.push_bind_param::<BigInt, _>(&SAMPLED)?;
        out.push_sql(") AS ");
        out.push_sql(self.table);
        out.push_sql(" WHERE ");
        self.conditions.walk_ast(out)
    }
}

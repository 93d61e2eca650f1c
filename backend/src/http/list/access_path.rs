//! From which side a database is to come at the rows of a list: one that plans by rules alone would read a million rows to
//! find three, or gather and sort a million to show the first of them.

use diesel::QueryResult;
use diesel::prelude::*;
use diesel::query_builder::{Query, QueryFragment, QueryId};
use diesel::sql_types::BigInt;

use super::condition::Condition;
use super::lookup::Lookup;
use super::predicate::Pass;
use super::request::ListRequest;
use super::sample::Sample;
use crate::db::{DbBackend, DbConnection, Planner};

/// Of what an index finds in plenty, so many are looked at to say how many rows a list has at least.
const AMONG: i64 = 200;
/// So many rows are better gathered than nearly all others read, where a list is rare in its table.
const NOT_TOO_MANY: i64 = 10_000;
/// A table of this size is no longer read to count what is in it.
const LARGE: i64 = 20_000;

/// How the rows of a list are found: the access path, as databases call it. Who may see them is not decided here.
#[derive(Clone, Copy, Debug)]
pub struct AccessPath<'a> {
    pub(super) planner: Planner,
    pub(super) start: Start<'a>,
    /// What an index is known to find many rows for.
    pub(super) plenty: Option<&'a Lookup>,
    /// How many rows the list is known to have at least, as an index answers its only condition.
    pub(super) at_least: Option<i64>,
    /// How many of the first rows of a large table are in the list.
    pub(super) sampled: Option<i64>,
}

/// Where a database begins.
#[derive(Clone, Copy, Debug)]
pub(super) enum Start<'a> {
    /// Where it thinks best.
    Anywhere,
    /// With so many rows at most that an index finds for one condition.
    Few(&'a Lookup, i64),
    /// With the first row in the order of the list: whatever an index finds is a large part of the table.
    Order,
}

impl<'a> AccessPath<'a> {
    /// The same rows, but no more of them than can be counted at no great cost.
    pub(super) fn among(self, lookup: &'a Lookup) -> Self {
        Self { start: Start::Few(lookup, AMONG), ..self }
    }

    /// Whether the list is known to have more rows than that.
    pub(super) fn has_told(self, bound: i64) -> bool {
        self.at_least.is_some_and(|rows| rows > bound)
    }

    /// Whether the database must not be tempted by the indexes of other conditions.
    pub(super) fn leaves_indexes_alone(self) -> bool {
        self.planner == Planner::Rules && !matches!(self.start, Start::Anywhere)
    }
}

impl ListRequest {
    /// Decides by counting what the indexes find, as far as it matters.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn access_path(&self, connection: &mut DbConnection) -> QueryResult<AccessPath<'_>> {
        let planner = connection.planner();
        let by_rules = planner == Planner::Rules;
        let anywhere = AccessPath { planner, start: Start::Anywhere, plenty: None, at_least: None, sampled: None };
        if self.lookups.iter().any(Lookup::is_unique) {
            return Ok(anywhere);
        }
        let first = self.sort.first().map(|key| &key.field.name);
        // What the list is sorted by is a range of the order itself.
        let in_question = |lookup: &&Lookup| lookup.field().is_none_or(|field| Some(&field.name) != first);
        let lookups = || self.lookups.iter().filter(in_question).filter(|lookup| lookup.is_for(planner));
        let no_more_than = |connection: &mut DbConnection, most: i64| {
            for lookup in lookups() {
                let found: i64 = Found { lookup, limit: most + 1 }.get_result(connection)?;
                if found <= most {
                    // Rows may be added between the question and the page.
                    return Ok(Some(Start::Few(lookup, 2 * most)));
                }
            }
            QueryResult::Ok(None)
        };
        if let Some(start) = no_more_than(connection, self.spec.few)? {
            return Ok(AccessPath { start, ..anywhere });
        }
        let plenty = lookups().next();
        let start = if plenty.is_some() && by_rules { Start::Order } else { Start::Anywhere };
        if let (Some(lookup), [Condition::Test(_)]) = (plenty, self.conditions.as_slice())
            && lookup.is_exact()
        {
            return Ok(AccessPath { start, plenty, at_least: Some(self.spec.few + 1), ..anywhere });
        }
        let sampled = self.sample(connection, anywhere)?;
        if sampled == Some(0)
            && let Some(start) = no_more_than(connection, NOT_TOO_MANY)?
        {
            return Ok(AccessPath { start, ..anywhere });
        }
        Ok(AccessPath { start, plenty, sampled, ..anywhere })
    }

    /// Looks whether the list is rare among the first rows of a table that is too large to be looked through.
    fn sample(&self, connection: &mut DbConnection, path: AccessPath<'_>) -> QueryResult<Option<i64>> {
        let Some(table) = self.spec.row_count.filter(|_| !self.conditions.is_empty()) else { return Ok(None) };
        if self.table_size(connection)?.is_none_or(|size| size <= LARGE) {
            return Ok(None);
        }
        Sample { table, conditions: self.conditions(path) }.get_result(connection).map(Some)
    }
}

/// How many rows an index finds, up to a bound.
struct Found<'a> {
    lookup: &'a Lookup,
    limit: i64,
}

impl QueryId for Found<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Found<'_> {
    type SqlType = BigInt;
}

impl RunQueryDsl<DbConnection> for Found<'_> {}

impl QueryFragment<DbBackend> for Found<'_> {
    fn walk_ast<'b>(&'b self, mut out: Pass<'_, 'b>) -> QueryResult<()> {
        out.unsafe_to_cache_prepared();
        out.push_sql("SELECT COUNT(*) FROM (");
        self.lookup.write(&mut out, self.limit)?;
        out.push_sql(") AS counted");
        Ok(())
    }
}

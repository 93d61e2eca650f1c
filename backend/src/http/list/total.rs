//! How many rows a list has, without reading them all.

use diesel::QueryResult;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::prelude::*;
use diesel::query_builder::{Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Integer, Nullable, Text};

use super::predicate::{Pass, expression};
use crate::db::{DbBackend, DbConnection};

/// How many rows there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Total {
    /// The number, or how far was counted.
    pub rows: i64,
    /// Whether there are more.
    pub is_estimate: bool,
}

/// `SELECT 1`: rows that are only counted need no columns.
#[derive(Clone, Copy, Debug)]
pub struct One;

expression!(One, Integer);

impl QueryFragment<DbBackend> for One {
    fn walk_ast<'b>(&'b self, mut out: Pass<'_, 'b>) -> QueryResult<()> {
        out.push_sql("1");
        Ok(())
    }
}

/// `SELECT COUNT(*)` of a query.
#[derive(Clone, Copy, Debug, QueryId)]
struct Count<Q>(Q);

impl<Q> Query for Count<Q> {
    type SqlType = BigInt;
}

impl<Q> RunQueryDsl<DbConnection> for Count<Q> {}

impl<Q: QueryFragment<DbBackend>> QueryFragment<DbBackend> for Count<Q> {
    fn walk_ast<'b>(&'b self, mut out: Pass<'_, 'b>) -> QueryResult<()> {
        out.push_sql("SELECT COUNT(*) FROM (");
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(") AS counted");
        Ok(())
    }
}

/// Counts the rows of a query that was limited to one more than `bound`.
pub(super) fn count<Q>(connection: &mut DbConnection, limited: Q, bound: i64) -> QueryResult<Total>
where
    Q: QueryFragment<DbBackend> + QueryId,
{
    let counted: i64 = Count(limited).get_result(connection)?;
    Ok(Total { rows: counted.min(bound), is_estimate: counted > bound })
}

/// The total, where the query of a page can tell it beside each row at no great cost; else null.
#[derive(Clone, Copy, Debug)]
pub enum KnownTotal {
    /// It can't.
    Unknown,
    /// The size of a whole table, kept by triggers: one value for all rows, so that it needs no query of its own.
    Kept(&'static str),
    /// All rows are gathered anyway, to be sorted.
    Gathered,
}

expression!(KnownTotal, Nullable<BigInt>);

impl QueryFragment<DbBackend> for KnownTotal {
    fn walk_ast<'b>(&'b self, mut out: Pass<'_, 'b>) -> QueryResult<()> {
        match self {
            Self::Unknown => out.push_sql("CAST(NULL AS BIGINT)"),
            Self::Gathered => out.push_sql("COUNT(*) OVER ()"),
            Self::Kept(table) => {
                out.push_sql("(SELECT row_count FROM row_counts WHERE table_name = ");
                out.push_bind_param::<Text, _>(*table)?;
                out.push_sql(")");
            }
        }
        Ok(())
    }
}

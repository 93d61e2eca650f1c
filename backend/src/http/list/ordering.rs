//! The order of a list as SQL: how rows are sorted, where a row stands, and what comes after it.

use diesel::QueryResult;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::query_builder::{QueryFragment, QueryId};
use diesel::sql_types::{Bool, Text};

use super::condition::Value;
use super::predicate::{Pass, expression, write_value};
use super::sort::SortKey;
use crate::db::DbBackend;

/// What a list is ordered by. Total, because its last key is unique.
#[derive(Clone, Copy, Debug)]
pub struct Ordering<'a> {
    pub(super) sort: &'a [SortKey],
}

/// Where a row stands in the order of its list, in text: selected beside the row, so that a cursor never disagrees with the order.
#[derive(Clone, Copy, Debug)]
pub struct Position<'a> {
    pub(super) sort: &'a [SortKey],
}

// Nothing is compared with an ordering, so its type is of no consequence.
expression!(Ordering<'_>, Bool);
expression!(Position<'_>, Text);

impl QueryFragment<DbBackend> for Ordering<'_> {
    fn walk_ast<'b>(&'b self, mut out: Pass<'_, 'b>) -> QueryResult<()> {
        for (index, key) in self.sort.iter().enumerate() {
            if index > 0 {
                out.push_sql(", ");
            }
            out.push_sql(&key.expression);
            out.push_sql(if key.descending { " DESC" } else { " ASC" });
        }
        Ok(())
    }
}

impl QueryFragment<DbBackend> for Position<'_> {
    fn walk_ast<'b>(&'b self, mut out: Pass<'_, 'b>) -> QueryResult<()> {
        let last = self.sort.len().saturating_sub(1);
        for (index, key) in self.sort.iter().enumerate() {
            let text = matches!(key.value(""), Some(Value::Text(_)));
            // The separator is escaped wherever it could be mistaken for one.
            let escape = text && index < last;
            out.push_sql(if escape { "REPLACE(REPLACE(" } else { "CAST(" });
            out.push_sql(&key.expression);
            out.push_sql(if escape { ", '~', '~0'), '|', '~1')" } else { " AS TEXT)" });
            if index < last {
                out.push_sql(" || '|' || ");
            }
        }
        Ok(())
    }
}

/// What comes after `values` in the order of `sort`, in a form that begins a range of an index on its keys.
pub(super) fn write_seek<'b>(out: &mut Pass<'_, 'b>, sort: &'b [SortKey], values: &'b [Value]) -> QueryResult<()> {
    let (Some((first, later)), Some((value, later_values))) = (sort.split_first(), values.split_first()) else {
        return Ok(());
    };
    let beyond = if first.descending { " < " } else { " > " };
    if later.iter().all(|key| key.descending == first.descending) {
        // One direction: one comparison of rows, which both databases look up in an index. SQLite does so for columns only:
        // where the key is computed it takes the range from a bound of its own.
        if first.is_computed() {
            out.push_sql(&first.expression);
            out.push_sql(if first.descending { " <= " } else { " >= " });
            write_value(out, value)?;
            out.push_sql(" AND ");
        }
        write_list(out, sort, |out, key| {
            out.push_sql(&key.expression);
            Ok(())
        })?;
        out.push_sql(beyond);
        return write_list(out, values, |out, value| write_value(out, value));
    }
    // Several directions: the first key bounds the range, and only where it is equal do the others count.
    out.push_sql("(");
    out.push_sql(&first.expression);
    out.push_sql(if first.descending { " <= " } else { " >= " });
    write_value(out, value)?;
    out.push_sql(" AND (");
    out.push_sql(&first.expression);
    out.push_sql(beyond);
    write_value(out, value)?;
    out.push_sql(" OR ");
    write_seek(out, later, later_values)?;
    out.push_sql("))");
    Ok(())
}

fn write_list<'b, T>(
    out: &mut Pass<'_, 'b>,
    items: &'b [T],
    write: impl Fn(&mut Pass<'_, 'b>, &'b T) -> QueryResult<()>,
) -> QueryResult<()> {
    out.push_sql("(");
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push_sql(", ");
        }
        write(out, item)?;
    }
    out.push_sql(")");
    Ok(())
}

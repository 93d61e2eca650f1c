//! Conditions as SQL that both databases read alike. Callers' values are bound, never written.

use diesel::QueryResult;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Bool, Text};

use super::condition::{Comparison, Condition, Test, Value};
use super::ordering::write_seek;
use super::pattern::Pattern;
use super::sort::SortKey;
use crate::db::DbBackend;

pub(super) type Pass<'a, 'b> = AstPass<'a, 'b, DbBackend>;

/// Which rows belong to a list, or to the rest of it after a cursor.
#[derive(Clone, Copy, Debug)]
pub struct Predicate<'a> {
    pub(super) conditions: &'a [Condition],
    pub(super) after: Option<(&'a [SortKey], &'a [Value])>,
    /// Whether the text is one of few, and so worth keeping prepared.
    pub(super) common: bool,
}

impl QueryFragment<DbBackend> for Predicate<'_> {
    fn walk_ast<'b>(&'b self, mut out: Pass<'_, 'b>) -> QueryResult<()> {
        if !self.common {
            // Prepared statements are kept for good by their text, and callers can make up any number of texts.
            out.unsafe_to_cache_prepared();
        }
        if let Some((sort, values)) = self.after {
            write_seek(&mut out, sort, values)?;
            out.push_sql(" AND ");
        }
        write_all(&mut out, self.conditions)
    }
}

/// What diesel asks of an expression that refers to its columns by SQL text.
macro_rules! expression {
    ($name:ty, $sql_type:ty) => {
        impl Expression for $name {
            type SqlType = $sql_type;
        }
        impl<Source> AppearsOnTable<Source> for $name {}
        impl<Source> SelectableExpression<Source> for $name {}
        impl<Group> ValidGrouping<Group> for $name {
            type IsAggregate = is_aggregate::No;
        }
        impl QueryId for $name {
            // The text differs from value to value, so statements are told apart by it.
            type QueryId = ();
            const HAS_STATIC_QUERY_ID: bool = false;
        }
    };
}
pub(super) use expression;

expression!(Predicate<'_>, Bool);

fn write_all<'b>(out: &mut Pass<'_, 'b>, conditions: &'b [Condition]) -> QueryResult<()> {
    if conditions.is_empty() {
        out.push_sql("TRUE");
    }
    write_joined(out, conditions, " AND ")
}

fn write_joined<'b>(out: &mut Pass<'_, 'b>, conditions: &'b [Condition], joint: &str) -> QueryResult<()> {
    for (index, condition) in conditions.iter().enumerate() {
        if index > 0 {
            out.push_sql(joint);
        }
        write_condition(out, condition)?;
    }
    Ok(())
}

fn write_condition<'b>(out: &mut Pass<'_, 'b>, condition: &'b Condition) -> QueryResult<()> {
    out.push_sql("(");
    match condition {
        Condition::All(conditions) => write_joined(out, conditions, " AND ")?,
        Condition::Any(conditions) => write_joined(out, conditions, " OR ")?,
        Condition::Not(condition) => {
            // Unlike `NOT`, this is true for NULL.
            write_condition(out, condition)?;
            out.push_sql(" IS NOT TRUE");
        }
        Condition::Test(test) => write_test(out, test)?,
    }
    out.push_sql(")");
    Ok(())
}

fn write_test<'b>(out: &mut Pass<'_, 'b>, test: &'b Test) -> QueryResult<()> {
    match (&test.field.members, &test.comparison) {
        (Some(members), Comparison::IsNull) => {
            out.push_sql("NOT EXISTS (");
            out.push_sql(members);
            out.push_sql(")");
        }
        (Some(members), _) => {
            out.push_sql("EXISTS (");
            out.push_sql(members);
            out.push_sql(" AND ");
            write_comparison(out, test)?;
            out.push_sql(")");
        }
        (None, _) => write_comparison(out, test)?,
    }
    Ok(())
}

fn write_comparison<'b>(out: &mut Pass<'_, 'b>, test: &'b Test) -> QueryResult<()> {
    let column = test.field.comparable().as_ref();
    let mut against = |operator: &str, value| {
        out.push_sql(column);
        out.push_sql(operator);
        write_value(out, value)
    };
    match &test.comparison {
        Comparison::IsNull => {
            out.push_sql(&test.field.column);
            out.push_sql(" IS NULL");
            return Ok(());
        }
        // Said so, a partial index on a flag serves it.
        Comparison::Equal(Value::Boolean(true)) => out.push_sql(column),
        Comparison::Equal(Value::Boolean(false)) => {
            out.push_sql("NOT ");
            out.push_sql(column);
        }
        Comparison::Equal(value) => against(" = ", value)?,
        Comparison::Less(value) => against(" < ", value)?,
        Comparison::LessOrEqual(value) => against(" <= ", value)?,
        Comparison::Greater(value) => against(" > ", value)?,
        Comparison::GreaterOrEqual(value) => against(" >= ", value)?,
        Comparison::In(values) => {
            out.push_sql(column);
            for (index, value) in values.iter().enumerate() {
                out.push_sql(if index == 0 { " IN (" } else { ", " });
                write_value(out, value)?;
            }
            out.push_sql(")");
        }
        Comparison::StartsWith(pattern) if test.field.folding.is_some() => write_range(out, column, pattern)?,
        Comparison::Contains(pattern) | Comparison::StartsWith(pattern) | Comparison::EndsWith(pattern) => {
            if test.field.folding.is_some() {
                out.push_sql(column);
            } else {
                out.push_sql("LOWER(");
                out.push_sql(column);
                out.push_sql(")");
            }
            out.push_sql(" LIKE ");
            out.push_bind_param::<Text, _>(&pattern.like)?;
            out.push_sql(r" ESCAPE '\'");
        }
    }
    if test.field.needs_null_guard() {
        out.push_sql(" AND ");
        out.push_sql(&test.field.column);
        out.push_sql(" IS NOT NULL");
    }
    Ok(())
}

fn write_range<'b>(out: &mut Pass<'_, 'b>, column: &str, pattern: &'b Pattern) -> QueryResult<()> {
    out.push_sql(column);
    out.push_sql(" >= ");
    out.push_bind_param::<Text, _>(&pattern.text)?;
    if let Some(end) = &pattern.end {
        out.push_sql(" AND ");
        out.push_sql(column);
        out.push_sql(" < ");
        out.push_bind_param::<Text, _>(end)?;
    }
    Ok(())
}

pub(super) fn write_value<'b>(out: &mut Pass<'_, 'b>, value: &'b Value) -> QueryResult<()> {
    match value {
        Value::Boolean(value) => {
            out.push_sql(if *value { "TRUE" } else { "FALSE" });
            Ok(())
        }
        Value::Integer(value) => out.push_bind_param::<BigInt, _>(value),
        Value::Text(value) => out.push_bind_param::<Text, _>(value),
    }
}

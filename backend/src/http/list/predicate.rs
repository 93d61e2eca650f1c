//! Conditions as SQL that both databases read alike. Callers' values are bound, never written.

use diesel::QueryResult;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Bool, Text};

use super::access_path::{AccessPath, Start};
use super::condition::{Comparison, Condition, Test, Value};
use super::ordering::write_seek;
use super::pattern::Pattern;
use super::sort::SortKey;
use crate::db::{DbBackend, Planner};

pub(super) type Pass<'a, 'b> = AstPass<'a, 'b, DbBackend>;

/// Which rows belong to a list, or to the rest of it after a cursor.
#[derive(Clone, Copy, Debug)]
pub struct Predicate<'a> {
    pub(super) conditions: &'a [Condition],
    pub(super) key: &'a str,
    pub(super) sort: &'a [SortKey],
    pub(super) after: Option<&'a [Value]>,
    pub(super) path: AccessPath<'a>,
    /// Whether the text is one of few, and so worth keeping prepared.
    pub(super) common: bool,
}

impl QueryFragment<DbBackend> for Predicate<'_> {
    fn walk_ast<'b>(&'b self, mut out: Pass<'_, 'b>) -> QueryResult<()> {
        if !self.common {
            // Prepared statements are kept for good by their text, and callers can make up any number of texts.
            out.unsafe_to_cache_prepared();
        }
        if let Start::Few(lookup, limit) = self.path.start {
            out.push_sql(self.key);
            out.push_sql(" IN (");
            lookup.write(&mut out, limit)?;
            out.push_sql(") AND ");
        }
        if let Some(values) = self.after {
            write_seek(&mut out, self.sort, values)?;
            out.push_sql(" AND ");
        }
        write_all(&mut out, self.conditions, self)
    }
}

impl Predicate<'_> {
    /// Whether an index for the test would lead away from where the database is to begin.
    fn leaves_alone(&self, test: &Test) -> bool {
        let is_range = matches!(
            test.comparison,
            Comparison::Less(_)
                | Comparison::LessOrEqual(_)
                | Comparison::Greater(_)
                | Comparison::GreaterOrEqual(_)
                | Comparison::StartsWith(_)
        );
        let is_order = self.sort.first().is_some_and(|key| key.field.name == test.field.name);
        self.path.leaves_indexes_alone() && is_range && !is_order
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

fn write_all<'b>(out: &mut Pass<'_, 'b>, conditions: &'b [Condition], whole: &Predicate<'_>) -> QueryResult<()> {
    if conditions.is_empty() {
        out.push_sql("TRUE");
    }
    write_joined(out, conditions, " AND ", whole)
}

fn write_joined<'b>(
    out: &mut Pass<'_, 'b>,
    conditions: &'b [Condition],
    joint: &str,
    whole: &Predicate<'_>,
) -> QueryResult<()> {
    for (index, condition) in conditions.iter().enumerate() {
        if index > 0 {
            out.push_sql(joint);
        }
        write_condition(out, condition, whole)?;
    }
    Ok(())
}

fn write_condition<'b>(out: &mut Pass<'_, 'b>, condition: &'b Condition, whole: &Predicate<'_>) -> QueryResult<()> {
    out.push_sql("(");
    match condition {
        Condition::All(conditions) => write_joined(out, conditions, " AND ", whole)?,
        Condition::Any(conditions) => write_joined(out, conditions, " OR ", whole)?,
        Condition::Not(condition) => {
            // Unlike `NOT`, this is true for NULL.
            write_condition(out, condition, whole)?;
            out.push_sql(" IS NOT TRUE");
        }
        Condition::Test(test) => write_test(out, test, whole)?,
    }
    out.push_sql(")");
    Ok(())
}

fn write_test<'b>(out: &mut Pass<'_, 'b>, test: &'b Test, whole: &Predicate<'_>) -> QueryResult<()> {
    let column = test.field.comparable();
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
            write_comparison(out, test, column)?;
            out.push_sql(")");
        }
        (None, _) => {
            if whole.path.planner == Planner::Statistics && write_parts(out, test)? {
                return Ok(());
            }
            if whole.leaves_alone(test) {
                // SQLite takes no index for what is computed, be it by this sign that does nothing.
                out.push_sql("+");
            }
            write_comparison(out, test, column)?;
        }
    }
    Ok(())
}

/// Looks for a part of a text by an index that knows only a larger text, if there is one; whether it did.
///
/// The planner takes two patterns for twice as rare as one, and would gather half the table: the second is told in words that
/// it has no opinion of.
fn write_parts<'b>(out: &mut Pass<'_, 'b>, test: &'b Test) -> QueryResult<bool> {
    let (Some(index), Some(pattern)) = (&test.field.parts, test.comparison.pattern()) else { return Ok(false) };
    let column = test.field.comparable();
    if &index.column == column || pattern.text.chars().nth(2).is_none() {
        return Ok(false);
    }
    out.push_sql(&index.column);
    out.push_sql(" LIKE ");
    out.push_bind_param::<Text, _>(&pattern.inside)?;
    out.push_sql(r" ESCAPE '\' AND ");
    if matches!(test.comparison, Comparison::Contains(_)) {
        out.push_sql("STRPOS(");
        out.push_sql(column);
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(&pattern.text)?;
        out.push_sql(") > 0");
    } else {
        write_comparison(out, test, column)?;
    }
    Ok(true)
}

/// The comparison of one of the columns that hold the field.
pub(super) fn write_comparison<'b>(out: &mut Pass<'_, 'b>, test: &'b Test, column: &'b str) -> QueryResult<()> {
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

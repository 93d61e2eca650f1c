//! Conditions that an index answers by itself: which rows come into question, found without looking at the others.

use std::sync::Arc;

use diesel::QueryResult;
use diesel::sql_types::Text;

use super::condition::{Comparison, Condition, Test, Value};
use super::field::{Field, Sql};
use super::pattern::Pattern;
use super::predicate::{Pass, write_comparison};
use super::terms::Terms;
use super::trigrams;
use crate::db::Planner;

/// What an index holds of a field.
#[derive(Clone, Debug)]
pub(super) struct Index {
    /// The rows' keys, called `key`, up to `WHERE`.
    pub(super) keys: Sql,
    /// What is compared there.
    pub(super) column: Sql,
}

/// The rows that meet one condition, or at least may meet it.
#[derive(Clone, Debug)]
pub(super) enum Lookup {
    /// Those whose field compares so.
    Compared(Test),
    /// Those whose texts have all these trigrams.
    Trigrams {
        keys: Sql,
        /// In the query language of the index.
        wanted: String,
    },
    /// Those whose field has one of these values.
    Terms {
        test: Test,
        terms: Terms,
        /// In the query language of the index.
        wanted: String,
    },
}

impl Lookup {
    /// Those of the conditions that an index answers; all of them must hold.
    pub(super) fn of(conditions: &[Condition]) -> Vec<Self> {
        let tests: Vec<&Test> = conditions.iter().flat_map(tests).collect();
        let compared = tests.iter().filter(|test| test.field.is_indexed_for(&test.comparison));
        let mut lookups: Vec<Self> = compared.map(|test| Self::Compared((*test).clone())).collect();
        lookups.extend(tests.iter().filter_map(|test| {
            let terms = test.field.terms.as_ref()?;
            let wanted = terms.wanted(&test.comparison, test.field.folding.is_some())?;
            Some(Self::Terms { test: (*test).clone(), terms: terms.clone(), wanted })
        }));
        let mut parts = tests
            .iter()
            .filter_map(|test| Some((test.field.parts.as_ref()?, test.comparison.pattern()?.text.as_str())));
        if let Some((parts_in, first)) = parts.next() {
            let all = std::iter::once(first).chain(parts.map(|(_, text)| text));
            if let Some(wanted) = trigrams::all_of(all) {
                lookups.push(Self::Trigrams { keys: parts_in.keys.clone(), wanted });
            }
        }
        lookups
    }

    /// Whether at most one row for each value is found.
    pub(super) fn is_unique(&self) -> bool {
        let Self::Compared(test) = self else { return false };
        test.field.unique && matches!(test.comparison, Comparison::Equal(_) | Comparison::In(_))
    }

    /// Whether it finds each row that meets its condition once, and no other.
    pub(super) fn is_exact(&self) -> bool {
        match self {
            Self::Compared(test) => test.field.indexes.len() == 1 && !matches!(test.comparison, Comparison::In(_)),
            Self::Trigrams { .. } => false,
            Self::Terms { test, .. } => matches!(test.comparison, Comparison::Equal(_)),
        }
    }

    /// Whether a database with such a planner has the index, and has to be told how many rows it finds.
    pub(super) fn is_for(&self, planner: Planner) -> bool {
        match (planner, self) {
            (Planner::Rules, Self::Compared(test)) => test.field.terms.is_none(),
            (Planner::Rules, _) => true,
            // Statistics tell it of columns, but not of the rows of another table.
            (Planner::Statistics, Self::Compared(test)) => test.field.members.is_some(),
            (Planner::Statistics, _) => false,
        }
    }

    /// The field that is compared.
    pub(super) fn field(&self) -> Option<&Arc<Field>> {
        match self {
            Self::Compared(test) | Self::Terms { test, .. } => Some(&test.field),
            Self::Trigrams { .. } => None,
        }
    }

    /// A query of at most so many keys, called `key`.
    pub(super) fn write<'b>(&'b self, out: &mut Pass<'_, 'b>, limit: i64) -> QueryResult<()> {
        match self {
            Self::Compared(test) => {
                out.push_sql("SELECT found.key FROM (");
                for (number, index) in test.field.indexes.iter().enumerate() {
                    out.push_sql(if number == 0 { "" } else { " UNION ALL " });
                    out.push_sql(&index.keys);
                    out.push_sql(" ");
                    write_comparison(out, test, &index.column)?;
                }
                out.push_sql(") AS found");
            }
            Self::Trigrams { keys, wanted } => {
                out.push_sql(keys);
                out.push_sql(" ");
                out.push_bind_param::<Text, _>(wanted)?;
            }
            Self::Terms { test, terms, wanted } => {
                out.push_sql("SELECT found.key FROM (");
                out.push_sql(&terms.unindexed.keys);
                out.push_sql(" ");
                write_comparison(out, test, &terms.unindexed.column)?;
                out.push_sql(" UNION ALL ");
                out.push_sql(&terms.keys);
                out.push_sql(" ");
                out.push_bind_param::<Text, _>(wanted)?;
                out.push_sql(") AS found");
            }
        }
        // A bound of the code's own, which PostgreSQL has to know to plan with it.
        out.push_sql(&format!(" LIMIT {limit}"));
        Ok(())
    }
}

/// The tests that must hold if the condition does.
fn tests(condition: &Condition) -> Vec<&Test> {
    match condition {
        Condition::All(conditions) => conditions.iter().flat_map(tests).collect(),
        Condition::Any(conditions) => match conditions.as_slice() {
            [only] => tests(only),
            _ => Vec::new(),
        },
        Condition::Test(test) => vec![test],
        Condition::Not(_) => Vec::new(),
    }
}

impl Field {
    fn is_indexed_for(&self, comparison: &Comparison) -> bool {
        let suits = match comparison {
            // An index of a flag holds the rows where it is false.
            Comparison::Equal(Value::Boolean(flag)) => !flag,
            Comparison::Contains(_) | Comparison::EndsWith(_) | Comparison::IsNull => false,
            Comparison::StartsWith(_) => self.folding.is_some(),
            _ => true,
        };
        suits && !self.indexes.is_empty()
    }
}

impl Comparison {
    /// What is looked for somewhere in the field.
    pub(super) fn pattern(&self) -> Option<&Pattern> {
        match self {
            Self::Contains(pattern) | Self::EndsWith(pattern) => Some(pattern),
            _ => None,
        }
    }
}

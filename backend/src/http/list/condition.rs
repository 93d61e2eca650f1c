//! Filters and searches whose fields exist and whose values have the right types.

use std::sync::Arc;

use uuid::Uuid;

use super::field::{Field, Kind};
use super::filter::{Filter, Operator};
use super::pattern::Pattern;
use super::query_string::shortened;
use super::spec::ListSpec;
use crate::db::Timestamp;
use crate::problem::{Code, Problem};

/// A longer text than any field has; SQLite refuses patterns of 50,000 bytes.
const LONGEST_VALUE: usize = 4_000;
/// Words that `q` may have.
const WORDS: usize = 16;

/// A value of a field's type. A moment is its microseconds, a UUID its text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Value {
    Boolean(bool),
    Integer(i64),
    Text(String),
}

#[derive(Clone, Debug)]
pub(super) enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    /// The complement: true wherever the other is false or unknown.
    Not(Box<Condition>),
    Test(Test),
}

#[derive(Clone, Debug)]
pub(super) struct Test {
    pub(super) field: Arc<Field>,
    pub(super) comparison: Comparison,
}

/// The operators that are left when their complements have become [`Condition::Not`].
#[derive(Clone, Debug)]
pub(super) enum Comparison {
    IsNull,
    In(Vec<Value>),
    Equal(Value),
    Less(Value),
    LessOrEqual(Value),
    Greater(Value),
    GreaterOrEqual(Value),
    Contains(Pattern),
    StartsWith(Pattern),
    EndsWith(Pattern),
}

impl Condition {
    /// Checks a filter against the list.
    pub(super) fn of_filter(filter: Filter, spec: &ListSpec) -> Result<Self, Problem> {
        let all = |filters: Vec<Filter>| {
            filters.into_iter().map(|filter| Self::of_filter(filter, spec)).collect::<Result<Vec<_>, _>>()
        };
        match filter {
            Filter::All(filters) => all(filters).map(Self::All),
            Filter::Any(filters) => all(filters).map(Self::Any),
            Filter::Not(filter) => Self::of_filter(*filter, spec).map(Self::not),
            Filter::Test { field, operator, values } => {
                let Some(field) = spec.find(&field) else {
                    let detail = format!("There is no field `{}`; there are {}", shortened(&field), spec.names());
                    return Err(Problem::with_detail(Code::InvalidFilter, detail));
                };
                Self::of_test(field, operator, values)
            }
        }
    }

    /// Every word somewhere in the fields that are searched.
    pub(super) fn of_search(text: &str, spec: &ListSpec) -> Result<Vec<Self>, Problem> {
        let words: Vec<_> = text.split_whitespace().collect();
        if words.len() > WORDS || text.len() > LONGEST_VALUE {
            let detail = format!("`q` has at most {WORDS} words and {LONGEST_VALUE} bytes");
            return Err(Problem::with_detail(Code::InvalidParameter, detail));
        }
        let fields = spec.searched();
        let in_any = |word: &&str| {
            let contains = |field: &Arc<Field>| {
                let comparison = Comparison::Contains(Pattern::inside(field.without_case(word)));
                Self::Test(Test { field: Arc::clone(field), comparison })
            };
            Self::Any(fields.iter().map(contains).collect())
        };
        Ok(words.iter().map(in_any).collect())
    }

    fn not(self) -> Self {
        Self::Not(Box::new(self))
    }

    fn of_test(field: &Arc<Field>, operator: Operator, texts: Vec<String>) -> Result<Self, Problem> {
        if !field.accepts(operator) {
            let accepted = Operator::ALL.iter().filter(|operator| field.accepts(**operator));
            let accepted: Vec<_> = accepted.map(|operator| operator.as_str()).collect();
            let detail = format!("`{}` takes {}, not `{}`", field.name, accepted.join(", "), operator.as_str());
            return Err(Problem::with_detail(Code::InvalidFilter, detail));
        }
        let mut values = texts.iter().map(|text| value_of(field, text)).collect::<Result<Vec<_>, _>>()?;
        if operator.takes_list() {
            let is_in = Self::Test(Test { field: Arc::clone(field), comparison: Comparison::In(values) });
            return Ok(if operator == Operator::In { is_in } else { is_in.not() });
        }
        let text = texts.first().map(String::as_str).unwrap_or_default();
        let value = values.pop().unwrap_or(Value::Boolean(false));
        let (comparison, complement) = match operator {
            Operator::IsNull => (Comparison::IsNull, false),
            Operator::NotNull => (Comparison::IsNull, true),
            Operator::NotEqual => (Comparison::Equal(value), true),
            Operator::Less => (Comparison::Less(value), false),
            Operator::LessOrEqual => (Comparison::LessOrEqual(value), false),
            Operator::Greater => (Comparison::Greater(value), false),
            Operator::GreaterOrEqual => (Comparison::GreaterOrEqual(value), false),
            Operator::Contains => (Comparison::Contains(Pattern::inside(field.without_case(text))), false),
            Operator::StartsWith => (Comparison::StartsWith(Pattern::start(field.without_case(text))), false),
            Operator::EndsWith => (Comparison::EndsWith(Pattern::end(field.without_case(text))), false),
            Operator::Equal | Operator::In | Operator::NotIn => (Comparison::Equal(value), false),
        };
        let condition = Self::Test(Test { field: Arc::clone(field), comparison });
        Ok(if complement { condition.not() } else { condition })
    }
}

fn value_of(field: &Field, text: &str) -> Result<Value, Problem> {
    let value = match field.kind {
        _ if text.len() > LONGEST_VALUE || text.contains('\0') => None,
        Kind::Text => Some(Value::Text(field.normalized(text))),
        Kind::Uuid => Uuid::try_parse(text).ok().map(|uuid| Value::Text(uuid.to_string())),
        Kind::Boolean => text.parse().ok().map(Value::Boolean),
        Kind::Integer => text.parse().ok().map(Value::Integer),
        Kind::Timestamp => Timestamp::parse(text).map(|moment| Value::Integer(moment.as_micros())),
    };
    value.ok_or_else(|| {
        let detail = format!("`{}` is compared with {}, not `{}`", field.name, field.kind.expects(), shortened(text));
        Problem::with_detail(Code::InvalidFilter, detail)
    })
}

//! Lists that are at hand as values: the same parameters, read over the JSON that is answered.

use std::cmp::Ordering;

use serde::Serialize;
use serde_json::Value as Json;

use super::condition::{Comparison, Condition, Test, Value};
use super::field::{Field, Kind};
use super::page::Page;
use super::request::ListRequest;
use super::sort::SortKey;
use super::total::Total;
use crate::db::Timestamp;
use crate::problem::Problem;

/// The page of `items` that `request` asks for. Fields are found in an item's JSON by their names.
///
/// # Errors
/// A fault of ours when an item can't be made into JSON.
pub fn in_memory<T: Serialize>(request: &ListRequest, items: Vec<T>) -> Result<Page<T>, Problem> {
    let mut rows = Vec::with_capacity(items.len());
    for item in items {
        let json = serde_json::to_value(&item).map_err(Problem::internal)?;
        if request.conditions.iter().all(|condition| holds(condition, &json)) {
            rows.push((sort_values(&request.sort, &json), item));
        }
    }
    let total = Total { rows: i64::try_from(rows.len()).unwrap_or(i64::MAX), is_estimate: false };
    rows.sort_by(|(left, _), (right, _)| compare(&request.sort, left, right));
    let offset = usize::try_from(request.offset()).unwrap_or(usize::MAX);
    let fetch = usize::try_from(request.fetch()).unwrap_or(usize::MAX);
    let after = |values: &Vec<Value>| match &request.after {
        Some(after) => compare(&request.sort, values, after) == Ordering::Greater,
        None => true,
    };
    let rows = rows.into_iter().filter(|(values, _)| after(values)).skip(offset).take(fetch);
    Ok(request.page(rows.map(|(values, item)| (item, position(&values))).collect(), total))
}

fn holds(condition: &Condition, row: &Json) -> bool {
    match condition {
        Condition::All(conditions) => conditions.iter().all(|condition| holds(condition, row)),
        Condition::Any(conditions) => conditions.iter().any(|condition| holds(condition, row)),
        Condition::Not(condition) => !holds(condition, row),
        Condition::Test(test) => test_holds(test, row.get(test.field.name.as_ref()).unwrap_or(&Json::Null)),
    }
}

fn test_holds(test: &Test, json: &Json) -> bool {
    match (&test.field.members, json, &test.comparison) {
        (Some(_), Json::Array(members), Comparison::IsNull) => members.is_empty(),
        (Some(_), Json::Array(members), _) => members.iter().any(|member| value_holds(test, member)),
        (_, json, Comparison::IsNull) => json.is_null(),
        (_, json, _) => value_holds(test, json),
    }
}

fn value_holds(test: &Test, json: &Json) -> bool {
    let Some(found) = value_of(&test.field, json) else { return false };
    let folded = || json.as_str().map(|text| test.field.without_case(text)).unwrap_or_default();
    match &test.comparison {
        Comparison::IsNull => false,
        Comparison::In(values) => values.contains(&found),
        Comparison::Equal(value) => found == *value,
        Comparison::Less(value) => found < *value,
        Comparison::LessOrEqual(value) => found <= *value,
        Comparison::Greater(value) => found > *value,
        Comparison::GreaterOrEqual(value) => found >= *value,
        Comparison::Contains(pattern) => folded().contains(&pattern.text),
        Comparison::StartsWith(pattern) => folded().starts_with(&pattern.text),
        Comparison::EndsWith(pattern) => folded().ends_with(&pattern.text),
    }
}

fn value_of(field: &Field, json: &Json) -> Option<Value> {
    match field.kind {
        Kind::Text | Kind::Uuid => json.as_str().map(|text| Value::Text(field.normalized(text))),
        Kind::Boolean => json.as_bool().map(Value::Boolean),
        Kind::Integer => json.as_i64().map(Value::Integer),
        Kind::Timestamp => json.as_str().and_then(Timestamp::parse).map(|moment| Value::Integer(moment.as_micros())),
    }
}

/// What a row is sorted by; null is the empty text, zero or false, as in SQL.
fn sort_values(sort: &[SortKey], row: &Json) -> Vec<Value> {
    let values = sort.iter().map(|key| {
        row.get(key.field.name.as_ref()).and_then(|json| value_of(&key.field, json)).unwrap_or_else(|| {
            match key.field.kind {
                Kind::Text | Kind::Uuid => Value::Text(String::new()),
                Kind::Boolean => Value::Boolean(false),
                Kind::Integer | Kind::Timestamp => Value::Integer(0),
            }
        })
    });
    values.collect()
}

fn compare(sort: &[SortKey], left: &[Value], right: &[Value]) -> Ordering {
    let orders = sort.iter().zip(left.iter().zip(right));
    let mut orders = orders.map(|(key, (left, right))| if key.descending { right.cmp(left) } else { left.cmp(right) });
    orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

/// As [`super::Position`] selects it.
fn position(values: &[Value]) -> String {
    let last = values.len().saturating_sub(1);
    let part = |(index, value): (usize, &Value)| match value {
        Value::Boolean(value) => value.to_string(),
        Value::Integer(value) => value.to_string(),
        Value::Text(value) if index == last => value.clone(),
        Value::Text(value) => value.replace('~', "~0").replace('|', "~1"),
    };
    values.iter().enumerate().map(part).collect::<Vec<_>>().join("|")
}

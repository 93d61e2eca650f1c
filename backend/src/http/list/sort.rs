//! The order of a list: `sort=-created_at,email`.

use std::sync::Arc;

use super::condition::Value;
use super::field::{Field, Kind, Sql};
use super::filter_parser::decode_name;
use super::query_string::shortened;
use super::spec::ListSpec;
use crate::problem::{Code, Problem};

/// Fields that a list may be sorted by at once.
const KEYS: usize = 8;

#[derive(Clone, Debug)]
pub(super) struct SortKey {
    pub(super) field: Arc<Field>,
    pub(super) expression: Sql,
    pub(super) descending: bool,
}

impl SortKey {
    /// Reads a value that is compared with this key.
    pub(super) fn value(&self, text: &str) -> Option<Value> {
        match self.field.kind {
            Kind::Text | Kind::Uuid => (!text.contains('\0')).then(|| Value::Text(text.to_owned())),
            Kind::Integer | Kind::Timestamp => text.parse().ok().map(Value::Integer),
            // PostgreSQL says `true`, and SQLite `1`.
            Kind::Boolean => match text {
                "true" | "1" => Some(Value::Boolean(true)),
                "false" | "0" => Some(Value::Boolean(false)),
                _ => None,
            },
        }
    }

    /// Whether it is sorted by something else than a column.
    pub(super) fn is_computed(&self) -> bool {
        self.expression.contains('(')
    }

    /// The key as the parameter `sort` has it.
    pub(super) fn name(&self) -> String {
        format!("{}{}", if self.descending { "-" } else { "" }, self.field.name)
    }
}

/// Reads an order, and ends it with the key, which makes it total: in the direction of the last field, so that one index serves both.
pub(super) fn parse_sort(text: &str, spec: &ListSpec) -> Result<Vec<SortKey>, Problem> {
    let mut keys: Vec<SortKey> = Vec::new();
    for part in text.split(',') {
        let (name, descending) = part.strip_prefix('-').map_or((part, false), |name| (name, true));
        let field = decode_name(name).and_then(|name| spec.find(&name).cloned());
        let Some((field, expression)) = field.and_then(|field| field.sort_expression().map(|sort| (field, sort)))
        else {
            let names = spec.fields.iter().filter(|field| field.members.is_none()).map(|field| field.name.as_ref());
            let names = names.collect::<Vec<_>>().join(", ");
            return Err(refuse(format!("The list can't be sorted by `{}`, only by {names}", shortened(name))));
        };
        if keys.iter().any(|key| key.field.name == field.name) {
            return Err(refuse(format!("The list is sorted by `{}` twice", field.name)));
        }
        keys.push(SortKey { field, expression, descending });
    }
    if keys.len() > KEYS {
        return Err(refuse(format!("The list is sorted by at most {KEYS} fields")));
    }
    // Nothing after the key can matter.
    if let Some(position) = keys.iter().position(|key| key.field.name == spec.key.name) {
        keys.truncate(position + 1);
    } else {
        keys.push(key_in_order(spec, keys.last().is_some_and(|key| key.descending)));
    }
    Ok(keys)
}

/// The order of a list where the caller asks for none.
pub(super) fn default_sort(spec: &ListSpec) -> Result<Vec<SortKey>, Problem> {
    if spec.default_sort.is_empty() { Ok(vec![key_in_order(spec, false)]) } else { parse_sort(spec.default_sort, spec) }
}

fn key_in_order(spec: &ListSpec, descending: bool) -> SortKey {
    SortKey { field: Arc::clone(&spec.key), expression: spec.key.comparable().clone(), descending }
}

fn refuse(detail: String) -> Problem {
    Problem::with_detail(Code::InvalidSort, detail)
}

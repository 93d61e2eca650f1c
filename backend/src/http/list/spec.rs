//! The description of a list, written once by the feature that owns it.

use std::sync::Arc;

use super::field::{Field, Kind};

/// How far a filtered list is counted unless it says otherwise. Counting is the one part of a page that grows with the
/// table, so this bounds what a page can cost.
const COUNTED_UP_TO: i64 = 1_000;

/// So many rows are gathered and sorted as fast as the next page is found among a million.
const FEW: i64 = 1_000;

/// What a list can be asked: its fields, its order, what free text is searched in.
#[derive(Clone, Debug)]
pub struct ListSpec {
    pub(super) name: &'static str,
    pub(super) key: Arc<Field>,
    pub(super) fields: Vec<Arc<Field>>,
    pub(super) default_sort: &'static str,
    pub(super) search: Vec<Arc<Field>>,
    pub(super) row_count: Option<&'static str>,
    pub(super) counted_up_to: i64,
    pub(super) few: i64,
}

impl ListSpec {
    /// A list of that name (cursors are bound to it) with the field that identifies a row: unique, and never null.
    pub fn new(name: &'static str, key: Field) -> Self {
        let key = Arc::new(key);
        Self {
            name,
            fields: vec![Arc::clone(&key)],
            key,
            default_sort: "",
            search: Vec::new(),
            row_count: None,
            counted_up_to: COUNTED_UP_TO,
            few: FEW,
        }
    }

    /// One more field.
    #[must_use]
    pub fn field(mut self, field: Field) -> Self {
        self.fields.push(Arc::new(field));
        self
    }

    /// The order where the caller asks for none, written as the parameter `sort`; otherwise the key's.
    #[must_use]
    pub fn sorted_by(self, sort: &'static str) -> Self {
        Self { default_sort: sort, ..self }
    }

    /// One more field that `q` looks into, which need not be one that can be filtered by. Without any it looks into all texts.
    #[must_use]
    pub fn searched_in(mut self, field: Field) -> Self {
        self.search.push(Arc::new(field));
        self
    }

    /// The table's name in `row_counts`, which knows the total of the list when nothing narrows it.
    #[must_use]
    pub fn row_count(self, table: &'static str) -> Self {
        Self { row_count: Some(table), ..self }
    }

    /// Where counting stops and the total becomes an estimate.
    #[must_use]
    pub fn counted_up_to(self, rows: i64) -> Self {
        Self { counted_up_to: rows, ..self }
    }

    /// How many rows that an index finds are gathered and sorted, instead of looking for them in the order of the list.
    #[must_use]
    pub fn gathered_up_to(self, rows: i64) -> Self {
        Self { few: rows, ..self }
    }

    pub(super) fn find(&self, name: &str) -> Option<&Arc<Field>> {
        self.fields.iter().find(|field| field.name == name)
    }

    pub(super) fn searched(&self) -> Vec<Arc<Field>> {
        if !self.search.is_empty() {
            return self.search.clone();
        }
        self.fields.iter().filter(|field| field.kind == Kind::Text && field.members.is_none()).cloned().collect()
    }

    /// The names that a caller may use, for a refusal that helps.
    pub(super) fn names(&self) -> String {
        let names: Vec<_> = self.fields.iter().map(|field| field.name.as_ref()).collect();
        names.join(", ")
    }
}

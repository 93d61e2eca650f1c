//! One page of a list, as it is answered.

use serde::Serialize;
use utoipa::ToSchema;

/// One page of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The rows of this page.
    pub items: Vec<T>,
    /// How many rows the whole list has, or at least has where it is an estimate.
    #[schema(examples(123))]
    pub total: i64,
    /// Whether `total` is a lower bound, because counting on would take too long.
    pub total_is_estimate: bool,
    /// What to pass as `cursor` for the rows after these; null on the last page.
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// The same page of something else.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(change).collect(),
            total: self.total,
            total_is_estimate: self.total_is_estimate,
            next_cursor: self.next_cursor,
        }
    }
}

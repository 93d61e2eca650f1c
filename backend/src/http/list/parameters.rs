//! The parameters of a list as the OpenAPI document describes them.

use utoipa::IntoParams;

/// What every list takes. [`super::ListRequest`] reads them.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)] // Documentation alone: the query string is read where unknown parameters can be refused.
pub struct ListParameters {
    /// How many rows a page has.
    #[param(minimum = 1, maximum = 200, default = 25, nullable = false)]
    limit: Option<u8>,
    /// Go on after the page that gave this `next_cursor`. Stable while rows are added. Not together with `page`, and only in the same order.
    #[param(nullable = false)]
    cursor: Option<String>,
    /// The number of the page, from 1. Cursors are faster deep in a list.
    #[param(minimum = 1, example = 1, nullable = false)]
    page: Option<i64>,
    /// Fields to sort by, comma-separated, `-` in front for descending: `-created_at,email`. The key always settles ties.
    #[param(example = "-created_at", nullable = false)]
    sort: Option<String>,
    /// Free text: rows in which every word occurs in one of the searched fields, whatever the case.
    #[param(nullable = false)]
    q: Option<String>,
    /// A condition `FIELD:OP:VALUE`, or a group `or(F,F)`, `and(F,F)`, `not(F)`; given several times, all must hold.
    /// OP is one of `eq ne lt le gt ge in not_in contains starts_with ends_with is_null not_null`. `in` and `not_in` take a
    /// comma-separated list, in a group in parentheses: `in:(a,b)`. A value in double quotes may hold `,`, `(` and `)`, and `""`
    /// for one quote. In field names `:`, `,`, `(`, `)`, `"` and `%` are percent-encoded. `contains`, `starts_with` and
    /// `ends_with` ignore case; `ne`, `not_in` and `not` include null.
    #[param(nullable = false)]
    filter: Option<Vec<String>>,
}

//! What the list of a user's keys can be asked. A user has few, so it is answered from memory.

use std::sync::LazyLock;

use crate::http::list::{Field, ListSpec, Listed};

/// The keys of one user.
pub(super) struct ApiKeys;

static SPEC: LazyLock<ListSpec> = LazyLock::new(|| {
    ListSpec::new("api_keys", Field::uuid("id"))
        .field(Field::text("name"))
        .field(Field::text("prefix"))
        .field(Field::boolean("all_permissions"))
        .field(Field::timestamp("created_at"))
        .field(Field::timestamp("expires_at").nullable())
        .field(Field::timestamp("last_used_at").nullable())
        .sorted_by("-created_at")
});

impl Listed for ApiKeys {
    fn spec() -> &'static ListSpec {
        &SPEC
    }
}

//! What the list of a user's passkeys can be asked. A user has few, so it is answered from memory.

use std::sync::LazyLock;

use crate::http::list::{Field, ListSpec, Listed};

/// The passkeys of one user.
pub(super) struct Passkeys;

static SPEC: LazyLock<ListSpec> = LazyLock::new(|| {
    ListSpec::new("passkeys", Field::uuid("id"))
        .field(Field::text("name"))
        .field(Field::boolean("backed_up"))
        .field(Field::timestamp("created_at"))
        .field(Field::timestamp("last_used_at").nullable())
        .sorted_by("created_at")
});

impl Listed for Passkeys {
    fn spec() -> &'static ListSpec {
        &SPEC
    }
}

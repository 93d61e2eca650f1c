//! What the list of a user's identities can be asked. A user has few, so it is answered from memory.

use std::sync::LazyLock;

use crate::http::list::{Field, ListSpec, Listed};

/// The identities of one user.
pub(super) struct Identities;

static SPEC: LazyLock<ListSpec> = LazyLock::new(|| {
    ListSpec::new("identities", Field::uuid("id"))
        .field(Field::text("provider"))
        .field(Field::text("email").nullable())
        .field(Field::timestamp("created_at"))
        .field(Field::timestamp("last_used_at"))
        .sorted_by("-last_used_at")
});

impl Listed for Identities {
    fn spec() -> &'static ListSpec {
        &SPEC
    }
}

//! What the list of a user's sessions can be asked. A user has few, so it is answered from memory.

use std::sync::LazyLock;

use crate::http::list::{Field, ListSpec, Listed};

/// The sessions of one user.
pub(super) struct Sessions;

static SPEC: LazyLock<ListSpec> = LazyLock::new(|| {
    ListSpec::new("sessions", Field::uuid("id"))
        .field(Field::timestamp("created_at"))
        .field(Field::timestamp("last_used_at"))
        .field(Field::timestamp("expires_at"))
        .field(Field::text("ip").nullable())
        .field(Field::text("user_agent").nullable())
        .field(Field::boolean("current"))
        .field(Field::boolean("mfa"))
        .sorted_by("-created_at")
});

impl Listed for Sessions {
    fn spec() -> &'static ListSpec {
        &SPEC
    }
}

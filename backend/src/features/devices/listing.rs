//! What the list of a user's devices can be asked. A user has few, so it is answered from memory.

use std::sync::LazyLock;

use crate::http::list::{Field, ListSpec, Listed};

/// The devices of one user.
pub(super) struct Devices;

static SPEC: LazyLock<ListSpec> = LazyLock::new(|| {
    ListSpec::new("devices", Field::uuid("id"))
        .field(Field::timestamp("created_at"))
        .field(Field::timestamp("last_used_at"))
        .field(Field::text("ip").nullable())
        .field(Field::text("user_agent").nullable())
        .field(Field::boolean("current"))
        .sorted_by("-last_used_at")
});

impl Listed for Devices {
    fn spec() -> &'static ListSpec {
        &SPEC
    }
}

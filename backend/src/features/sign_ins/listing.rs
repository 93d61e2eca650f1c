//! What the list of a user's own sign-ins can be asked.

use std::sync::LazyLock;

use crate::http::list::{Field, ListSpec, Listed};

/// The sign-ins to one account.
pub(super) struct SignIns;

static SPEC: LazyLock<ListSpec> = LazyLock::new(|| {
    ListSpec::new("sign_ins", Field::integer("seq").column("audit_events.seq"))
        .field(Field::uuid("id").column("audit_events.id"))
        .field(Field::timestamp("at").column("audit_events.at"))
        .field(Field::text("outcome").column("audit_events.outcome"))
        .field(Field::text("ip").column("audit_events.ip").nullable())
        .field(Field::text("user_agent").column("audit_events.user_agent").nullable())
        .sorted_by("-seq")
});

impl Listed for SignIns {
    fn spec() -> &'static ListSpec {
        &SPEC
    }
}

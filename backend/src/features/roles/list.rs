//! The list of roles: what it can be asked.

use std::sync::LazyLock;

use crate::features::users::normalize;
use crate::http::list::{Field, ListSpec, Listed};

/// The list of all roles.
pub(super) struct Roles;

impl Listed for Roles {
    fn spec() -> &'static ListSpec {
        static SPEC: LazyLock<ListSpec> = LazyLock::new(|| {
            let permissions =
                Field::many("permissions", "SELECT 1 FROM role_permissions WHERE role_permissions.role_id = roles.id");
            ListSpec::new("roles", Field::uuid("id").column("roles.id"))
                .field(Field::text("name").column("roles.name").folded("roles.name_normalized", normalize))
                .field(Field::text("description").column("roles.description"))
                .field(permissions.column("role_permissions.permission"))
                .field(Field::boolean("protected").column("roles.protected"))
                .field(Field::boolean("mfa_required").column("roles.mfa_required"))
                .field(Field::integer("user_count").column("roles.user_count"))
                .field(Field::timestamp("created_at").column("roles.created_at"))
                .field(Field::timestamp("updated_at").column("roles.updated_at"))
                .sorted_by("name")
        });
        &SPEC
    }
}

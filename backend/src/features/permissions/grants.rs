//! What a user's roles permit, and which of them does.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use diesel::QueryResult;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::DbConnection;
use crate::features::{roles, users};
use crate::http::list::{Field, ListSpec, Listed, fold};

/// Something that a user's roles permit.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Grant {
    /// What: a permission, or a pattern of them.
    #[schema(examples("users:*"))]
    permission: String,
    /// The names of the user's roles that permit it, sorted.
    #[schema(examples(json!(["editor"])))]
    roles: Vec<String>,
}

/// Each permission with its roles; `None` for a user who does not exist.
pub(super) fn of_user(connection: &mut DbConnection, user_id: Uuid) -> QueryResult<Option<Vec<Grant>>> {
    let Some(user) = users::find(connection, user_id)? else { return Ok(None) };
    let mut granted: BTreeMap<String, Vec<String>> = BTreeMap::new();
    // In the order of the roles' names.
    for (role, pattern) in roles::grants_of_user(connection, user.id)? {
        granted.entry(pattern.as_str().to_owned()).or_default().push(role);
    }
    Ok(Some(granted.into_iter().map(|(permission, roles)| Grant { permission, roles }).collect()))
}

/// The list of what one user's roles permit. There is little of it, so it is answered from memory.
pub(super) struct Grants;

impl Listed for Grants {
    fn spec() -> &'static ListSpec {
        static SPEC: LazyLock<ListSpec> = LazyLock::new(|| {
            ListSpec::new("grants", Field::text("permission").folded("permission", fold))
                .field(Field::many("roles", "").folded("roles", fold))
        });
        &SPEC
    }
}

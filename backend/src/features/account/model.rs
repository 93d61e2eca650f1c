use serde::Serialize;
use utoipa::ToSchema;

use crate::access::{Account, PermissionPattern};
use crate::features::users::User;

/// Oneself, and what one may do.
#[derive(Serialize, ToSchema)]
pub(super) struct Me<'a> {
    #[serde(flatten)]
    user: &'a User,
    /// All that one's roles grant together.
    #[schema(examples(json!(["users:read"])))]
    permissions: Vec<&'a str>,
}

impl<'a> Me<'a> {
    pub(super) fn of(account: &'a Account) -> Self {
        let patterns = account.permissions.patterns();
        Self { user: &account.user, permissions: patterns.iter().map(PermissionPattern::as_str).collect() }
    }
}

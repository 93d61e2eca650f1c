//! What callers send about roles.

use super::model::{GrantedPermissions, RoleDescription, RoleName};
use crate::http::Patch;
use crate::request_body;

request_body! {
    /// A role to be created.
    #[schema(example = json!({"name": "editor", "description": "Keeps the users", "permissions": ["users:read", "users:write"]}))]
    pub(super) struct RoleCreation {
        /// Its name, unique whatever the case.
        name: RoleName,
        /// What it is for.
        description: Option<RoleDescription>,
        /// What it permits: permissions, and patterns in which `*` stands for any one segment.
        permissions: GrantedPermissions,
        /// Whether those who have it need a second factor to sign in; not, if nothing is said.
        mfa_required: Option<bool>,
    }
}

request_body! {
    /// What is to change about a role (RFC 7396): what is left out stays.
    #[schema(example = json!({"description": "Keeps the users"}))]
    pub(super) struct RolePatch {
        /// Its name, unique whatever the case.
        #[schema(value_type = RoleName, required = false)]
        name: Patch<RoleName>,
        /// What it is for; `null` empties it.
        #[schema(value_type = Option<RoleDescription>, required = false)]
        description: Patch<Option<RoleDescription>>,
        /// What it permits, all of it.
        #[schema(value_type = GrantedPermissions, required = false)]
        permissions: Patch<GrantedPermissions>,
        /// Whether those who have it need a second factor to sign in.
        #[schema(value_type = bool, required = false)]
        mfa_required: Patch<bool>,
    }
}

request_body! {
    /// All that a role is to permit.
    #[schema(example = json!({"permissions": ["users:read", "users:write"]}))]
    pub(super) struct PermissionReplacement {
        /// Permissions, and patterns in which `*` stands for any one segment.
        permissions: GrantedPermissions,
    }
}

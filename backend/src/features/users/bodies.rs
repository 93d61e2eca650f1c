//! What callers send about users.

use uuid::Uuid;

use super::administration::UserChange;
use super::fields::{DisplayName, Email, Locale, Username};
use super::model::UserKind;
use crate::features::auth::EnteredPassword;
use crate::features::roles::RoleName;
use crate::http::Patch;
use crate::request_body;

request_body! {
    /// A user to be created.
    #[schema(example = json!({"email": "ann@example.com", "display_name": "Ann Archer", "roles": ["editor"]}))]
    pub(super) struct UserCreation {
        /// The address that identifies the user.
        email: Email,
        /// The password. Without one a person is mailed an invitation, by which they choose it.
        password: Option<EnteredPassword>,
        /// A second name to sign in by.
        username: Option<Username>,
        /// How the user is called on screens.
        display_name: Option<DisplayName>,
        /// The user's language (BCP 47).
        locale: Option<Locale>,
        /// Whether the user may sign in; `true` unless said otherwise.
        active: Option<bool>,
        /// The names of the user's roles.
        roles: Option<Vec<RoleName>>,
        /// `person`, unless said otherwise, or `service`.
        kind: Option<UserKind>,
    }
}

request_body! {
    /// What is to change about a user (RFC 7396): what is left out stays, and `null` empties.
    #[schema(example = json!({"display_name": "Ann Archer", "username": null}))]
    pub(super) struct UserPatch {
        /// The address that identifies the user. Whoever administers users vouches for it: it counts as verified.
        #[schema(value_type = Email, required = false)]
        email: Patch<Email>,
        /// A second name to sign in by.
        #[schema(value_type = Option<Username>, required = false)]
        username: Patch<Option<Username>>,
        /// How the user is called on screens.
        #[schema(value_type = Option<DisplayName>, required = false)]
        display_name: Patch<Option<DisplayName>>,
        /// Whether the user may sign in. `false` ends all of their sessions.
        #[schema(value_type = bool, required = false)]
        active: Patch<bool>,
        /// The user's language (BCP 47).
        #[schema(value_type = Option<Locale>, required = false)]
        locale: Patch<Option<Locale>>,
    }
}

impl UserPatch {
    /// For the use case.
    pub(super) fn into_change(self) -> UserChange {
        UserChange {
            email: self.email.into_option(),
            username: self.username.into_option(),
            display_name: self.display_name.into_option(),
            locale: self.locale.into_option(),
            active: self.active.into_option(),
        }
    }
}

request_body! {
    /// All the roles that a user is to have.
    #[schema(example = json!({"roles": ["editor"]}))]
    pub(super) struct RoleReplacement {
        /// Their names.
        roles: Vec<RoleName>,
    }
}

request_body! {
    /// A password to be set.
    #[schema(example = json!({"password": "correct horse battery staple", "must_change": true}))]
    pub(super) struct PasswordReplacement {
        /// The new password.
        password: EnteredPassword,
        /// Whether the user must choose another one when they sign in; `false` unless said otherwise.
        must_change: Option<bool>,
    }
}

request_body! {
    /// One act on many users.
    #[schema(example = json!({"action": "add_role", "ids": ["01939d3c-0000-7000-8000-000000000000"], "role": "editor"}))]
    pub(super) struct BulkAct {
        /// What is to be done.
        action: BulkAction,
        /// To whom, at most 1000.
        ids: Vec<Uuid>,
        /// The role's name, for `add_role` and `remove_role`.
        role: Option<RoleName>,
    }
}

/// What can be done with many users at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, utoipa::ToSchema)]
#[schema(rename_all = "snake_case")]
pub(super) enum BulkAction {
    /// Let them sign in.
    Activate,
    /// Let them no longer sign in.
    Deactivate,
    /// Let them in who have registered.
    Approve,
    /// Delete them.
    Delete,
    /// Give them a role.
    AddRole,
    /// Take a role from them.
    RemoveRole,
}

impl crate::http::Field for BulkAction {
    fn from_json(value: Option<serde_json::Value>) -> Result<Self, (&'static str, String)> {
        match String::from_json(value)?.as_str() {
            "activate" => Ok(Self::Activate),
            "deactivate" => Ok(Self::Deactivate),
            "approve" => Ok(Self::Approve),
            "delete" => Ok(Self::Delete),
            "add_role" => Ok(Self::AddRole),
            "remove_role" => Ok(Self::RemoveRole),
            _ => Err((
                "invalid_action",
                "Enter activate, deactivate, approve, delete, add_role or remove_role.".to_owned(),
            )),
        }
    }
}

//! What a role is: as stored, as shown, and the name it bears.

use diesel::prelude::*;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::PermissionPattern;
use crate::db::{Timestamp, roles};
use crate::features::users::normalize;
use crate::http::{EntityTag, Field};

/// A role as the store keeps it, apart from what it grants.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = roles)]
pub(super) struct RoleRow {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) protected: bool,
    pub(super) version: i64,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
    pub(super) user_count: i64,
    pub(super) mfa_required: bool,
}

/// A named set of permissions.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Role {
    /// The role's id (UUIDv7).
    #[schema(examples("01939d3c-0000-7000-8000-000000000003"))]
    pub id: Uuid,
    /// Its name, unique whatever the case.
    #[schema(examples("editor"))]
    pub name: String,
    /// What it is for.
    #[schema(examples("Writes and publishes articles"))]
    pub description: String,
    /// What it permits, sorted.
    #[schema(examples(json!(["users:read"])))]
    pub permissions: Vec<PermissionPattern>,
    /// Whether it is built in: it can be neither deleted nor renamed nor weakened.
    pub protected: bool,
    /// Whether those who have it need a second factor to sign in.
    pub mfa_required: bool,
    /// How many users have it.
    #[schema(examples(3))]
    pub user_count: i64,
    /// When it was created.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was last changed; giving it to users and taking it from them is no change.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    #[serde(skip)]
    version: i64,
}

impl Role {
    pub(super) fn from_row(row: RoleRow, mut permissions: Vec<PermissionPattern>) -> Self {
        permissions.sort();
        Self {
            id: Uuid::try_parse(&row.id).unwrap_or_default(),
            name: row.name,
            description: row.description,
            permissions,
            protected: row.protected,
            mfa_required: row.mfa_required,
            user_count: row.user_count,
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
        }
    }

    /// Names what an editor may have seen and can change.
    pub fn entity_tag(&self) -> EntityTag {
        let (id, version) = (self.id.to_string(), self.version.to_string());
        EntityTag::of([id.as_str(), version.as_str()])
    }
}

/// What giving a role to somebody, or taking it from them, needs to know of it.
#[derive(Clone, Debug)]
pub struct AssignableRole {
    /// The role's id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// What it permits.
    pub permissions: Vec<PermissionPattern>,
}

/// A role's name: letters, digits, spaces, `_`, `-`, `.` and `:`, so that it can stand in a URL and in a list that `;` or `,` separates.
#[derive(Clone, Debug, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, examples("editor"), min_length = 1, max_length = 64)]
pub struct RoleName(String);

impl RoleName {
    /// Reads a name.
    ///
    /// # Errors
    /// `invalid_role_name`.
    pub fn parse(text: &str) -> Result<Self, (&'static str, String)> {
        let text = text.trim();
        let valid = text.chars().count() <= 64
            && text.starts_with(char::is_alphanumeric)
            && text.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '_' | '-' | '.' | ':'));
        if valid {
            return Ok(Self(text.to_owned()));
        }
        let message =
            "Enter up to 64 letters, digits, spaces, dots, colons, underscores or hyphens, a letter or digit first.";
        Err(("invalid_role_name", message.to_owned()))
    }

    /// As it was entered.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// By which it is found whatever the case.
    pub fn normalized(&self) -> String {
        normalize(&self.0)
    }
}

impl Field for RoleName {
    fn from_json(value: Option<Value>) -> Result<Self, (&'static str, String)> {
        Self::parse(&String::from_json(value)?)
    }
}

/// What a role is for, in a few words.
#[derive(Clone, Debug, Default, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, examples("Writes and publishes articles"), max_length = 1000)]
pub struct RoleDescription(String);

impl RoleDescription {
    /// Reads a description.
    ///
    /// # Errors
    /// `too_long`.
    pub fn parse(text: &str) -> Result<Self, (&'static str, String)> {
        if text.chars().count() > 1_000 {
            return Err(("too_long", "At most 1000 characters are accepted.".to_owned()));
        }
        Ok(Self(text.trim().to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Field for RoleDescription {
    fn from_json(value: Option<Value>) -> Result<Self, (&'static str, String)> {
        Self::parse(&String::from_json(value)?)
    }
}

/// What a role is to permit: sorted, and each pattern once.
#[derive(Clone, Debug, Default, PartialEq, Eq, ToSchema)]
#[schema(value_type = Vec<PermissionPattern>)]
pub struct GrantedPermissions(Vec<PermissionPattern>);

impl GrantedPermissions {
    /// The patterns, in order, each once.
    pub fn new(mut patterns: Vec<PermissionPattern>) -> Self {
        patterns.sort();
        patterns.dedup();
        Self(patterns)
    }

    /// The patterns.
    pub fn patterns(&self) -> &[PermissionPattern] {
        &self.0
    }
}

impl Field for GrantedPermissions {
    fn from_json(value: Option<Value>) -> Result<Self, (&'static str, String)> {
        Vec::from_json(value).map(Self::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_s_name_can_stand_in_a_url_and_in_a_list() {
        for good in ["admin", "Sales team 2", "crm:editor", "a", "équipe.nord", "  trimmed "] {
            assert!(RoleName::parse(good).is_ok(), "{good}");
        }
        for bad in ["", " ", "a;b", "a,b", "a/b", "..", "-", "a\0", "a%2Fb", "<b>"] {
            assert!(RoleName::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(RoleName::parse("Editor").map(|name| name.normalized()), Ok("editor".to_owned()));
    }
}

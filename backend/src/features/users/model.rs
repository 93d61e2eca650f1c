//! What a user is: as stored and as shown.

use diesel::prelude::*;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::{Timestamp, users};
use crate::features::auth::AwaitedLink;
use crate::http::{EntityTag, Field};

/// A person, or a service that signs in for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UserKind {
    /// Somebody.
    Person,
    /// A program.
    Service,
}

impl UserKind {
    /// As it is stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Service => "service",
        }
    }
}

impl Field for UserKind {
    fn from_json(value: Option<Value>) -> Result<Self, (&'static str, String)> {
        match String::from_json(value)?.as_str() {
            "person" => Ok(Self::Person),
            "service" => Ok(Self::Service),
            _ => Err(("invalid_kind", "Enter person or service.".to_owned())),
        }
    }
}

/// A user as the store keeps them, apart from what only signing in and searching need.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = users)]
#[allow(missing_docs)]
pub struct UserRow {
    pub id: String,
    pub kind: String,
    pub email: String,
    pub username: Option<String>,
    pub display_name: Option<String>,
    pub locale: Option<String>,
    pub active: bool,
    pub approved: bool,
    pub email_verified: bool,
    pub version: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub last_login_at: Option<Timestamp>,
    pub last_login_ip: Option<String>,
    pub current_login_at: Option<Timestamp>,
    pub current_login_ip: Option<String>,
    pub login_count: i64,
    pub locked_until: Option<Timestamp>,
    pub mfa_enabled: bool,
}

/// Somebody who can sign in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct User {
    /// The user's id (UUIDv7).
    #[schema(examples("01939d3c-0000-7000-8000-000000000000"))]
    pub id: Uuid,
    /// A person, or a service.
    pub kind: UserKind,
    /// The address that identifies the user, as it was entered.
    #[schema(format = Email, examples("ann@example.com"))]
    pub email: String,
    /// A second name to sign in by.
    #[schema(examples("ann"))]
    pub username: Option<String>,
    /// How the user is called on screens.
    #[schema(examples("Ann Archer"))]
    pub display_name: Option<String>,
    /// The user's language (BCP 47).
    #[schema(examples("en-GB"))]
    pub locale: Option<String>,
    /// Whether the user may sign in at all.
    pub active: bool,
    /// Whether an administrator has let the user in.
    pub approved: bool,
    /// Whether the user has shown that the address is theirs.
    pub email_verified: bool,
    /// The names of the user's roles, sorted.
    #[schema(examples(json!(["editor"])))]
    pub roles: Vec<String>,
    /// When the user was created.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When the user was last changed; signing in is no change.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// When the user signed in the time before the current one.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_login_at: Option<Timestamp>,
    /// From where the user signed in the time before the current one.
    pub last_login_ip: Option<String>,
    /// When the user signed in most recently.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub current_login_at: Option<Timestamp>,
    /// From where the user signed in most recently.
    pub current_login_ip: Option<String>,
    /// How often the user has signed in.
    #[schema(examples(7))]
    pub login_count: i64,
    /// Until when signing in is refused after too many failures.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub locked_until: Option<Timestamp>,
    /// Whether a second factor is set up.
    pub mfa_enabled: bool,
    #[serde(skip)]
    version: i64,
}

impl User {
    /// A stored user with the names of their roles.
    pub fn from_row(row: UserRow, mut roles: Vec<String>) -> Self {
        roles.sort();
        Self {
            id: Uuid::try_parse(&row.id).unwrap_or_default(),
            kind: if row.kind == UserKind::Service.as_str() { UserKind::Service } else { UserKind::Person },
            email: row.email,
            username: row.username,
            display_name: row.display_name,
            locale: row.locale,
            active: row.active,
            approved: row.approved,
            email_verified: row.email_verified,
            roles,
            created_at: row.created_at,
            updated_at: row.updated_at,
            last_login_at: row.last_login_at,
            last_login_ip: row.last_login_ip,
            current_login_at: row.current_login_at,
            current_login_ip: row.current_login_ip,
            login_count: row.login_count,
            locked_until: row.locked_until,
            mfa_enabled: row.mfa_enabled,
            version: row.version,
        }
    }

    /// Names what an editor may have seen and can change. Signing in changes none of it, so it never spoils an edit.
    pub fn entity_tag(&self) -> EntityTag {
        let (id, version) = (self.id.to_string(), self.version.to_string());
        EntityTag::of([id.as_str(), version.as_str()].into_iter().chain(self.roles.iter().map(String::as_str)))
    }
}

/// How many users there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct UserCounts {
    /// All of them.
    #[schema(examples(1_200))]
    pub total: i64,
    /// Those who are `active`.
    #[schema(examples(1_150))]
    pub active: i64,
    /// Those who wait for somebody to let them in.
    #[schema(examples(4))]
    pub pending: i64,
    /// Those whose sign-ins are refused for a while, after too many failures.
    #[schema(examples(1))]
    pub locked: i64,
}

/// What was mailed to a user.
#[derive(Serialize, ToSchema)]
pub(super) struct MailedLink {
    /// What the link is for.
    pub(super) link: AwaitedLink,
}

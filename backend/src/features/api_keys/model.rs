use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::{PermissionPattern, PermissionSet};
use crate::crypto::api_key::ApiKeySecret;
use crate::db::{Timestamp, api_keys};

/// A key as the store keeps it.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = api_keys, treat_none_as_default_value = false)]
pub(super) struct ApiKeyRow {
    pub(super) id: String,
    pub(super) user_id: String,
    pub(super) name: String,
    pub(super) prefix: String,
    pub(super) key_hash: String,
    pub(super) permissions: Option<String>,
    pub(super) allowed_networks: String,
    pub(super) created_at: Timestamp,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) last_used_at: Option<Timestamp>,
}

/// A key, without the secret.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ApiKey {
    /// The key's id (UUIDv7).
    #[schema(examples("01939d3c-0000-7000-8000-000000000005"))]
    pub id: Uuid,
    /// What it is for.
    #[schema(examples("Nightly report"))]
    pub name: String,
    /// How it begins.
    #[schema(examples("rv_4fGh7Kq2mX1z"))]
    pub prefix: String,
    /// What it may be used for, as far as its owner may do it.
    #[schema(examples(json!(["users:read"])))]
    pub permissions: Vec<PermissionPattern>,
    /// Whether it may be used for whatever its owner may do: then `permissions` are what that is now.
    pub all_permissions: bool,
    /// From where it may be used; empty for everywhere.
    #[schema(examples(json!(["203.0.113.0/24"])))]
    pub allowed_networks: Vec<String>,
    /// When it stops working.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
    /// When it was last used, to the minute.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_used_at: Option<Timestamp>,
    /// When it was created.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

impl ApiKey {
    /// A key of an owner who may do `permitted`.
    pub(super) fn from_row(row: ApiKeyRow, permitted: &PermissionSet) -> Self {
        let stored =
            row.permissions.as_deref().map(|text| serde_json::from_str::<Vec<String>>(text).unwrap_or_default());
        let all_permissions = stored.is_none();
        let permissions = match stored {
            Some(patterns) => patterns.into_iter().map(PermissionPattern::stored).collect(),
            None => permitted.patterns().to_vec(),
        };
        Self {
            id: Uuid::try_parse(&row.id).unwrap_or_default(),
            name: row.name,
            prefix: row.prefix,
            permissions,
            all_permissions,
            allowed_networks: serde_json::from_str(&row.allowed_networks).unwrap_or_default(),
            expires_at: row.expires_at,
            last_used_at: row.last_used_at,
            created_at: row.created_at,
        }
    }
}

/// A new key, and the secret this once only.
#[derive(Serialize, ToSchema)]
pub(super) struct NewApiKey {
    #[serde(flatten)]
    pub(super) shown: ApiKey,
    /// The key itself. It is not stored and can't be shown again.
    #[schema(examples("rv_4fGh7Kq2mX1z0PzUw7yLr3N8bQe5TtVa9GcXk2JmHs6DfYo1iRq4Z"))]
    key: String,
}

impl NewApiKey {
    pub(super) fn new(shown: ApiKey, secret: &ApiKeySecret) -> Self {
        Self { shown, key: secret.expose().to_owned() }
    }
}

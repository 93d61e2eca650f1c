use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::{Timestamp, devices};

/// A device as the store keeps it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = devices)]
pub(super) struct DeviceRow {
    pub(super) id: String,
    pub(super) token_hash: String,
    pub(super) created_at: Timestamp,
    pub(super) last_used_at: Timestamp,
    pub(super) ip: Option<String>,
    pub(super) user_agent: Option<String>,
    pub(super) trusted_until: Option<Timestamp>,
}

/// A browser that its user has signed in on.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Device)]
pub(crate) struct DeviceView {
    /// The device's id.
    #[schema(examples("01939d3c-0000-7000-8000-000000000006"))]
    id: Uuid,
    /// When the user first signed in on it.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When they last did.
    #[schema(value_type = String, format = DateTime)]
    last_used_at: Timestamp,
    /// From where they last did.
    #[schema(examples("203.0.113.7"))]
    ip: Option<String>,
    /// What it says it is.
    #[schema(examples("Mozilla/5.0"))]
    user_agent: Option<String>,
    /// Until when signing in on it takes no second factor; null if it does.
    #[schema(value_type = Option<String>, format = DateTime)]
    trusted_until: Option<Timestamp>,
    /// Whether it is the one that asks.
    current: bool,
}

impl DeviceView {
    /// `current`: the hash of the token that the asking browser has.
    pub(super) fn from_row(row: DeviceRow, current: Option<&str>, now: Timestamp) -> Self {
        Self {
            id: Uuid::try_parse(&row.id).unwrap_or_default(),
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            current: current == Some(row.token_hash.as_str()),
            ip: row.ip,
            trusted_until: row.trusted_until.filter(|until| *until > now),
            user_agent: row.user_agent,
        }
    }
}

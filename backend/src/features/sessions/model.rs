use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::{Timestamp, impersonations, sessions};

/// A session as the store keeps it.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions, treat_none_as_default_value = false)]
pub(super) struct SessionRow {
    pub(super) id: String,
    pub(super) user_id: String,
    pub(super) created_at: Timestamp,
    pub(super) last_used_at: Timestamp,
    pub(super) expires_at: Timestamp,
    pub(super) auth_time: Timestamp,
    pub(super) remember: bool,
    pub(super) mfa: bool,
    pub(super) ip: Option<String>,
    pub(super) user_agent: Option<String>,
    pub(super) ended_at: Option<Timestamp>,
    pub(super) end_reason: Option<String>,
}

/// A session that lives.
#[derive(Clone, Debug)]
pub struct Session {
    /// The session's id: the claim `sid` of its access tokens.
    pub id: Uuid,
    /// Whose it is.
    pub user_id: Uuid,
    /// When it ends at the latest, however often it is renewed.
    pub expires_at: Timestamp,
    /// When the user last proved who they are.
    pub auth_time: Timestamp,
    /// Whether it outlives the browser.
    pub remember: bool,
    /// Whether a second factor was proved in it.
    pub mfa: bool,
    /// Who acts in the user's name in it.
    pub impersonator_id: Option<Uuid>,
}

impl Session {
    pub(super) fn from_row(row: &SessionRow) -> Self {
        Self {
            id: Uuid::try_parse(&row.id).unwrap_or_default(),
            user_id: Uuid::try_parse(&row.user_id).unwrap_or_default(),
            expires_at: row.expires_at,
            auth_time: row.auth_time,
            remember: row.remember,
            mfa: row.mfa,
            impersonator_id: None,
        }
    }
}

/// That a session is one in which somebody acts in its user's name.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = impersonations, treat_none_as_default_value = false)]
#[allow(clippy::struct_field_names)]
pub(super) struct ImpersonationRow {
    pub(super) session_id: String,
    pub(super) impersonator_id: String,
    pub(super) impersonator_session_id: String,
}

/// Somebody who acts in another's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Impersonator {
    /// The user's id.
    #[schema(examples("01939d3c-0000-7000-8000-000000000000"))]
    pub id: Uuid,
    /// Their email.
    #[schema(examples("admin@example.com"))]
    pub email: String,
}

/// A session, as its user and administrators see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Session)]
pub struct SessionView {
    /// The session's id.
    #[schema(examples("01939d3c-0000-7000-8000-000000000002"))]
    pub id: Uuid,
    /// When the user signed in.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was last renewed.
    #[schema(value_type = String, format = DateTime)]
    pub last_used_at: Timestamp,
    /// When it ends at the latest.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    /// From where it was last renewed.
    #[schema(examples("203.0.113.7"))]
    pub ip: Option<String>,
    /// What the client says it is.
    #[schema(examples("Mozilla/5.0"))]
    pub user_agent: Option<String>,
    /// Whether it is the one that asks.
    pub current: bool,
    /// Whether a second factor was used.
    pub mfa: bool,
    /// Who acts in the user's name in it; null where it is the user.
    pub impersonated_by: Option<Impersonator>,
}

impl SessionView {
    pub(super) fn from_row(row: SessionRow, current: Option<Uuid>, impersonated_by: Option<Impersonator>) -> Self {
        let id = Uuid::try_parse(&row.id).unwrap_or_default();
        Self {
            id,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            expires_at: row.expires_at,
            ip: row.ip,
            user_agent: row.user_agent,
            current: current == Some(id),
            mfa: row.mfa,
            impersonated_by,
        }
    }
}

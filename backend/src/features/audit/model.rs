//! What an event is, as stored and as shown.

use diesel::prelude::*;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::db::{Timestamp, audit_events};

/// An event as the store keeps it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = audit_events)]
pub(super) struct EventRow {
    seq: i64,
    id: String,
    at: Timestamp,
    actor_id: Option<String>,
    actor_email: Option<String>,
    actor_kind: Option<String>,
    impersonator_id: Option<String>,
    impersonator_email: Option<String>,
    action: String,
    target_type: Option<String>,
    target_id: Option<String>,
    target_label: Option<String>,
    outcome: String,
    ip: Option<String>,
    user_agent: Option<String>,
    request_id: Option<String>,
    changes: String,
    prev_hash: Option<String>,
    hash: Option<String>,
}

/// The record of one act.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct AuditEvent {
    /// The event's id (UUIDv7).
    #[schema(format = Uuid, examples("01939d3c-0000-7000-8000-000000000004"))]
    pub(super) id: String,
    /// Its place in the trail: later events have greater numbers.
    #[schema(examples(42))]
    pub(super) seq: i64,
    /// When it happened.
    #[schema(value_type = String, format = DateTime)]
    pub(super) at: Timestamp,
    /// Who did it; null for a stranger, who has an `ip`, and for the command line, which has none.
    pub(super) actor: Option<AuditActor>,
    /// Who acted in the actor's name.
    pub(super) impersonator: Option<AuditImpersonator>,
    /// What was done.
    #[schema(examples("user.created"))]
    pub(super) action: String,
    /// On what.
    pub(super) target: Option<AuditTarget>,
    /// `ok` or `refused`.
    #[schema(examples("ok"))]
    pub(super) outcome: String,
    /// From where.
    #[schema(examples("203.0.113.7"))]
    pub(super) ip: Option<String>,
    /// With what; `reeve command line` without an `ip` for the command line.
    #[schema(examples("Mozilla/5.0"))]
    pub(super) user_agent: Option<String>,
    /// In which request.
    #[schema(examples("01939d3c-0000-7000-8000-000000000001"))]
    pub(super) request_id: Option<String>,
    /// The fields that it changed, each `{"from": ..., "to": ...}`. Secrets are never among them.
    #[schema(value_type = Object, examples(json!({"active": {"from": true, "to": false}})))]
    pub(super) changes: Value,
    /// The hash of the event before.
    pub(super) prev_hash: Option<String>,
    /// The hash of this event.
    pub(super) hash: Option<String>,
}

/// Who did something, as they were then.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct AuditActor {
    /// The user's id.
    #[schema(format = Uuid, examples("01939d3c-0000-7000-8000-000000000000"))]
    pub(super) id: String,
    /// Their email.
    #[schema(examples("ann@example.com"))]
    pub(super) email: Option<String>,
    /// `person` or `service`.
    #[schema(examples("person"))]
    pub(super) kind: Option<String>,
}

/// Who acted in somebody else's name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct AuditImpersonator {
    /// The user's id.
    #[schema(format = Uuid, examples("01939d3c-0000-7000-8000-000000000000"))]
    id: String,
    /// Their email.
    #[schema(examples("ann@example.com"))]
    email: Option<String>,
}

/// What something was done to, as it was then.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct AuditTarget {
    /// What kind of thing it is.
    #[schema(examples("user"))]
    #[serde(rename = "type")]
    pub(super) kind: String,
    /// Its id.
    #[schema(examples("01939d3c-0000-7000-8000-000000000000"))]
    pub(super) id: Option<String>,
    /// What people call it.
    #[schema(examples("ben@example.com"))]
    pub(super) label: Option<String>,
}

impl From<EventRow> for AuditEvent {
    fn from(row: EventRow) -> Self {
        let (email, kind) = (row.actor_email, row.actor_kind);
        let impersonator_email = row.impersonator_email;
        let (target_id, label) = (row.target_id, row.target_label);
        Self {
            id: row.id,
            seq: row.seq,
            at: row.at,
            actor: row.actor_id.map(|id| AuditActor { id, email, kind }),
            impersonator: row.impersonator_id.map(|id| AuditImpersonator { id, email: impersonator_email }),
            action: row.action,
            target: row.target_type.map(|kind| AuditTarget { kind, id: target_id, label }),
            outcome: row.outcome,
            ip: row.ip,
            user_agent: row.user_agent,
            request_id: row.request_id,
            changes: serde_json::from_str(&row.changes).unwrap_or_else(|_| Value::Object(Map::new())),
            prev_hash: row.prev_hash,
            hash: row.hash,
        }
    }
}

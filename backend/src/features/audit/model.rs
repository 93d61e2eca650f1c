//! What an event is, as stored and as shown.

use std::collections::HashMap;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::chain::Link;
use crate::db::{Timestamp, audit_events};

/// An event as the store keeps it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = audit_events)]
pub(super) struct EventRow {
    pub(super) seq: i64,
    pub(super) id: String,
    pub(super) at: Timestamp,
    pub(super) actor_id: Option<String>,
    pub(super) actor_email: Option<String>,
    pub(super) actor_kind: Option<String>,
    pub(super) impersonator_id: Option<String>,
    pub(super) impersonator_email: Option<String>,
    pub(super) action: String,
    pub(super) target_type: Option<String>,
    pub(super) target_id: Option<String>,
    pub(super) target_label: Option<String>,
    pub(super) outcome: String,
    pub(super) ip: Option<String>,
    pub(super) user_agent: Option<String>,
    pub(super) request_id: Option<String>,
    pub(super) changes: String,
    pub(super) session_id: Option<String>,
}

/// The record of one act.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
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
    /// The session that it was done in.
    #[schema(format = Uuid, examples("01939d3c-0000-7000-8000-000000000005"))]
    pub(super) session: Option<String>,
    /// Its place in the chain, which counts from 1 without gaps. Null, as the hashes are, until it is linked: a second at most.
    #[schema(examples(42))]
    pub(super) position: Option<i64>,
    /// The hash at the place before in the chain.
    pub(super) prev_hash: Option<String>,
    /// The hash of this event, its place and `prev_hash`.
    pub(super) hash: Option<String>,
}

/// Who did something, as they were then.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
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
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct AuditImpersonator {
    /// The user's id.
    #[schema(format = Uuid, examples("01939d3c-0000-7000-8000-000000000000"))]
    pub(super) id: String,
    /// Their email.
    #[schema(examples("ann@example.com"))]
    pub(super) email: Option<String>,
}

/// What something was done to, as it was then.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
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

impl AuditEvent {
    /// What a user may be told of the event who may not read the trail: of others, who acted on them or on whom they acted,
    /// no more than that it happened. Who acted in their name is theirs to know, not from where.
    pub(super) fn told_to(mut self, user_id: &str) -> Self {
        if self.actor.as_ref().is_some_and(|actor| actor.id != user_id) {
            (self.actor, self.impersonator) = (None, None);
            (self.ip, self.user_agent, self.request_id, self.session) = (None, None, None, None);
        }
        if self.impersonator.is_some() {
            (self.ip, self.user_agent, self.request_id, self.session) = (None, None, None, None);
        }
        if let Some(target) = &mut self.target
            && target.id.as_deref().is_some_and(|id| id != user_id)
        {
            target.label = None;
            self.changes = Value::Object(Map::new());
        }
        self
    }

    /// An event as it is shown, with its link if it is among `links`.
    pub(super) fn new(row: EventRow, links: &HashMap<i64, Link>) -> Self {
        let link = links.get(&row.seq);
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
            session: row.session_id,
            position: link.map(|link| link.position),
            prev_hash: link.map(|link| link.prev_hash.clone()),
            hash: link.map(|link| link.hash.clone()),
        }
    }
}

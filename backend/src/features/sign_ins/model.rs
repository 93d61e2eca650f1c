use diesel::prelude::*;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::{Timestamp, audit_events};

/// What the trail keeps of a sign-in.
#[derive(Queryable, Selectable)]
#[diesel(table_name = audit_events)]
pub(super) struct SignInRow {
    seq: i64,
    id: String,
    at: Timestamp,
    outcome: String,
    changes: String,
    ip: Option<String>,
    user_agent: Option<String>,
}

/// A sign-in to one's own account, or an attempt at it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SignInAttempt)]
pub(super) struct SignIn {
    /// The id of its event in the audit trail.
    #[schema(examples("01939d3c-0000-7000-8000-000000000004"))]
    id: Uuid,
    /// Its place in the trail: later ones have greater numbers.
    #[schema(examples(42))]
    seq: i64,
    /// When it happened.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// How it ended: `ok` or `refused`.
    #[schema(examples("refused"))]
    outcome: String,
    /// Why it was refused: `wrong_password`, `too_many_attempts`, `inactive`, `unapproved`, `unverified`; null if it was not.
    #[schema(examples("wrong_password"))]
    reason: Option<String>,
    /// From where.
    #[schema(examples("203.0.113.7"))]
    ip: Option<String>,
    /// What the client says it is.
    #[schema(examples("Mozilla/5.0"))]
    user_agent: Option<String>,
}

impl From<SignInRow> for SignIn {
    fn from(row: SignInRow) -> Self {
        let changes: Value = serde_json::from_str(&row.changes).unwrap_or_default();
        Self {
            id: Uuid::try_parse(&row.id).unwrap_or_default(),
            seq: row.seq,
            at: row.at,
            outcome: row.outcome,
            reason: changes["reason"]["to"].as_str().map(str::to_owned),
            ip: row.ip,
            user_agent: row.user_agent,
        }
    }
}

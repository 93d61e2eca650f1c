//! Writing events: always in the transaction of the act itself.

use diesel::QueryResult;
use serde::Serialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::queries::{self, NewEvent};
use crate::access::Caller;
use crate::db::{DbConnection, Timestamp};
use crate::features::users::User;
use crate::problem::Code;

/// How an act ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Ok,
    /// It was refused.
    Refused,
}

impl Outcome {
    /// As it is stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Refused => "refused",
        }
    }
}

/// What was acted on.
#[derive(Clone, Debug)]
pub struct Target {
    kind: &'static str,
    id: Option<String>,
    label: String,
}

impl Target {
    /// Any target: its kind, its id, and what people call it.
    pub fn new(kind: &'static str, id: impl ToString, label: impl Into<String>) -> Self {
        Self { kind, id: Some(id.to_string()), label: label.into() }
    }

    /// A file that is made of a list.
    pub fn file(name: String) -> Self {
        Self { kind: "file", id: None, label: name }
    }

    /// An operation of the API, where nothing was reached that it is about.
    pub fn operation(name: String) -> Self {
        Self { kind: "operation", id: None, label: name }
    }

    /// Its kind, its id and what people call it.
    pub(crate) fn to_parts(&self) -> (&'static str, Option<String>, String) {
        (self.kind, self.id.clone(), self.label.clone())
    }

    /// A user.
    pub fn user(user: &User) -> Self {
        Self::new("user", user.id, user.email.clone())
    }
}

/// One field, before and after.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    from: Value,
    to: Value,
}

/// The fields that an act changed. Secrets are never among them: that a password changed is told by the action.
#[derive(Clone, Debug, Default)]
pub struct Changes(Map<String, Value>);

impl Changes {
    /// None.
    pub fn none() -> Self {
        Self::default()
    }

    /// Notes a field, unless it stayed as it was.
    #[must_use]
    pub fn field(mut self, name: &str, from: impl Serialize, to: impl Serialize) -> Self {
        let (from, to) = (json!(from), json!(to));
        if from != to {
            self.0.insert(name.to_owned(), json!(Change { from, to }));
        }
        self
    }

    /// Whether nothing was noted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// One act.
#[derive(Clone, Debug)]
pub struct Event {
    /// What was done: `user.created`, `role.deleted`, ...
    pub action: &'static str,
    /// On what.
    pub target: Option<Target>,
    /// How it ended.
    pub outcome: Outcome,
    /// What it changed.
    pub changes: Changes,
    /// Who did it, where that is not the caller: who signs in was a stranger when they asked.
    pub actor: Option<User>,
}

impl Event {
    /// An act that was done.
    pub fn done(action: &'static str, target: Target, changes: Changes) -> Self {
        Self { action, target: Some(target), outcome: Outcome::Ok, changes, actor: None }
    }

    /// The same event, done by `user`.
    #[must_use]
    pub fn by(self, user: &User) -> Self {
        Self { actor: Some(user.clone()), ..self }
    }

    /// An act that was tried and refused.
    pub fn refused(action: &'static str, target: Target) -> Self {
        Self { outcome: Outcome::Refused, ..Self::done(action, target, Changes::none()) }
    }

    /// The same refusal, with the permission that was lacking.
    #[must_use]
    pub fn requiring(self, permission: Option<&str>) -> Self {
        Self { changes: self.changes.field("required", (), permission), ..self }
    }

    /// The same refusal, with the reason that the caller was told.
    #[must_use]
    pub fn because(self, code: Code) -> Self {
        Self { changes: self.changes.field("code", (), code.as_str()), ..self }
    }
}

/// Writes an event down, in the transaction of the act.
pub fn record(connection: &mut DbConnection, caller: &Caller, event: Event, now: Timestamp) -> QueryResult<()> {
    record_all(connection, caller, &[event], now)
}

/// Writes many events down, in the transaction of the act.
pub fn record_all(connection: &mut DbConnection, caller: &Caller, events: &[Event], now: Timestamp) -> QueryResult<()> {
    let rows: Vec<NewEvent<'_>> = events.iter().map(|event| row(caller, event, now)).collect();
    queries::insert(connection, &rows)
}

fn row<'a>(caller: &'a Caller, event: &'a Event, now: Timestamp) -> NewEvent<'a> {
    let user = event.actor.as_ref().or(caller.actor.as_ref().map(|actor| &actor.account.user));
    let (impersonator, target) = (caller.impersonator(), event.target.as_ref());
    NewEvent {
        id: Uuid::now_v7().to_string(),
        at: now,
        actor_id: user.map(|user| user.id.to_string()),
        actor_email: user.map(|user| user.email.clone()),
        actor_kind: user.map(|user| user.kind.as_str().to_owned()),
        impersonator_id: impersonator.map(|user| user.id.to_string()),
        impersonator_email: impersonator.map(|user| user.email.clone()),
        action: event.action,
        target_type: target.map(|target| target.kind),
        target_id: target.and_then(|target| target.id.as_deref()),
        target_label: target.map(|target| target.label.as_str()),
        outcome: event.outcome.as_str(),
        ip: caller.origin.ip.map(|ip| ip.to_string()),
        user_agent: caller.origin.user_agent.as_deref(),
        request_id: caller.origin.request_id.to_string(),
        session_id: caller.session_id().map(|id| id.to_string()),
        changes: serde_json::to_string(&event.changes.0).unwrap_or_else(|_| "{}".to_owned()),
    }
}

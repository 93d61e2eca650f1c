//! What the audit trail is told of acts that were refused, without being flooded by whoever is refused the same again and again.

use std::time::Duration;

use quick_cache::sync::Cache;
use uuid::Uuid;

use super::actor::Caller;
use crate::db::Timestamp;
use crate::features::audit::{self, Event, Target};
use crate::problem::{Code, Problem};
use crate::state::AppState;

/// One refusal of the same act on the same target to the same caller in so long is written down.
const ONCE_IN: Duration = Duration::from_secs(60);
/// What a guard refuses, of which nothing is known but the operation.
const REFUSED: &str = "access.refused";
/// More are hardly refused in a minute; who drives the number up drives their own refusals out.
const REMEMBERED: usize = 10_000;

/// Who was refused, who acted in their name, what, and on what: the target's kind, id and label.
type Key = (Option<Uuid>, Option<Uuid>, &'static str, Option<(&'static str, Option<String>, String)>);

/// The refusals that this process has written down a moment ago.
pub struct Refusals {
    noted: Cache<Key, Timestamp>,
}

impl Default for Refusals {
    fn default() -> Self {
        Self { noted: Cache::new(REMEMBERED) }
    }
}

impl Refusals {
    /// Whether a refusal is worth writing down; it is noted that it was.
    fn is_news(&self, caller: &Caller, event: &Event, now: Timestamp) -> bool {
        let impersonator = caller.impersonator().map(|user| user.id);
        let target = event.target.as_ref().map(Target::to_parts);
        let key = (caller.user_id(), impersonator, event.action, target);
        if self.noted.get(&key).is_some_and(|noted| noted.plus(ONCE_IN) > now) {
            return false;
        }
        self.noted.insert(key, now);
        true
    }
}

impl AppState {
    /// Writes a refusal down, in a transaction of its own: that of the act is rolled back.
    pub(super) async fn record_refusal(&self, caller: Caller, event: Event) {
        let now = self.clock.now();
        if !self.refusals.is_news(&caller, &event, now) {
            return;
        }
        let written = self
            .database
            .write(move |connection| audit::record(connection, &caller, event, now).map_err(Problem::from))
            .await;
        if let Err(problem) = written {
            tracing::warn!(cause = problem.cause(), "a refusal could not be written down");
        }
    }

    /// As [`AppState::record_refusal`], of an operation that a guard has refused. Nobody waits for it.
    pub(super) fn note_refusal(&self, caller: Caller, operation: String, code: Code, required: Option<&'static str>) {
        let now = self.clock.now();
        let event = Event::refused(REFUSED, Target::operation(operation)).because(code).requiring(required);
        if self.refusals.is_news(&caller, &event, now) {
            self.database.write_detached(move |connection| Ok(audit::record(connection, &caller, event, now)?));
        }
    }
}

//! Deleting what is older than it has to be kept, so that what is left can still be verified.
//!
//! The chain is cut at a link, and a signed statement says where and which hash stood there. It is part of an event too, so that
//! an export tells where it begins. What a cut covers is deleted afterwards, batch by batch; nothing else can be.

use std::time::Duration;

use super::chain::{delete_cut, due_cut, is_something_cut};
use super::service::{Changes, Event, Target, record};
use crate::access::Caller;
use crate::db::{DatabaseError, Timestamp};
use crate::state::AppState;

/// How often the chain is cut at most: each cut is an event.
const INTERVAL: Duration = Duration::from_secs(86_400);
const BATCH: i64 = 1_000;

/// The action of the event that says where the trail begins, and what it says in.
pub(super) const TRIMMED: &str = "audit.trimmed";
pub(super) const BEGINS_AFTER: &str = "begins_after";
pub(super) const HASH: &str = "hash";

/// Deletes events that are older than they are kept, if that is configured.
///
/// # Errors
/// Faults of the store.
pub async fn trim(state: &AppState) -> Result<(), DatabaseError> {
    let Some(kept) = state.settings.audit_retention else { return Ok(()) };
    let now = state.clock.now();
    let (kept_from, not_since) = (now.minus(kept), now.minus(INTERVAL));
    let due =
        state.database.read_aside(move |connection| Ok(due_cut(connection, kept_from, not_since)?.is_some())).await?;
    if due {
        cut(state, kept_from, not_since, now).await?;
    }
    while state.database.read_aside(is_something_cut).await? {
        state.database.write(|connection| delete_cut(connection, BATCH).map_err(DatabaseError::from)).await?;
    }
    Ok(())
}

/// Cuts the chain, with an event that says so.
async fn cut(
    state: &AppState,
    kept_from: Timestamp,
    not_since: Timestamp,
    now: Timestamp,
) -> Result<(), DatabaseError> {
    let keys = state.access_tokens.keys().clone();
    state
        .database
        .write(move |connection| {
            let Some(due) = due_cut(connection, kept_from, not_since)? else { return Ok(()) };
            if due.make(connection, &keys, now)? {
                let changes = Changes::none()
                    .field(BEGINS_AFTER, due.former, due.position)
                    .field(HASH, (), &due.hash)
                    .field("kept_from", (), kept_from);
                let event = Event::done(TRIMMED, Target::new("audit_trail", due.position, "audit"), changes);
                record(connection, &Caller::reeve(), event, now)?;
            }
            Ok(())
        })
        .await
}

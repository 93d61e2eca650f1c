//! Linking what was committed: in batches, by one process at a time, beside the writes and never in their way.

use std::time::Duration;

use super::canonical::{GENESIS, link_hash};
use super::queries::{self, Checkpoint, Link};
use crate::db::{DatabaseError, DbConnection, Timestamp};
use crate::state::AppState;

const INTERVAL: Duration = Duration::from_millis(500);
const BATCH: i64 = 500;
/// Transactions commit in another order than they took their numbers: so far back unlinked events are looked for in every round.
const WINDOW: i64 = 20_000;
/// Every so many rounds, and at the first, all of the trail is looked through.
const WHOLE_EVERY: u32 = 7_200;
/// A checkpoint is signed after so many links, or after so long.
const CHECKPOINT_LINKS: i64 = 1_000;
const CHECKPOINT_AFTER: Duration = Duration::from_secs(60);

/// Links what is committed, again and again, for as long as the process runs.
pub async fn keep_linked(state: AppState) {
    let mut rounds: u32 = 0;
    loop {
        match link(&state, rounds.is_multiple_of(WHOLE_EVERY), false).await {
            Ok(()) => rounds = rounds.wrapping_add(1),
            Err(error) => tracing::debug!(%error, "audit events could not be linked"),
        }
        tokio::time::sleep(INTERVAL).await;
    }
}

/// Links all that is committed and signs where the chain then stands: at the end of a command.
///
/// # Errors
/// Faults of the store.
pub async fn link_all(state: &AppState) -> Result<(), DatabaseError> {
    link(state, false, true).await
}

async fn link(state: &AppState, whole: bool, sign: bool) -> Result<(), DatabaseError> {
    loop {
        let from = state.database.read_aside(move |connection| first_to_look_at(connection, whole)).await?;
        let some = state.database.read_aside(move |connection| queries::unlinked(connection, from, 1)).await?;
        if some.is_empty() {
            return sign_if_due(state, sign).await;
        }
        let linked =
            state.database.write(move |connection| link_batch(connection, from).map_err(DatabaseError::from)).await?;
        match linked {
            Some(number) if number >= BATCH => {}
            _ => return sign_if_due(state, sign).await,
        }
    }
}

fn first_to_look_at(connection: &mut DbConnection, whole: bool) -> diesel::QueryResult<i64> {
    let head = if whole { None } else { queries::head(connection)? };
    Ok(head.map_or(i64::MIN, |head| head.event_seq.saturating_sub(WINDOW)))
}

/// Links one batch; `None` while another process does.
fn link_batch(connection: &mut DbConnection, from: i64) -> diesel::QueryResult<Option<i64>> {
    if !queries::may_link(connection)? {
        return Ok(None);
    }
    let head = queries::head(connection)?;
    let (mut position, mut prev_hash) = head.map_or((0, GENESIS.to_owned()), |head| (head.position, head.hash));
    let events = queries::unlinked(connection, from, BATCH)?;
    let mut links = Vec::with_capacity(events.len());
    for event in events {
        position += 1;
        let hash = link_hash(position, &prev_hash, &event);
        links.push(Link { position, event_seq: event.seq, event_id: event.id, prev_hash, hash: hash.clone() });
        prev_hash = hash;
    }
    queries::insert_links(connection, &links)?;
    Ok(i64::try_from(links.len()).ok())
}

async fn sign_if_due(state: &AppState, at_once: bool) -> Result<(), DatabaseError> {
    let now = state.clock.now();
    let due = state.database.read_aside(move |connection| due_head(connection, at_once, now)).await?;
    if due.is_none() {
        return Ok(());
    }
    let keys = state.access_tokens.keys().clone();
    state
        .database
        .write(move |connection| {
            if queries::may_link(connection)?
                && let Some(head) = due_head(connection, at_once, now)?
                && let Some(checkpoint) = Checkpoint::sign(&keys, &head, now)
            {
                queries::insert_checkpoint(connection, &checkpoint)?;
            }
            Ok(())
        })
        .await
}

/// The head, if it is to be signed.
fn due_head(connection: &mut DbConnection, at_once: bool, now: Timestamp) -> diesel::QueryResult<Option<Link>> {
    let Some(head) = queries::head(connection)? else { return Ok(None) };
    let last = queries::last_checkpoint(connection)?;
    let due = last.is_none_or(|last| {
        head.position > last.position
            && (at_once || head.position - last.position >= CHECKPOINT_LINKS || last.at.plus(CHECKPOINT_AFTER) <= now)
    });
    Ok(due.then_some(head))
}

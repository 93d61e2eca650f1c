//! Hearing of changes that other processes on the same store have made.

use std::time::Duration;

use super::changes::Change;
use super::queries;
use crate::db::DatabaseError;
use crate::features::{attempts, audit, auth, devices, idempotency, passkeys, sessions, sign_ins};
use crate::problem::Problem;
use crate::state::AppState;

const INTERVAL: Duration = Duration::from_millis(250);
/// Changes are kept for so long; a process that slept longer forgets all it had cached.
const KEPT_FOR: Duration = Duration::from_secs(3_600);

/// Asks the store again and again what has changed, for as long as the process runs.
pub async fn watch(state: AppState) {
    let mut seen = None;
    let mut rounds: u32 = 0;
    loop {
        // Without an answer the caches lose their trust by themselves, and every request asks the store.
        match catch_up(&state, seen).await {
            Ok(number) => seen = Some(number),
            Err(error) => tracing::debug!(%error, "changes of access could not be read"),
        }
        write_down_used_keys(&state);
        if rounds.is_multiple_of(1_200) {
            tidy_up(&state).await;
        }
        rounds = rounds.wrapping_add(1);
        tokio::time::sleep(INTERVAL).await;
    }
}

/// Here and not where a key is used: no request waits for it, nor does hearing of changes.
fn write_down_used_keys(state: &AppState) {
    let used = state.access.take_used_keys();
    if !used.is_empty() {
        state.database.write_detached(move |connection| Ok(queries::note_used_keys(connection, &used)?));
    }
}

/// Deletes what nobody will ask for again. Another process does it as well if it fails here.
async fn tidy_up(state: &AppState) {
    const A_DAY: Duration = Duration::from_secs(86_400);
    let now = state.clock.now();
    let tidied = state
        .database
        .write(move |connection| {
            queries::forget_changes_before(connection, now.minus(KEPT_FOR))?;
            idempotency::forget_before(connection, now.minus(A_DAY))?;
            sessions::purge(connection, now)?;
            attempts::purge(connection, now)?;
            devices::purge(connection, now)?;
            auth::forget_expired_tokens(connection, now)?;
            passkeys::purge(connection, now)?;
            auth::forget_expired_requests(connection, now)?;
            Ok::<_, DatabaseError>(())
        })
        .await;
    if let Err(error) = tidied {
        tracing::debug!(%error, "what is out of date could not be deleted");
    }
    if let Err(problem) = sign_ins::count_days_that_are_over(state).await {
        tracing::debug!(cause = problem.cause(), "the sign-ins of past days could not be counted");
        // They are counted from events, which must not be deleted before.
        return;
    }
    if let Err(error) = audit::trim(state).await {
        tracing::debug!(%error, "what is old in the audit trail could not be deleted");
    }
}

/// Hears of all changes after number `seen`, or of where the clock stands for who has seen none. Answers the clock.
pub async fn catch_up(state: &AppState, seen: Option<i64>) -> Result<i64, Problem> {
    let asked_at = state.clock.now();
    let (number, changes) = state
        .database
        .read_aside(move |connection| queries::changes_after(connection, seen.unwrap_or(i64::MAX)))
        .await?;
    match seen {
        None => {
            state.access.forget_all();
            state.load_keys().await?;
        }
        Some(_) => {
            // What happened longer ago than changes are kept can't be heard of any more.
            if state.access.has_not_heard_for(KEPT_FOR / 2, asked_at) {
                state.access.forget_all();
            }
            let heard: Vec<Change> =
                changes.iter().filter_map(|(kind, subject)| Change::from_columns(kind, subject)).collect();
            if !heard.is_empty() {
                state.access.forget(&heard);
            }
            if heard.contains(&Change::Keys) {
                state.load_keys().await?;
            }
        }
    }
    state.access.heard(asked_at);
    Ok(number)
}

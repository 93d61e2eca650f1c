//! Sends what is in the outbox, for as long as the process runs.

use std::time::Duration;

use super::outbox::{self, Entry};
use super::transport::{Refusal, Transport};
use crate::problem::Problem;
use crate::state::AppState;

const INTERVAL: Duration = Duration::from_millis(500);
/// How many mails are taken at a time.
const BATCH: i64 = 20;
/// A mail whose node died while it sent is sent again after so long, perhaps for the second time.
const CLAIMED_FOR: Duration = Duration::from_secs(120);
/// With the waits between them, the attempts of about two days.
const ATTEMPTS: i32 = 16;
const LONGEST_WAIT: Duration = Duration::from_secs(6 * 3_600);
/// What could not be sent is shown for so long.
const FAILED_KEPT_FOR: Duration = Duration::from_secs(30 * 86_400);

/// Looks again and again for what is due.
pub async fn work(state: AppState) {
    let transport = match Transport::new(&state.settings.mail.transport) {
        Ok(transport) => transport,
        Err(error) => {
            tracing::error!(%error, "mail can't be sent");
            return;
        }
    };
    loop {
        match send_due(&state, &transport).await {
            Ok(0) => tokio::time::sleep(INTERVAL).await,
            Ok(_) => {}
            Err(error) => {
                tracing::debug!(cause = error.cause(), "the outbox can't be read");
                tokio::time::sleep(INTERVAL).await;
            }
        }
    }
}

/// Sends what is due now; how many mails it tried.
async fn send_due(state: &AppState, transport: &Transport) -> Result<usize, Problem> {
    let now = state.clock.now();
    let due = state.database.read_aside(move |connection| outbox::due(connection, now, BATCH)).await?;
    let number = due.len();
    for entry in due {
        send(state, transport, entry).await?;
    }
    Ok(number)
}

async fn send(state: &AppState, transport: &Transport, entry: Entry) -> Result<(), Problem> {
    let (claimed, until) = (entry.clone(), state.clock.now().plus(CLAIMED_FOR));
    let is_ours = state
        .database
        .write(move |connection| outbox::claim(connection, &claimed, until).map_err(Problem::from))
        .await?;
    if !is_ours {
        return Ok(());
    }
    let (id, attempt) = (entry.id.clone(), entry.attempts + 1);
    let outcome = deliver(state, transport, &entry).await;
    match &outcome {
        Ok(()) => tracing::info!(mail = id, kind = entry.kind, "sent"),
        Err(refusal) => tracing::warn!(mail = id, kind = entry.kind, attempt, cause = refusal.reason, "not sent"),
    }
    let now = state.clock.now();
    state
        .database
        .write(move |connection| {
            match outcome {
                Ok(()) => outbox::delete(connection, &id)?,
                Err(Refusal { is_final, reason }) if is_final || attempt >= ATTEMPTS => {
                    outbox::give_up(connection, &id, &reason, now)?;
                }
                Err(Refusal { reason, .. }) => outbox::postpone(connection, &id, &reason, now.plus(wait(attempt)))?,
            }
            outbox::forget_failed_before(connection, now.minus(FAILED_KEPT_FOR))?;
            Ok::<_, Problem>(())
        })
        .await
}

async fn deliver(state: &AppState, transport: &Transport, entry: &Entry) -> Result<(), Refusal> {
    // A key that another node made a moment ago is known here soon: that is worth another attempt.
    let passing = |reason: String| Refusal { is_final: false, reason };
    let content = state.mailer.open(entry).map_err(|error| passing(error.to_string()))?;
    let message = state.mailer.compose(entry, content).map_err(|reason| Refusal { is_final: true, reason })?;
    transport.send(&entry.id, message).await
}

/// Ten seconds after the first attempt, then twice as long each time.
fn wait(attempt: i32) -> Duration {
    let doubled = Duration::from_secs(10).saturating_mul(1 << attempt.clamp(1, 16).unsigned_abs().saturating_sub(1));
    doubled.min(LONGEST_WAIT)
}

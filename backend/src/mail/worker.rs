//! Sends what is in the outbox, for as long as the process runs.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::outbox::{self, Entry};
use super::transport::{Refusal, Transport};
use crate::problem::Problem;
use crate::state::AppState;

const INTERVAL: Duration = Duration::from_millis(500);
/// How many mails are looked for at a time.
const BATCH: i64 = 20;
/// How many are on their way at a time: one that the server takes its time over holds up none of the others.
const CONCURRENT: u32 = 4;
/// A mail that is not taken after so long is tried again later.
const LONGEST_DELIVERY: Duration = Duration::from_secs(90);
/// A mail whose node died while it sent is sent again after so long, perhaps for the second time.
const CLAIMED_FOR: Duration = Duration::from_secs(120);
/// How long mails that are on their way are waited for when the process is to end.
const LONGEST_FAREWELL: Duration = Duration::from_secs(10);
/// With the waits between them, the attempts of about two days.
const ATTEMPTS: i32 = 19;
const LONGEST_WAIT: Duration = Duration::from_secs(6 * 3_600);
/// What could not be sent is shown for so long.
const FAILED_KEPT_FOR: Duration = Duration::from_secs(30 * 86_400);

/// Looks again and again for what is due, until `stopped` comes about; then ends what is on its way.
pub async fn work(state: AppState, stopped: impl Future) {
    let transport = match Transport::new(&state.settings.mail.transport) {
        Ok(transport) => Arc::new(transport),
        Err(error) => {
            tracing::error!(%error, "mail can't be sent");
            return;
        }
    };
    let slots = Arc::new(Semaphore::new(CONCURRENT as usize));
    tokio::select! {
        () = send_all(&state, &transport, &slots) => {}
        _ = stopped => {}
    }
    // What is cut off here is sent again by whoever is next.
    let _ = tokio::time::timeout(LONGEST_FAREWELL, slots.acquire_many(CONCURRENT)).await;
}

async fn send_all(state: &AppState, transport: &Arc<Transport>, slots: &Arc<Semaphore>) {
    loop {
        match send_due(state, transport, slots).await {
            Ok(0) => tokio::time::sleep(INTERVAL).await,
            Ok(_) => {}
            Err(error) => {
                tracing::debug!(cause = error.cause(), "the outbox can't be read");
                tokio::time::sleep(INTERVAL).await;
            }
        }
    }
}

/// Sets on its way what is due now; how many mails that were.
async fn send_due(state: &AppState, transport: &Arc<Transport>, slots: &Arc<Semaphore>) -> Result<usize, Problem> {
    let now = state.clock.now();
    let due = state.database.read_aside(move |connection| outbox::due(connection, now, BATCH)).await?;
    let mut claimed = 0;
    for entry in due {
        let slot = Arc::clone(slots).acquire_owned().await.map_err(Problem::internal)?;
        // Only now, so that no part of the claim's time is spent waiting. Not to be cut off between the claim and the sending.
        let claiming = actix_web::rt::spawn(claim_and_send(state.clone(), Arc::clone(transport), entry, slot));
        claimed += usize::from(claiming.await.map_err(Problem::internal)??);
    }
    Ok(claimed)
}

/// Takes a mail and leaves a task behind that sends it; whether nobody else had taken it.
async fn claim_and_send(
    state: AppState,
    transport: Arc<Transport>,
    entry: Entry,
    slot: OwnedSemaphorePermit,
) -> Result<bool, Problem> {
    let (claimed, until) = (entry.clone(), state.clock.now().plus(CLAIMED_FOR));
    let is_ours = state
        .database
        .write(move |connection| outbox::claim(connection, &claimed, until).map_err(Problem::from))
        .await?;
    if is_ours {
        actix_web::rt::spawn(async move {
            if let Err(error) = send(&state, &transport, entry).await {
                // It is sent once more when the claim has run out.
                tracing::warn!(cause = error.cause(), "what became of a mail can't be noted");
            }
            drop(slot);
        });
    }
    Ok(is_ours)
}

async fn send(state: &AppState, transport: &Transport, entry: Entry) -> Result<(), Problem> {
    let (id, attempt) = (entry.id.clone(), entry.attempts + 1);
    let outcome = tokio::time::timeout(LONGEST_DELIVERY, deliver(state, transport, &entry))
        .await
        .unwrap_or_else(|_| Err(Refusal::passing("it took too long")));
    match &outcome {
        Ok(_) => tracing::info!(mail = id, kind = entry.kind, "sent"),
        Err(refusal) => tracing::warn!(mail = id, kind = entry.kind, attempt, cause = refusal.reason, "not sent"),
    }
    let now = state.clock.now();
    state
        .database
        .write(move |connection| {
            match outcome {
                Ok(_) => outbox::delete(connection, &id)?,
                Err(Refusal { is_final, reason }) if is_final || attempt >= ATTEMPTS => {
                    outbox::give_up(connection, &id, attempt, &reason, now)?;
                }
                Err(Refusal { reason, .. }) => {
                    outbox::postpone(connection, &id, attempt, &reason, now.plus(wait(attempt)))?;
                }
            }
            outbox::forget_failed_before(connection, now.minus(FAILED_KEPT_FOR))?;
            Ok::<_, Problem>(())
        })
        .await
}

async fn deliver(state: &AppState, transport: &Transport, entry: &Entry) -> Result<String, Refusal> {
    if entry.has_expired(state.clock.now()) {
        return Err(Refusal::last("the link or the code in it has expired"));
    }
    // A key that another node made a moment ago is worth a look into the store, and another attempt.
    let content = state.unseal(&super::sealed_for(&entry.id), &entry.content).await;
    let content = content.map_err(|error| Refusal::passing(error.cause().unwrap_or("it can't be opened")))?;
    let content =
        serde_json::from_slice(&content).map_err(|_| Refusal::last("it is not what this version can read"))?;
    let mail = state.mailer.compose(&entry.id, &entry.recipient, content).map_err(Refusal::last)?;
    transport.send(&entry.id, mail).await
}

/// Ten seconds after the first attempt, then twice as long each time.
fn wait(attempt: i32) -> Duration {
    let doubled = Duration::from_secs(10).saturating_mul(1 << attempt.clamp(1, 16).unsigned_abs().saturating_sub(1));
    doubled.min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_the_attempts_take_about_two_days() {
        let waits: Vec<Duration> = (1..ATTEMPTS).map(wait).collect();
        assert_eq!(waits[0], Duration::from_secs(10));
        assert!(waits.windows(2).all(|pair| pair[0] < pair[1] || pair[1] == LONGEST_WAIT), "{waits:?}");
        let all = waits.iter().sum::<Duration>().as_secs() / 3_600;
        assert!((46..=50).contains(&all), "{all} hours");
        assert_eq!(wait(i32::MAX), LONGEST_WAIT);
    }

    #[test]
    fn no_delivery_outlasts_its_claim() {
        assert!(LONGEST_DELIVERY < CLAIMED_FOR);
    }
}

//! Mail: that it arrives, once and as it was meant, and that nothing of it lies about.

mod command_line;
mod new_sign_in;
mod outbox;
mod smtp;
mod text;

use std::time::Duration;

use reeve::clock::Clock;
use reeve::mail::{Message, Recipient, Waiting};
use reeve::problem::Problem;
use reeve::state::AppState;

use crate::harness::{SmtpServer, Store, block_on, settings, wait_for};

fn ann() -> Recipient {
    recipient("ann@example.com")
}

fn recipient(email: &str) -> Recipient {
    Recipient { email: email.to_owned(), name: Some("Ann".to_owned()), locale: None, is_person: true }
}

fn reset(state: &AppState, token: &str) -> Message {
    Message::ResetPassword { link: state.mailer.link("reset-password", token), valid_for: Duration::from_secs(3_600) }
}

/// Queues a mail as a use case does.
fn queue(state: &AppState, recipient: Recipient, message: Message) {
    let (mailer, now) = (state.mailer.clone(), state.clock.now());
    block_on(state.database.write(move |connection| mailer.queue(connection, &recipient, &message, now))).unwrap();
}

/// What is in the outbox.
fn waiting(state: &AppState) -> Vec<Waiting> {
    block_on(state.database.read(reeve::mail::list)).unwrap()
}

/// Waits until the only mail in the outbox has been tried so often, and says what became of it.
#[track_caller]
fn after_attempts(state: &AppState, number: i32) -> Waiting {
    let tried = || {
        let mails = waiting(state);
        mails.into_iter().find(|mail| mail.attempts == number && mail.last_error.is_some() && !is_claimed(state, mail))
    };
    wait_for(&format!("attempt {number}"), || tried().is_some());
    tried().unwrap()
}

/// While a mail is on its way its next attempt is at the end of the claim, later than after any of the first attempts.
fn is_claimed(state: &AppState, mail: &Waiting) -> bool {
    mail.failed_at.is_none() && mail.next_attempt_at > state.clock.now().plus(Duration::from_secs(100))
}

#[track_caller]
fn wait_for_empty_outbox(state: &AppState) {
    wait_for("an empty outbox", || waiting(state).is_empty());
}

/// The error of a transaction that is to be rolled back.
fn rolled_back() -> Problem {
    Problem::not_found()
}

/// A state beside a server that runs in a process of its own, to queue mails with.
fn beside(store: &Store) -> AppState {
    let state = AppState::new(settings(&store.url, &[]), 0, Clock::default()).unwrap();
    block_on(state.prepare_store()).unwrap();
    state
}

/// Where no server listens: one did a moment ago.
fn nowhere() -> u16 {
    SmtpServer::start(&[]).port
}

//! What a sign-in that is refused leaves behind: counts, a lock, and events. The same work for names that nobody has.

use uuid::Uuid;

use super::credentials::Credentials;
use crate::access::Caller;
use crate::db::{DbConnection, Timestamp};
use crate::features::attempts::{self, Attempt, Bucket, Refusal, Rule};
use crate::features::audit::{self, Changes, Event, Outcome, Target};
use crate::features::users;
use crate::mail::Message;
use crate::problem::{Code, Problem};
use crate::state::AppState;

/// Why a sign-in was refused: for the audit trail, never for whoever tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// Nobody has this name.
    Unknown,
    /// The password is not the user's.
    WrongPassword,
    /// The code of the second factor is not the user's, or was used before.
    WrongCode,
    /// No passkey of anybody was proved to be at hand.
    WrongPasskey,
    /// The user is no person, and signs in otherwise.
    NotAPerson,
    /// The user was deactivated.
    Inactive,
    /// No administrator has let the user in.
    Unapproved,
    /// The user has not shown that the address is theirs.
    Unverified,
    /// Too many had failed, and the password was not looked at.
    TooManyAttempts,
}

impl Reason {
    fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::WrongPassword => "wrong_password",
            Self::WrongCode => "wrong_code",
            Self::WrongPasskey => "wrong_passkey",
            Self::NotAPerson => "not_a_person",
            Self::Inactive => "inactive",
            Self::Unapproved => "unapproved",
            Self::Unverified => "unverified",
            Self::TooManyAttempts => "too_many_attempts",
        }
    }
}

/// Who was meant to be signed in, and from where.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    user: Option<(Uuid, String)>,
    /// Whether it was tried on a device of the user's own.
    on_device: bool,
    address: Bucket,
}

impl Subject {
    pub(super) fn of(credentials: Option<&Credentials>, on_device: bool, address: Bucket) -> Self {
        let user = credentials.map(|credentials| (credentials.id, credentials.email.clone()));
        Self { user, on_device, address }
    }

    /// Nobody's for a name that nobody has: what is asked of the store is the same, and finds nothing.
    fn user_id(&self) -> Uuid {
        self.user.as_ref().map(|(id, _)| *id).unwrap_or_default()
    }

    fn target(&self) -> Option<Target> {
        self.user.as_ref().map(|(id, email)| Target::new("user", id, email))
    }

    fn refused(&self, reason: Reason) -> Event {
        Event {
            action: "user.sign_in_refused",
            target: self.target(),
            outcome: Outcome::Refused,
            changes: Changes::none().field("reason", (), reason.as_str()),
            actor: None,
        }
    }
}

/// The answer while a bucket is blocked. The audit trail hears of it once a minute.
pub(super) async fn refuse(state: &AppState, caller: Caller, subject: &Subject, refusal: Refusal) -> Problem {
    let now = state.clock.now();
    let code = if refusal.bucket == subject.address { Code::RateLimited } else { Code::TooManyAttempts };
    let problem = Problem::wait(code, refusal.wait(now));
    if !refusal.is_due {
        return problem;
    }
    let event = subject.refused(Reason::TooManyAttempts);
    let reported = state
        .database
        .write(move |connection| {
            if attempts::may_report(connection, &refusal, now)? {
                audit::record(connection, &caller, event, now)?;
            }
            Ok::<_, Problem>(())
        })
        .await;
    reported.err().unwrap_or(problem)
}

/// Counts a failure. The answer is `invalid_credentials`, unless the store is at fault.
pub(super) async fn fail(
    state: &AppState,
    caller: Caller,
    subject: Subject,
    attempt: Attempt,
    reason: Reason,
) -> Problem {
    let (now, reservation, state_for_mail) = (state.clock.now(), attempt.reservation(), state.clone());
    let of_address = Rule::of_address(&state.settings.lockout);
    let counted = state
        .database
        .write(move |connection| {
            let failure = attempts::fail(connection, &reservation, now)?;
            if !subject.on_device {
                attempts::count(connection, &subject.address, &of_address, now)?;
            }
            // Users are written before events, here as everywhere: two that wait for each other would both fail.
            if let Some(until) = failure.blocked_until.filter(|_| !subject.on_device) {
                users::set_locked_until(connection, subject.user_id(), Some(until))?;
            }
            audit::record(connection, &caller, subject.refused(reason), now)?;
            match failure.blocked_until.filter(|_| failure.has_begun) {
                Some(until) => tell(&state_for_mail, connection, &caller, &subject, until, now),
                None => Ok(()),
            }
        })
        .await;
    match counted {
        Ok(()) => {
            attempt.end();
            Problem::new(Code::InvalidCredentials)
        }
        // Dropped, the attempt is counted once more by somebody who doesn't wait for it.
        Err(problem) => problem,
    }
}

/// As [`fail`], for what can't be guessed: it is counted for the address alone, so that nobody locks anybody out by it.
pub(super) async fn fail_of_address(state: &AppState, caller: Caller, subject: Subject, reason: Reason) -> Problem {
    let (now, rule) = (state.clock.now(), Rule::of_address(&state.settings.lockout));
    let counted = state
        .database
        .write(move |connection| {
            attempts::count(connection, &subject.address, &rule, now)?;
            Ok::<_, Problem>(audit::record(connection, &caller, subject.refused(reason), now)?)
        })
        .await;
    counted.err().unwrap_or_else(|| Problem::new(Code::InvalidCredentials))
}

/// Tells the audit trail that a lock has begun, and the account's owner.
fn tell(
    state: &AppState,
    connection: &mut DbConnection,
    caller: &Caller,
    subject: &Subject,
    until: Timestamp,
    now: Timestamp,
) -> Result<(), Problem> {
    let what = Changes::none().field("locked_until", (), until);
    let event = Event {
        action: "user.locked",
        target: subject.target(),
        outcome: Outcome::Ok,
        changes: if subject.on_device { what.field("device", (), true) } else { what },
        actor: None,
    };
    audit::record(connection, caller, event, now)?;
    match users::find(connection, subject.user_id())? {
        Some(user) => state.mailer.queue(connection, &(&user).into(), &Message::AccountLocked { until }, now),
        None => Ok(()),
    }
}

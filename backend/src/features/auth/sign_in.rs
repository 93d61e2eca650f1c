//! Signing in with a password.

use super::answer::SignIn;
use super::credentials::{self, Credentials};
use super::model::Login;
use super::queries;
use super::refusal::{self, Reason, Subject};
use super::service::check_again;
use super::steps::Progress;
use crate::access::Caller;
use crate::config::EmailVerification;
use crate::crypto::opaque_token::OpaqueToken;
use crate::crypto::password_hash::Verdict;
use crate::db::{DbConnection, Timestamp};
use crate::features::attempts::{self, Attempt, Bucket, Counted, Refusal, Rule};
use crate::features::devices::{self, Device};
use crate::features::users::{self, normalize};
use crate::problem::{Code, Problem};
use crate::state::AppState;

/// What is known before the password is looked at.
struct Found {
    credentials: Option<Credentials>,
    /// The device, if the browser is one that this very user has signed in on.
    device: Option<Device>,
    /// What the attempt is counted in.
    bucket: Bucket,
    refusal: Option<Refusal>,
}

/// Signs in with a password. An unknown user, a wrong password and a user who may not sign in get the same answer after the
/// same work, and are made to wait alike.
///
/// # Errors
/// `invalid_credentials`; `too_many_attempts` and `rate_limited` after too many failures; `overloaded` when too many sign in at once.
pub(super) async fn with_password(
    state: &AppState,
    caller: Caller,
    device_token: Option<OpaqueToken>,
    login: Login,
) -> Result<SignIn, Problem> {
    let (now, verification) = (state.clock.now(), state.settings.email_verification);
    let identifier = normalize(login.identifier.as_str());
    let address = Bucket::address(Counted::SignIns, caller.origin.ip);
    let (device_hash, address_for_look) = (device_token.map(|token| token.hash()), address.clone());
    let found = state
        .database
        .read(move |connection| look_up(connection, &identifier, device_hash.as_deref(), &address_for_look, now))
        .await?;
    let Found { credentials, device, bucket, refusal } = found;
    let subject = Subject::of(credentials.as_ref(), device.is_some(), address);
    if let Some(refusal) = refusal {
        return Err(refusal::refuse(state, caller, &subject, refusal).await);
    }
    let rule = Rule::of_account(&state.settings.lockout);
    let attempt = match Attempt::begin(state, bucket, rule).await? {
        Ok(attempt) => attempt,
        Err(refusal) => return Err(refusal::refuse(state, caller, &subject, refusal).await),
    };
    let stored = credentials.as_ref().and_then(|credentials| credentials.password_hash.clone());
    let verified = state.hasher.verify(login.password.clone().into_secret(), stored).await;
    let verdict = match verified {
        Ok(verdict) => verdict,
        Err(problem) => return Err(give_back(attempt, problem)),
    };
    let credentials = match judge(credentials, verdict, verification) {
        Ok(credentials) => credentials,
        Err(reason) => return Err(refusal::fail(state, caller, subject, attempt, reason).await),
    };
    let rehashed = match verdict {
        Verdict::RightButWeak => match state.hasher.hash(login.password.into_secret()).await {
            Ok(hash) => Some(hash),
            Err(problem) => return Err(give_back(attempt, problem)),
        },
        _ => None,
    };
    let (delivery, remember) = (login.refresh.unwrap_or_default(), login.remember.unwrap_or(false));
    let (now, state_for_session, reservation) = (state.clock.now(), state.clone(), attempt.reservation());
    let (caller_for_session, on_device) = (caller.clone(), device.is_some());
    let outcome = state
        .change_access(move |connection, changes| {
            let (state, caller) = (&state_for_session, &caller_for_session);
            check_again(connection, &credentials, verification)?;
            attempts::succeed(connection, &reservation)?;
            if reservation.follows_failures() && !on_device {
                users::set_locked_until(connection, credentials.id, None)?;
            }
            if let Some(hash) = rehashed {
                queries::replace_hash(connection, credentials.id, &hash)?;
            }
            let progress = Progress {
                user_id: credentials.id,
                remember,
                second_factor: false,
                by_mailed_link: false,
                delivery,
                device,
            };
            progress.advance(state, connection, changes, caller, credentials.must_change_password, now)
        })
        .await;
    match outcome {
        Ok(signed_in) => {
            attempt.end();
            Ok(signed_in)
        }
        // Whose user lost their access, or their password, a moment ago.
        Err(problem) if problem.code() == Code::InvalidCredentials => {
            Err(refusal::fail(state, caller, subject, attempt, Reason::WrongPassword).await)
        }
        Err(problem) => Err(give_back(attempt, problem)),
    }
}

/// The same statements, whoever is found.
fn look_up(
    connection: &mut DbConnection,
    identifier: &str,
    device_hash: Option<&str>,
    address: &Bucket,
    now: Timestamp,
) -> diesel::QueryResult<Found> {
    let credentials = credentials::by_identifier(connection, identifier)?;
    let user_id = credentials.as_ref().map(|credentials| credentials.id);
    let device = match device_hash {
        Some(hash) => devices::find(connection, hash, user_id.unwrap_or_default())?,
        None => None,
    };
    let bucket = match &device {
        Some(device) => Bucket::device(&device.id),
        None => Bucket::sign_in(user_id, identifier),
    };
    let of_address = attempts::check(connection, address.clone(), now)?;
    let of_account = attempts::check(connection, bucket.clone(), now)?;
    // Whoever has signed in on this device before is no stranger who goes through many names at one address.
    let refusal = of_account.or(of_address.filter(|_| device.is_none()));
    Ok(Found { credentials, device, bucket, refusal })
}

fn judge(found: Option<Credentials>, verdict: Verdict, verification: EmailVerification) -> Result<Credentials, Reason> {
    let credentials = found.ok_or(Reason::Unknown)?;
    if verdict == Verdict::Wrong {
        return Err(Reason::WrongPassword);
    }
    match credentials.hindrance(verification) {
        Some(reason) => Err(reason),
        None => Ok(credentials),
    }
}

fn give_back(attempt: Attempt, problem: Problem) -> Problem {
    attempt.give_back();
    problem
}

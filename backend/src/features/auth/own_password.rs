//! The password, or the second factor, of somebody who is signed in already: whoever has got hold of their session must not
//! guess it.

use super::credentials::{self, Credentials};
use crate::access::{Actor, Caller};
use crate::crypto::password_hash::Verdict;
use crate::db::{DbConnection, Timestamp};
use crate::features::attempts::{self, Attempt, Bucket, Refusal, Reservation, Rule};
use crate::features::audit::{self, Changes, Event, Target};
use crate::features::mfa::{self, Claim};
use crate::features::users::User;
use crate::problem::{Code, Problem};
use crate::state::AppState;

use super::password_policy::EnteredPassword;

/// The caller's credentials, if the password is theirs.
///
/// # Errors
/// `too_many_attempts`: nobody but them can bring that about.
pub(super) async fn verify(
    state: &AppState,
    caller: &Caller,
    actor: &Actor,
    password: EnteredPassword,
) -> Result<Option<Credentials>, Problem> {
    let user_id = actor.account.user.id;
    let attempt = begin(state, Bucket::reauthentication(user_id)).await?;
    let found = state.database.read(move |connection| credentials::by_id(connection, user_id)).await?;
    let stored = found.as_ref().and_then(|credentials| credentials.password_hash.clone());
    let verdict = match state.hasher.verify(password.into_secret(), stored).await {
        Ok(verdict) => verdict,
        Err(problem) => {
            attempt.give_back();
            return Err(problem);
        }
    };
    let is_right = found.is_some() && verdict != Verdict::Wrong;
    let (reservation, now, caller, user) =
        (attempt.reservation(), state.clock.now(), caller.clone(), actor.account.user.clone());
    state
        .database
        .write(move |connection| {
            if is_right {
                return Ok(attempts::succeed(connection, &reservation)?);
            }
            refuse(connection, &caller, &user, &reservation, "wrong_password", now)
        })
        .await?;
    attempt.end();
    Ok(found.filter(|_| is_right))
}

/// Whether a code, or a passkey, proves the caller's second factor; it is used up then. Counted with those at signing in, and apart
/// from the password: who knows that must not begin to count anew by it.
///
/// # Errors
/// `too_many_attempts`, as for a password.
pub(super) async fn verify_second_factor(
    state: &AppState,
    caller: &Caller,
    actor: &Actor,
    claim: Claim,
) -> Result<bool, Problem> {
    let user = actor.account.user.clone();
    let attempt = begin(state, Bucket::second_factor(user.id)).await?;
    let proof = match mfa::judge(state, caller, user.id, &claim).await {
        Ok(proof) => proof,
        Err(problem) => {
            attempt.give_back();
            return Err(problem);
        }
    };
    let (reservation, now, caller, state_for_proof) =
        (attempt.reservation(), state.clock.now(), caller.clone(), state.clone());
    let is_right = state
        .database
        .write(move |connection| {
            if let Some(proof) = proof
                && proof.consume(&state_for_proof, connection, &caller, &user, now)?
            {
                attempts::succeed(connection, &reservation)?;
                return Ok(true);
            }
            refuse(connection, &caller, &user, &reservation, "wrong_code", now)?;
            Ok::<_, Problem>(false)
        })
        .await?;
    attempt.end();
    Ok(is_right)
}

async fn begin(state: &AppState, bucket: Bucket) -> Result<Attempt, Problem> {
    let now = state.clock.now();
    let refused = |refusal: Refusal| Problem::wait(Code::TooManyAttempts, refusal.wait(now));
    let looked_at = bucket.clone();
    let check = move |connection: &mut DbConnection| attempts::check(connection, looked_at.clone(), now);
    if let Some(refusal) = state.database.read(check).await? {
        return Err(refused(refusal));
    }
    Attempt::begin(state, bucket, Rule::of_account(&state.settings.lockout)).await?.map_err(refused)
}

fn refuse(
    connection: &mut DbConnection,
    caller: &Caller,
    user: &User,
    reservation: &Reservation,
    reason: &'static str,
    now: Timestamp,
) -> Result<(), Problem> {
    attempts::fail(connection, reservation, now)?;
    let event = Event::refused("user.reauthentication_refused", Target::user(user));
    let event = Event { changes: Changes::none().field("reason", (), reason), ..event };
    Ok(audit::record(connection, caller, event, now)?)
}

//! The password of somebody who is signed in already: whoever has got hold of their session must not guess it.

use super::queries::{self, Credentials};
use crate::access::{Actor, Caller};
use crate::crypto::password_hash::Verdict;
use crate::features::attempts::{self, Attempt, Bucket, Refusal, Rule};
use crate::features::audit::{self, Changes, Event, Target};
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
    let (user_id, now) = (actor.account.user.id, state.clock.now());
    let bucket = Bucket::reauthentication(user_id);
    let bucket_for_look = bucket.clone();
    let (found, refusal) = state
        .database
        .read(move |connection| {
            let refusal = attempts::check(connection, bucket_for_look.clone(), now)?;
            Ok((queries::credentials_by_id(connection, user_id)?, refusal))
        })
        .await?;
    let refused = |refusal: Refusal| Problem::wait(Code::TooManyAttempts, refusal.wait(now));
    if let Some(refusal) = refusal {
        return Err(refused(refusal));
    }
    let attempt = Attempt::begin(state, bucket, Rule::of_account(&state.settings.lockout)).await?.map_err(refused)?;
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
            attempts::fail(connection, &reservation, now)?;
            let event = Event::refused("user.reauthentication_refused", Target::user(&user));
            let event = Event { changes: Changes::none().field("reason", (), "wrong_password"), ..event };
            Ok::<_, Problem>(audit::record(connection, &caller, event, now)?)
        })
        .await?;
    attempt.end();
    Ok(found.filter(|_| is_right))
}

//! How sessions end.

use diesel::QueryResult;
use uuid::Uuid;

use super::queries;
use crate::access::{AccessChanges, Act, Caller, Change};
use crate::db::{DbConnection, Timestamp};
use crate::features::audit::{self, Changes, Event, Target};
use crate::features::users;
use crate::problem::Problem;
use crate::state::AppState;

/// Why a session ended, as the store and the audit trail say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndReason {
    /// Its user signed out.
    SignedOut,
    /// Its user, or an administrator, ended it.
    Revoked,
    /// A refresh token was presented that had been used long before: somebody else may have it.
    TokenReused,
    /// The password was changed.
    PasswordChanged,
    /// The user was deactivated.
    Deactivated,
    /// An administrator reset the user's access.
    AccessReset,
    /// No second factor was proved in it, and a role of its user requires one by now.
    SecondFactorRequired,
    /// Somebody acted in the user's name in it, and the session ended that they did it from.
    ImpersonatorSessionEnded,
}

impl EndReason {
    /// As it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::Revoked => "revoked",
            Self::TokenReused => "token_reused",
            Self::PasswordChanged => "password_changed",
            Self::Deactivated => "deactivated",
            Self::AccessReset => "access_reset",
            Self::SecondFactorRequired => "second_factor_required",
            Self::ImpersonatorSessionEnded => "impersonator_session_ended",
        }
    }
}

/// Ends one session; whether it lived. Its access tokens end with it, and what was begun from it in the name of others.
pub fn end(
    connection: &mut DbConnection,
    changes: &mut AccessChanges,
    session_id: Uuid,
    reason: EndReason,
    now: Timestamp,
) -> QueryResult<bool> {
    for begun in queries::impersonations_begun_from(connection, session_id)? {
        let id = Uuid::try_parse(&begun).unwrap_or_default();
        changes.add(Change::Session(id));
        queries::end(connection, id, EndReason::ImpersonatorSessionEnded.as_str(), now)?;
    }
    changes.add(Change::Session(session_id));
    queries::end(connection, session_id, reason.as_str(), now)
}

/// Ends all sessions of a user but `except`; how many there were.
pub fn end_all_of_user(
    connection: &mut DbConnection,
    changes: &mut AccessChanges,
    user_id: Uuid,
    except: Option<Uuid>,
    reason: EndReason,
    now: Timestamp,
) -> QueryResult<usize> {
    let mut ended = 0;
    for session in queries::live_of_user(connection, user_id, now)? {
        let id = Uuid::try_parse(&session.id).unwrap_or_default();
        if Some(id) != except && end(connection, changes, id, reason, now)? {
            ended += 1;
        }
    }
    Ok(ended)
}

/// Ends one of the caller's own sessions.
///
/// # Errors
/// `not_found` for a session that is not theirs or has ended.
pub(super) async fn end_own(state: &AppState, caller: Caller, session_id: Uuid) -> Result<(), Problem> {
    let now = state.clock.now();
    let user_id = caller.user_id();
    state
        .change_access(move |connection, changes| {
            let row = queries::find(connection, session_id)?;
            let owned = row.is_some_and(|row| Uuid::try_parse(&row.user_id).ok() == user_id);
            if !owned || !end(connection, changes, session_id, EndReason::Revoked, now)? {
                return Err(Problem::not_found());
            }
            record_end(connection, &caller, user_id.unwrap_or_default(), 1, now)
        })
        .await
}

/// Ends all of the caller's own sessions but the one that they ask from.
///
/// # Errors
/// Faults of the store.
pub(super) async fn end_own_others(state: &AppState, caller: Caller) -> Result<(), Problem> {
    let now = state.clock.now();
    let (user_id, kept) = (caller.user_id().unwrap_or_default(), caller.session_id());
    state
        .change_access(move |connection, changes| {
            let ended = end_all_of_user(connection, changes, user_id, kept, EndReason::Revoked, now)?;
            record_end(connection, &caller, user_id, ended, now)
        })
        .await
}

/// Ends all sessions of a user.
///
/// # Errors
/// `not_found`, and `privilege_escalation` when the user may do more than the caller.
pub(super) fn end_of_user(act: &mut Act<'_>, user_id: Uuid) -> Result<(), Problem> {
    let user = users::find(act.connection, user_id)?.ok_or_else(Problem::not_found)?;
    act.attempt("user.sessions_ended", Target::user(&user));
    act.must_cover_user(user_id)?;
    let ended = end_all_of_user(act.connection, act.changes, user_id, None, EndReason::Revoked, act.now)?;
    record_end(act.connection, act.caller, user_id, ended, act.now)
}

/// Writes down that sessions of a user were ended, if there were any.
fn record_end(
    connection: &mut DbConnection,
    caller: &Caller,
    user_id: Uuid,
    ended: usize,
    now: Timestamp,
) -> Result<(), Problem> {
    let user = users::find(connection, user_id)?.ok_or_else(Problem::not_found)?;
    if ended > 0 {
        let changes = Changes::none().field("sessions_ended", 0, ended);
        audit::record(connection, caller, Event::done("user.sessions_ended", Target::user(&user), changes), now)?;
    }
    Ok(())
}

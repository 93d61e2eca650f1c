//! How sessions begin, are renewed, and end.

use std::time::Duration;

use diesel::QueryResult;
use uuid::Uuid;

use super::model::{ImpersonationRow, Session, SessionRow, SessionView};
use super::queries;
use crate::access::{AccessChanges, Act, Caller, Change, RequestOrigin};
use crate::config::SessionSettings;
use crate::crypto::opaque_token::OpaqueToken;
use crate::crypto::random_text;
use crate::db::{DbConnection, Timestamp};
use crate::features::audit::{self, Changes, Event, Target};
use crate::features::users;
use crate::http::list::{ListRequest, Page, in_memory};
use crate::problem::{Code, Problem};
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
            Self::ImpersonatorSessionEnded => "impersonator_session_ended",
        }
    }
}

/// A session that has just begun, and its first refresh token.
pub struct NewSession {
    /// The session.
    pub session: Session,
    /// What renews it.
    pub refresh_token: OpaqueToken,
}

/// Begins a session; `mfa`: a second factor was proved for it.
pub fn open(
    connection: &mut DbConnection,
    user_id: Uuid,
    remember: bool,
    mfa: bool,
    origin: &RequestOrigin,
    settings: &SessionSettings,
    now: Timestamp,
) -> QueryResult<NewSession> {
    let lifetime = if remember { settings.remember_ttl } else { settings.absolute_ttl };
    let row = SessionRow { remember, mfa, ..new_row(user_id, origin, now.plus(lifetime), now) };
    queries::insert(connection, &row)?;
    let (session, refresh_token) = (Session::from_row(&row), OpaqueToken::generate());
    queries::insert_token(connection, refresh_token.hash(), session.id, now)?;
    Ok(NewSession { session, refresh_token })
}

/// Begins a session in which `impersonator`, from their own session `begun_from`, acts in the name of a user. Nothing renews
/// it, and it ends with the session that it was begun from.
pub fn open_impersonation(
    connection: &mut DbConnection,
    user_id: Uuid,
    impersonator: Uuid,
    begun_from: Uuid,
    origin: &RequestOrigin,
    longest: Duration,
    now: Timestamp,
) -> Result<Session, Problem> {
    let own = queries::find(connection, begun_from)?.filter(|row| row.ended_at.is_none() && row.expires_at > now);
    let own = own.ok_or_else(|| Problem::new(Code::Unauthenticated))?;
    let expires_at = now.plus(longest).min(own.expires_at);
    let row = SessionRow { auth_time: own.auth_time, ..new_row(user_id, origin, expires_at, now) };
    queries::insert(connection, &row)?;
    let impersonation = ImpersonationRow {
        session_id: row.id.clone(),
        impersonator_id: impersonator.to_string(),
        impersonator_session_id: own.id,
    };
    queries::insert_impersonation(connection, &impersonation)?;
    Ok(Session { impersonator_id: Some(impersonator), ..Session::from_row(&row) })
}

fn new_row(user_id: Uuid, origin: &RequestOrigin, expires_at: Timestamp, now: Timestamp) -> SessionRow {
    SessionRow {
        id: Uuid::now_v7().to_string(),
        user_id: user_id.to_string(),
        created_at: now,
        last_used_at: now,
        expires_at,
        auth_time: now,
        remember: false,
        mfa: false,
        ip: origin.ip.map(|ip| ip.to_string()),
        user_agent: origin.user_agent.as_deref().map(str::to_owned),
        ended_at: None,
        end_reason: None,
    }
}

/// What presenting a refresh token led to.
pub enum Rotation {
    /// The session goes on with this token.
    Renewed(Session, OpaqueToken),
    /// The token was replaced before, and not just now: the session must end.
    Reused(Session),
    /// It is no token of a session that lives.
    Refused,
}

/// Replaces a refresh token by its successor (RFC 9700, section 4.14.2).
pub fn rotate(
    connection: &mut DbConnection,
    presented: &OpaqueToken,
    origin: &RequestOrigin,
    settings: &SessionSettings,
    now: Timestamp,
) -> QueryResult<Rotation> {
    let hash = presented.hash();
    let salt = random_text();
    let successor = presented.successor(&salt);
    // Writing first settles who of many at once is the one that replaces it.
    let replaced = queries::replace_token(connection, &hash, &successor.hash(), &salt, now)?;
    let Some(token) = queries::find_token(connection, &hash)? else { return Ok(Rotation::Refused) };
    let session_id = Uuid::try_parse(&token.session_id).unwrap_or_default();
    let Some(row) = queries::find(connection, session_id)? else { return Ok(Rotation::Refused) };
    let session = Session::from_row(&row);
    if !is_alive(&row, settings, now) {
        return Ok(Rotation::Refused);
    }
    if replaced {
        queries::insert_token(connection, successor.hash(), session_id, now)?;
        queries::touch(connection, session_id, origin, now)?;
        return Ok(Rotation::Renewed(session, successor));
    }
    match successor_within_grace(connection, presented, &token, settings.refresh_grace, now)? {
        Some(successor) => Ok(Rotation::Renewed(session, successor)),
        None => Ok(Rotation::Reused(session)),
    }
}

fn is_alive(row: &SessionRow, settings: &SessionSettings, now: Timestamp) -> bool {
    // Who asked to be remembered may stay away for long: only the absolute end counts.
    let idle = !row.remember && row.last_used_at.plus(settings.idle_ttl) <= now;
    row.ended_at.is_none() && row.expires_at > now && !idle
}

/// Two tabs present the same token at the same moment; the later one gets what the first one got.
fn successor_within_grace(
    connection: &mut DbConnection,
    presented: &OpaqueToken,
    token: &queries::RefreshTokenRow,
    grace: Duration,
    now: Timestamp,
) -> QueryResult<Option<OpaqueToken>> {
    let (Some(replaced_at), Some(hash), Some(salt)) = (token.replaced_at, &token.successor_hash, &token.successor_salt)
    else {
        return Ok(None);
    };
    if replaced_at.plus(grace) <= now {
        return Ok(None);
    }
    let is_newest = queries::find_token(connection, hash)?.is_some_and(|successor| successor.replaced_at.is_none());
    Ok(is_newest.then(|| presented.successor(salt)))
}

/// The living session that a refresh token belongs to, without using the token.
pub fn find_by_refresh_token(
    connection: &mut DbConnection,
    presented: &OpaqueToken,
    settings: &SessionSettings,
    now: Timestamp,
) -> QueryResult<Option<Session>> {
    let Some(token) = queries::find_token(connection, &presented.hash())? else { return Ok(None) };
    let row = queries::find(connection, Uuid::try_parse(&token.session_id).unwrap_or_default())?;
    Ok(row.filter(|row| is_alive(row, settings, now)).map(|row| Session::from_row(&row)))
}

/// A session by its id, living or not.
pub fn find(connection: &mut DbConnection, id: Uuid) -> QueryResult<Option<Session>> {
    Ok(queries::find(connection, id)?.map(|row| Session::from_row(&row)))
}

/// Notes that the user has just proved once more who they are.
pub fn renew_proof(connection: &mut DbConnection, session_id: Uuid, now: Timestamp) -> QueryResult<()> {
    queries::set_auth_time(connection, session_id, now)
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

/// The sessions of a user that live, as people see them.
pub fn views_of_user(
    connection: &mut DbConnection,
    user_id: Uuid,
    current: Option<Uuid>,
    settings: &SessionSettings,
    now: Timestamp,
) -> QueryResult<Vec<SessionView>> {
    let alive = queries::live_of_user(connection, user_id, now)?.into_iter().filter(|row| is_alive(row, settings, now));
    let mut impersonators = queries::impersonators_of_user(connection, user_id)?;
    let view = |row: SessionRow| {
        let impersonator = impersonators.remove(&row.id);
        SessionView::from_row(row, current, impersonator)
    };
    Ok(alive.map(view).collect())
}

/// The sessions of a user that live.
///
/// # Errors
/// `not_found` for a user that does not exist; `permission_denied` for an API key that is used on its owner.
pub(super) async fn list(
    state: &AppState,
    caller: &Caller,
    user_id: Uuid,
    request: ListRequest,
) -> Result<Page<SessionView>, Problem> {
    caller.must_not_reach_owner(user_id)?;
    let current = caller.session_id();
    let (now, settings) = (state.clock.now(), state.settings.session.clone());
    let views = state
        .database
        .read(move |connection| match users::find(connection, user_id)? {
            Some(_) => views_of_user(connection, user_id, current, &settings, now).map(Some),
            None => Ok(None),
        })
        .await?;
    in_memory(&request, views.ok_or_else(Problem::not_found)?)
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

/// Deletes sessions that ended so long ago that nobody asks for them any more.
pub fn purge(connection: &mut DbConnection, now: Timestamp) -> QueryResult<usize> {
    const KEPT_FOR: Duration = Duration::from_secs(7 * 86_400);
    queries::delete_dead(connection, now.minus(KEPT_FOR))
}

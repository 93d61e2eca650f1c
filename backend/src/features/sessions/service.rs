//! How sessions begin, and how they are looked up.

use std::time::Duration;

use diesel::QueryResult;
use uuid::Uuid;

use super::model::{ImpersonationRow, Session, SessionRow, SessionView};
use super::queries;
use super::rotation::is_alive;
use crate::access::{Caller, RequestOrigin};
use crate::config::SessionSettings;
use crate::crypto::opaque_token::OpaqueToken;
use crate::db::{DbConnection, Timestamp};
use crate::features::users;
use crate::http::list::{ListRequest, Page, in_memory};
use crate::problem::{Code, Problem};
use crate::state::AppState;

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

/// A session by its id, living or not.
pub fn find(connection: &mut DbConnection, id: Uuid) -> QueryResult<Option<Session>> {
    Ok(queries::find(connection, id)?.map(|row| Session::from_row(&row)))
}

/// Notes that the user has just proved once more who they are.
pub fn renew_proof(connection: &mut DbConnection, session_id: Uuid, now: Timestamp) -> QueryResult<()> {
    queries::set_auth_time(connection, session_id, now)
}

/// Notes that the user has proved a second factor in this session.
pub fn note_second_factor(connection: &mut DbConnection, session_id: Uuid) -> QueryResult<()> {
    queries::set_mfa(connection, session_id)
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

/// Deletes sessions that ended so long ago that nobody asks for them any more.
pub fn purge(connection: &mut DbConnection, now: Timestamp) -> QueryResult<usize> {
    const KEPT_FOR: Duration = Duration::from_secs(7 * 86_400);
    queries::delete_dead(connection, now.minus(KEPT_FOR))
}

//! How a device becomes known, and is forgotten.

use std::time::Duration;

use diesel::QueryResult;
use uuid::Uuid;

use super::model::DeviceView;
use super::queries;
use crate::access::{Caller, RequestOrigin};
use crate::crypto::opaque_token::OpaqueToken;
use crate::db::{DbConnection, Timestamp};
use crate::features::audit::{self, Changes, Event, Target};
use crate::http::list::{ListRequest, Page, in_memory};
use crate::problem::{Code, Problem};
use crate::state::AppState;

/// A device that is not used for so long is forgotten, by the browser and by the store.
pub(crate) const LIFETIME: Duration = Duration::from_secs(365 * 86_400);
/// A user has so many devices at most; the one that was not used for longest goes.
const MOST: i64 = 20;

/// A device of a user.
#[derive(Clone, Debug)]
pub(crate) struct Device {
    pub(crate) id: String,
    /// Until when signing in on it takes no second factor.
    pub(crate) trusted_until: Option<Timestamp>,
}

impl Device {
    /// Whether its user is asked for no second factor on it.
    pub(crate) fn is_trusted(&self, now: Timestamp) -> bool {
        self.trusted_until.is_some_and(|until| until > now)
    }
}

/// Notes that a user has just signed in on a device. Answers the token of a new one, if it was not known.
pub(crate) fn remember(
    connection: &mut DbConnection,
    known: Option<&Device>,
    user_id: Uuid,
    origin: &RequestOrigin,
    now: Timestamp,
) -> QueryResult<Option<OpaqueToken>> {
    if let Some(device) = known
        && queries::touch(connection, device, origin, now)?
    {
        return Ok(None);
    }
    let token = OpaqueToken::generate();
    queries::insert(connection, &token.hash(), user_id, origin, now)?;
    queries::keep_newest(connection, user_id, MOST)?;
    Ok(Some(token))
}

/// Forgets devices that were not used for long.
pub(crate) fn purge(connection: &mut DbConnection, now: Timestamp) -> QueryResult<()> {
    queries::delete_unused_since(connection, now.minus(LIFETIME))
}

/// A user's devices, as people see them. `current`: the hash of the token of the browser that asks.
pub(crate) fn views_of_user(
    connection: &mut DbConnection,
    user_id: Uuid,
    current: Option<&str>,
    now: Timestamp,
) -> QueryResult<Vec<DeviceView>> {
    let rows = queries::of_user(connection, user_id)?;
    Ok(rows.into_iter().map(|row| DeviceView::from_row(row, current, now)).collect())
}

/// A user's devices. `current`: the token of the browser that asks.
///
/// # Errors
/// Faults of the store.
pub(super) async fn list_own(
    state: &AppState,
    user_id: Uuid,
    current: Option<OpaqueToken>,
    request: ListRequest,
) -> Result<Page<DeviceView>, Problem> {
    let current = current.map(|token| token.hash());
    let now = state.clock.now();
    let list = move |connection: &mut DbConnection| views_of_user(connection, user_id, current.as_deref(), now);
    let views = state.database.read(list).await?;
    in_memory(&request, views)
}

/// Forgets one of the caller's own devices: it is unknown at the next sign-in, and whatever it was trusted with is gone.
///
/// # Errors
/// `not_found` for a device that is not theirs.
pub(super) async fn forget_own(state: &AppState, caller: Caller, id: Uuid) -> Result<(), Problem> {
    let (user_id, now) = (own_id(&caller)?, state.clock.now());
    state
        .database
        .write(move |connection| {
            let device = queries::delete(connection, id, user_id)?.ok_or_else(Problem::not_found)?;
            let changes = Changes::none().field("user_agent", device.user_agent, ()).field("ip", device.ip, ());
            record(connection, &caller, changes.field("devices_forgotten", 0, 1), now)
        })
        .await
}

/// Forgets all of the caller's own devices but the one that holds a token.
///
/// # Errors
/// Faults of the store.
pub(super) async fn forget_own_others(
    state: &AppState,
    caller: Caller,
    kept: Option<OpaqueToken>,
) -> Result<(), Problem> {
    let (user_id, now) = (own_id(&caller)?, state.clock.now());
    let kept = kept.map(|token| token.hash());
    state
        .database
        .write(move |connection| match queries::delete_others(connection, user_id, kept.as_deref())? {
            0 => Ok(()),
            forgotten => record(connection, &caller, Changes::none().field("devices_forgotten", 0, forgotten), now),
        })
        .await
}

fn own_id(caller: &Caller) -> Result<Uuid, Problem> {
    caller.user_id().ok_or_else(|| Problem::new(Code::Unauthenticated))
}

fn record(connection: &mut DbConnection, caller: &Caller, changes: Changes, now: Timestamp) -> Result<(), Problem> {
    let Some(actor) = &caller.actor else { return Err(Problem::new(Code::Unauthenticated)) };
    let event = Event::done("user.devices_forgotten", Target::user(&actor.account.user), changes);
    Ok(audit::record(connection, caller, event, now)?)
}

//! How an identity is linked, and unlinked.

use diesel::QueryResult;
use uuid::Uuid;

use super::model::{IdentityView, NewIdentity};
use super::queries;
use crate::access::Caller;
use crate::db::{DbConnection, Timestamp};
use crate::features::audit::{self, Changes, Event, Target};
use crate::features::auth;
use crate::features::users::User;
use crate::http::list::{ListRequest, Page, in_memory};
use crate::problem::{Code, Problem};
use crate::state::AppState;

/// A user's identities, as people see them.
pub(crate) fn views_of_user(connection: &mut DbConnection, user_id: Uuid) -> QueryResult<Vec<IdentityView>> {
    Ok(queries::of_user(connection, user_id)?.into_iter().map(IdentityView::from).collect())
}

/// Links an identity that is nobody's to a user.
pub(crate) fn link(
    connection: &mut DbConnection,
    caller: &Caller,
    user: &User,
    new: &NewIdentity<'_>,
    now: Timestamp,
) -> QueryResult<()> {
    let id = Uuid::now_v7();
    queries::insert(connection, id, user.id, new, now)?;
    let changes = Changes::none().field("provider", (), new.provider).field("user_id", (), user.id);
    let event = Event::done("identity.linked", Target::new("identity", id, new.label()), changes).by(user);
    audit::record(connection, caller, event, now)
}

/// A user's identities.
///
/// # Errors
/// Faults of the store.
pub(super) async fn list_own(
    state: &AppState,
    user_id: Uuid,
    request: ListRequest,
) -> Result<Page<IdentityView>, Problem> {
    let views = state.database.read(move |connection| views_of_user(connection, user_id)).await?;
    in_memory(&request, views)
}

/// Unlinks one of the caller's own identities.
///
/// # Errors
/// `not_found` for one that is not theirs; `last_sign_in_method` if nothing would be left to sign in by.
pub(super) async fn unlink_own(state: &AppState, caller: Caller, id: Uuid) -> Result<(), Problem> {
    let user_id = caller.user_id().ok_or_else(|| Problem::new(Code::Unauthenticated))?;
    let (now, state_for_look) = (state.clock.now(), state.clone());
    // Under the clock of access: of two that are unlinked at once, each would see the other.
    state
        .change_access(move |connection, _| {
            let id = id.to_string();
            let own = queries::of_user(connection, user_id)?;
            let identity = own.iter().find(|identity| identity.id == id).ok_or_else(Problem::not_found)?;
            queries::delete(connection, identity)?;
            auth::must_keep_a_way_in(&state_for_look, connection, user_id)?;
            let changes = Changes::none().field("provider", &identity.provider, ()).field("user_id", user_id, ());
            let target = Target::new("identity", &identity.id, identity.label());
            Ok(audit::record(connection, &caller, Event::done("identity.unlinked", target, changes), now)?)
        })
        .await
}

/// Whether a user can sign in by an account elsewhere, of a provider that is configured.
pub(crate) fn has_usable(state: &AppState, connection: &mut DbConnection, user_id: Uuid) -> QueryResult<bool> {
    Ok(queries::of_user(connection, user_id)?.iter().any(|identity| state.oidc.knows_issuer(&identity.issuer)))
}

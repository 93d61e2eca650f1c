use super::model::{MePatch, PersonalData};
use crate::access::{Account, Caller};
use crate::features::api_keys;
use crate::features::audit::{self, Changes, Event, Target};
use crate::features::devices;
use crate::features::identities;
use crate::features::passkeys;
use crate::features::sessions;
use crate::features::users::{self, UserChange};
use crate::http::Precondition;
use crate::mail::Message;
use crate::problem::{Code, Problem};
use crate::state::AppState;

/// Changes what one may change of oneself.
///
/// # Errors
/// `username_taken`, `precondition_failed`; `impersonation_refused` for the username, of who acts in the caller's name.
pub(super) async fn update(
    state: &AppState,
    caller: Caller,
    precondition: Precondition,
    patch: MePatch,
) -> Result<Account, Problem> {
    let id = caller.user_id().ok_or_else(|| Problem::new(Code::Unauthenticated))?;
    let change = UserChange {
        username: patch.username.into_option(),
        display_name: patch.display_name.into_option(),
        locale: patch.locale.into_option(),
        ..UserChange::default()
    };
    state
        .act_on_oneself(caller, move |act| {
            let user = users::change_own(act, id, &precondition, &change)?;
            Ok(Account::new(user, act.caller.permissions(act.connection)?))
        })
        .await
}

/// How many events the file about oneself holds.
const EXPORTED_EVENTS: i64 = 10_000;

/// Deletes the caller's own account.
///
/// # Errors
/// `last_admin`.
pub(super) async fn delete(state: &AppState, caller: Caller) -> Result<(), Problem> {
    let id = caller.user_id().ok_or_else(|| Problem::new(Code::Unauthenticated))?;
    state
        .act_on_oneself(caller, move |act| {
            let user = users::find(act.connection, id)?.ok_or_else(Problem::not_found)?;
            users::delete(act, id, &Precondition::default())?;
            act.state.mailer.queue(act.connection, &(&user).into(), &Message::AccountDeleted, act.now)
        })
        .await
}

/// Puts together what is stored about the caller, and notes that they have it.
///
/// # Errors
/// Faults of the store.
pub(super) async fn export(state: &AppState, caller: Caller) -> Result<PersonalData, Problem> {
    let (id, current) = (caller.user_id().unwrap_or_default(), caller.session_id());
    let (now, settings) = (state.clock.now(), state.settings.session.clone());
    state
        .database
        .write(move |connection| {
            let user = users::find(connection, id)?.ok_or_else(Problem::not_found)?;
            let event = Event::done("user.data_exported", Target::user(&user), Changes::none());
            audit::record(connection, &caller, event, now)?;
            let mut events = audit::events_about(connection, id, EXPORTED_EVENTS + 1)?;
            let limit = usize::try_from(EXPORTED_EVENTS).unwrap_or(usize::MAX);
            let events_truncated = events.len() > limit;
            events.truncate(limit);
            let sessions = sessions::views_of_user(connection, id, current, &settings, now)?;
            let devices = devices::views_of_user(connection, id, None, now)?;
            let identities = identities::views_of_user(connection, id)?;
            let api_keys = api_keys::views_of_user(connection, id)?;
            let passkeys = passkeys::views_of_user(connection, id)?;
            Ok(PersonalData {
                exported_at: now,
                user,
                sessions,
                devices,
                identities,
                passkeys,
                api_keys,
                events,
                events_truncated,
            })
        })
        .await
}

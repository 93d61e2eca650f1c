use super::model::MePatch;
use crate::access::{Account, Act, Caller};
use crate::features::users::{self, UserChange};
use crate::http::Precondition;
use crate::problem::{Code, Problem};
use crate::state::AppState;

/// Changes what one may change of oneself.
///
/// # Errors
/// `username_taken`, `precondition_failed`.
pub(super) async fn update(
    state: &AppState,
    caller: Caller,
    precondition: Precondition,
    patch: MePatch,
) -> Result<Account, Problem> {
    let id = caller.user_id().ok_or_else(|| Problem::new(Code::Unauthenticated))?;
    let now = state.clock.now();
    let change = UserChange {
        username: patch.username.into_option(),
        display_name: patch.display_name.into_option(),
        locale: patch.locale.into_option(),
        ..UserChange::default()
    };
    state
        .change_access(move |connection, changes| {
            let mut act = Act::new(connection, changes, &caller, now)?;
            let user = users::change(&mut act, id, &precondition, &change)?;
            Ok(Account::new(user, caller.permissions(act.connection)?))
        })
        .await
}

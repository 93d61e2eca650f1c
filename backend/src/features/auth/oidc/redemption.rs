//! From the code that the way back ended with to a session.

use crate::access::Caller;
use crate::crypto::opaque_token::OpaqueToken;
use crate::features::auth::answer::SignIn;
use crate::features::auth::credentials;
use crate::features::auth::fields::RefreshDelivery;
use crate::features::auth::one_time_token::{self, Purpose};
use crate::features::auth::steps::Progress;
use crate::features::devices;
use crate::problem::{Code, Problem};
use crate::state::AppState;

/// What the browser brings.
pub(super) struct Presented {
    pub(super) code: OpaqueToken,
    pub(super) browser: Option<OpaqueToken>,
    pub(super) device: Option<OpaqueToken>,
    pub(super) delivery: RefreshDelivery,
}

/// Takes the browser that came back from the provider as far as the right password would have: a second factor that is set
/// up here is asked for, whatever the provider asked for.
///
/// # Errors
/// `invalid_token`, also for another browser than the one that went to the provider.
pub(super) async fn redeem(state: &AppState, caller: Caller, presented: Presented) -> Result<SignIn, Problem> {
    let Presented { code, browser, device, delivery } = presented;
    let (hash, browser) = (code.hash(), browser.map(|browser| browser.hash()));
    let (now, state_for_session) = (state.clock.now(), state.clone());
    state
        .change_access(move |connection, changes| {
            let state = &state_for_session;
            let invalid = || Problem::new(Code::InvalidToken);
            let holder = one_time_token::redeem(connection, Purpose::OidcCode, &hash, now)?;
            if browser.is_none() || holder.subject != browser {
                return Err(invalid());
            }
            let found = credentials::by_id(connection, holder.user_id)?;
            let found = found.filter(|found| found.may_sign_in(state.settings.email_verification));
            let credentials = found.ok_or_else(invalid)?;
            let device = match device {
                Some(token) => devices::find(connection, &token.hash(), holder.user_id)?,
                None => None,
            };
            let user_id = holder.user_id;
            let progress =
                Progress { user_id, remember: false, second_factor: false, by_mailed_link: false, delivery, device };
            progress.advance(state, connection, changes, &caller, credentials.must_change_password, now)
        })
        .await
}

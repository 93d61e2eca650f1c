//! Signing in by a mailed link instead of a password.

use super::answer::SignIn;
use super::credentials;
use super::fields::RefreshDelivery;
use super::one_time_token::{self, Purpose};
use super::steps::Progress;
use crate::access::Caller;
use crate::crypto::opaque_token::OpaqueToken;
use crate::features::audit::{self, Changes, Event, Target};
use crate::features::devices;
use crate::features::users;
use crate::problem::{Code, Problem};
use crate::state::AppState;

/// Refuses where nobody signs in like this.
///
/// # Errors
/// `not_found`.
pub(super) fn require_enabled(state: &AppState) -> Result<(), Problem> {
    if state.settings.magic_link { Ok(()) } else { Err(Problem::not_found()) }
}

/// Takes whoever holds the token as far as the right password would have.
///
/// # Errors
/// `invalid_token`, also when the account has another address by now or may not be signed in to; `second_factor_unavailable`
/// where only a mailed code would be left.
pub(super) async fn redeem(
    state: &AppState,
    caller: Caller,
    device_token: Option<OpaqueToken>,
    token: OpaqueToken,
    delivery: RefreshDelivery,
) -> Result<SignIn, Problem> {
    let (hash, now, state_for_session) = (token.hash(), state.clock.now(), state.clone());
    state
        .change_access(move |connection, changes| {
            let state = &state_for_session;
            let invalid = || Problem::new(Code::InvalidToken);
            let holder = one_time_token::redeem(connection, Purpose::MagicLink, &hash, now)?;
            let found = credentials::by_id(connection, holder.user_id)?;
            let found = found.filter(|found| found.may_sign_in(state.settings.email_verification));
            let credentials = found.ok_or_else(invalid)?;
            if holder.subject.as_deref() != Some(credentials.email.as_str()) {
                return Err(invalid());
            }
            let user = users::find(connection, holder.user_id)?.ok_or_else(invalid)?;
            let event = Event::done("user.magic_link_used", Target::user(&user), Changes::none()).by(&user);
            audit::record(connection, &caller, event, now)?;
            let device = match device_token {
                Some(token) => devices::find(connection, &token.hash(), user.id)?,
                None => None,
            };
            let progress = Progress {
                user_id: user.id,
                remember: false,
                second_factor: false,
                by_mailed_link: true,
                delivery,
                device,
            };
            match progress.advance(state, connection, changes, &caller, credentials.must_change_password, now) {
                Err(problem) if problem.code() == Code::SecondFactorUnavailable => {
                    let changes = Changes::none().field("reason", (), problem.code().as_str());
                    let event = Event { changes, ..Event::refused("user.sign_in_refused", Target::user(&user)) };
                    audit::record(connection, &caller, event, now)?;
                    Ok(Err(problem))
                }
                other => other.map(Ok),
            }
        })
        .await?
}

//! Showing that an address is one's own.

use super::links;
use super::one_time_token::{self, Purpose};
use crate::access::{Caller, Change};
use crate::config::EmailVerification;
use crate::crypto::opaque_token::OpaqueToken;
use crate::features::audit::{self, Changes, Event, Target};
use crate::features::users;
use crate::mail::Message;
use crate::problem::{Code, Problem};
use crate::state::AppState;

/// Takes the address of whoever holds the token for theirs.
///
/// # Errors
/// `invalid_token`, also when the account has another address by now.
pub(super) async fn verify(state: &AppState, caller: Caller, token: OpaqueToken) -> Result<(), Problem> {
    let (hash, now, state_for_links) = (token.hash(), state.clock.now(), state.clone());
    state
        .change_access(move |connection, changes| {
            let state = &state_for_links;
            let holder = one_time_token::redeem(connection, Purpose::VerifyEmail, &hash, now)?;
            let user = users::find(connection, holder.user_id)?.ok_or_else(|| Problem::new(Code::InvalidToken))?;
            if holder.subject.as_deref() != Some(user.email.as_str()) || !user.active {
                return Err(Problem::new(Code::InvalidToken));
            }
            if user.email_verified {
                return Ok(());
            }
            users::mark_verified(connection, user.id, now)?;
            changes.add(Change::User(user.id));
            let what = Changes::none().field("email_verified", false, true);
            let event = Event::done("user.email_verified", Target::user(&user), what).by(&user);
            audit::record(connection, &caller, event, now)?;
            if user.approved {
                return state.mailer.queue(connection, &(&user).into(), &Message::Welcome, now);
            }
            // Nobody is asked to approve an address that may be anybody's; where it need not be verified, they were asked before.
            match state.settings.email_verification {
                EmailVerification::Required => links::ask_for_approval(state, connection, &user, now),
                EmailVerification::Optional => Ok(()),
            }
        })
        .await
}

//! Taking up an account that an administrator has made.

use super::answer::SignIn;
use super::model::InvitationAcceptance;
use super::one_time_token::{self, Purpose};
use super::password_policy::{self, Comparison, Owner};
use super::queries;
use super::steps::Progress;
use crate::access::Caller;
use crate::features::audit::{self, Changes, Event, Target};
use crate::features::users::{self, DisplayName, Username};
use crate::mail::Message;
use crate::problem::{Code, Problem};
use crate::state::AppState;

/// Chooses the first password, and signs in.
///
/// # Errors
/// `invalid_token`, `username_taken`, and those of a password that is not acceptable: then the token is still good.
pub(super) async fn accept(
    state: &AppState,
    caller: Caller,
    acceptance: InvitationAcceptance,
) -> Result<SignIn, Problem> {
    let InvitationAcceptance { token, password, username, display_name, refresh: delivery } = acceptance;
    let (hash, now) = (token.into_token().hash(), state.clock.now());
    let looked_for = hash.clone();
    let user = state
        .database
        .read(move |connection| {
            match queries::holder_of_token(connection, &looked_for, Purpose::AcceptInvitation, now)? {
                Some(holder) => users::find(connection, holder.user_id),
                None => Ok(None),
            }
        })
        .await?
        .ok_or_else(|| Problem::new(Code::InvalidToken))?;
    let owner = Owner {
        email: &user.email,
        username: username.as_ref().map(Username::as_str).or(user.username.as_deref()),
        display_name: display_name.as_ref().map(DisplayName::as_str).or(user.display_name.as_deref()),
    };
    let accepted = password_policy::accept(state, password, "password", owner, Comparison::Nothing).await?;
    let password_hash = accepted.hash(&state.hasher).await?;
    let state_for_mail = state.clone();
    state
        .change_access(move |connection, changes| {
            let holder = one_time_token::redeem(connection, Purpose::AcceptInvitation, &hash, now)?;
            let user = users::find(connection, holder.user_id)?.ok_or_else(|| Problem::new(Code::InvalidToken))?;
            let able = holder.subject.as_deref() == Some(user.email.as_str()) && user.active && user.approved;
            if !able || queries::has_password(connection, user.id)? {
                return Err(Problem::new(Code::InvalidToken));
            }
            users::take_up(connection, &user, username.as_ref(), display_name.as_ref(), now)?;
            let history = state_for_mail.settings.password.history;
            users::store_password(connection, user.id, &password_hash, false, history, now)?;
            queries::void_tokens_of_user(connection, user.id)?;
            let event = Event::done("user.invitation_accepted", Target::user(&user), Changes::none()).by(&user);
            audit::record(connection, &caller, event, now)?;
            state_for_mail.mailer.queue(connection, &(&user).into(), &Message::Welcome, now)?;
            let delivery = delivery.unwrap_or_default();
            let progress = Progress {
                user_id: user.id,
                remember: false,
                second_factor: false,
                by_mailed_link: false,
                delivery,
                device: None,
            };
            progress.advance(&state_for_mail, connection, changes, &caller, false, now)
        })
        .await
}

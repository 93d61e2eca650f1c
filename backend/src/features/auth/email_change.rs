//! Putting another address in the place of one's own.

use super::one_time_token::{self, Purpose};
use super::{links, queries};
use crate::access::{Caller, Change};
use crate::crypto::opaque_token::OpaqueToken;
use crate::features::audit::{self, Changes, Event, Target};
use crate::features::users::{self, Email};
use crate::mail::Message;
use crate::problem::{Code, Problem};
use crate::state::AppState;

/// Asks at the new address. The answer is the same for one that is taken, which gets no mail.
///
/// # Errors
/// Faults of the store.
pub(super) async fn ask(state: &AppState, caller: Caller, new_email: Email) -> Result<(), Problem> {
    let user_id = caller.user_id().ok_or_else(|| Problem::new(Code::Unauthenticated))?;
    let (now, state_for_links) = (state.clock.now(), state.clone());
    state
        .database
        .write(move |connection| {
            let user = users::find(connection, user_id)?.ok_or_else(|| Problem::new(Code::Unauthenticated))?;
            if user.email == new_email.as_str() {
                return Ok(());
            }
            let event = Event::done("user.email_change_asked", Target::user(&user), Changes::none());
            audit::record(connection, &caller, event, now)?;
            // The same address in another case is one's own, and may be had.
            let is_own = users::normalize(&user.email) == new_email.normalized();
            if !is_own && users::email_is_taken(connection, &new_email)? {
                return Ok(());
            }
            links::send_email_change(&state_for_links, connection, &user, &new_email, now)
        })
        .await
}

/// Changes the address of whoever holds the token, tells the old one, and voids what was sent there.
///
/// # Errors
/// `invalid_token`; `email_taken` when somebody else has taken it meanwhile.
pub(super) async fn confirm(state: &AppState, caller: Caller, token: OpaqueToken) -> Result<(), Problem> {
    let (hash, now, state_for_mail) = (token.hash(), state.clock.now(), state.clone());
    state
        .change_access(move |connection, changes| {
            let holder = one_time_token::redeem(connection, Purpose::ChangeEmail, &hash, now)?;
            let user = users::find(connection, holder.user_id)?.ok_or_else(|| Problem::new(Code::InvalidToken))?;
            let email = holder.subject.as_deref().and_then(|subject| Email::parse(subject).ok());
            let email = email.filter(|_| user.active && user.approved);
            let email = email.ok_or_else(|| Problem::new(Code::InvalidToken))?;
            users::replace_email(connection, &user, &email, now)?;
            queries::void_tokens(
                connection,
                user.id,
                &[Purpose::VerifyEmail, Purpose::ResetPassword, Purpose::AcceptInvitation],
            )?;
            changes.add(Change::User(user.id));
            let what = Changes::none().field("email", &user.email, email.as_str());
            let event = Event::done("user.email_changed", Target::user(&user), what).by(&user);
            audit::record(connection, &caller, event, now)?;
            let message = Message::EmailChanged { new_email: email.as_str().to_owned() };
            state_for_mail.mailer.queue(connection, &(&user).into(), &message, now)
        })
        .await
}

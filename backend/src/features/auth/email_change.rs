//! Putting another address in the place of one's own.

use uuid::Uuid;

use super::one_time_token::{self, Purpose};
use super::{links, queries};
use crate::access::{Caller, Change, live_session};
use crate::crypto::opaque_token::OpaqueToken;
use crate::features::audit::{self, Changes, Event, Target};
use crate::features::users::{self, Email};
use crate::mail::Message;
use crate::problem::{Code, Problem};
use crate::state::AppState;

/// What a token of this purpose is about.
pub(super) struct Asked {
    /// The new address.
    pub(super) email: Email,
    /// The session in which it was asked for.
    pub(super) session_id: Uuid,
}

impl Asked {
    /// As the token keeps it.
    pub(super) fn to_subject(&self) -> String {
        format!("{} {}", self.session_id, self.email.as_str())
    }

    fn from_subject(subject: &str) -> Option<Self> {
        let (session_id, email) = subject.split_once(' ')?;
        Some(Self { email: Email::parse(email).ok()?, session_id: Uuid::try_parse(session_id).ok()? })
    }
}

/// Asks at the new address. The answer is the same for one that is taken, which gets no mail.
///
/// # Errors
/// Faults of the store.
pub(super) async fn ask(state: &AppState, caller: Caller, new_email: Email) -> Result<(), Problem> {
    let asking = caller.user_id().zip(caller.session_id());
    let (user_id, session_id) = asking.ok_or_else(|| Problem::new(Code::Unauthenticated))?;
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
            let asked = Asked { email: new_email, session_id };
            links::send_email_change(&state_for_links, connection, &user, &asked, now)
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
            let asked = holder.subject.as_deref().and_then(Asked::from_subject);
            let asked = asked.filter(|_| user.active && user.approved);
            let Asked { email, session_id } = asked.ok_or_else(|| Problem::new(Code::InvalidToken))?;
            // Who ends a session that somebody else has got hold of ends what was begun in it.
            if live_session(connection, session_id, now)?.is_none_or(|(owner, _)| owner != user.id) {
                return Err(Problem::new(Code::InvalidToken));
            }
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

//! From the first factor to a session: what else a sign-in takes, in which order, whatever way it came.
//!
//! The second factor comes before the change of a password, so that half of what is asked for never changes anything.

use diesel::QueryResult;
use uuid::Uuid;

use super::answer::SignIn;
use super::fields::RefreshDelivery;
use super::one_time_token::{self, Purpose};
use super::service::{SessionKind, find_user, hand_over, open_session};
use crate::access::{AccessChanges, Caller};
use crate::db::{DbConnection, Timestamp};
use crate::features::devices::Device;
use crate::features::mfa::{self, Method};
use crate::features::users::User;
use crate::problem::{Code, Problem};
use crate::state::AppState;

/// How far somebody has come in signing in.
pub(super) struct Progress {
    pub(super) user_id: Uuid,
    /// Whether the session is to outlive the browser.
    pub(super) remember: bool,
    /// Whether a second factor was proved.
    pub(super) second_factor: bool,
    /// Whether the first factor was a mailed link.
    pub(super) by_mailed_link: bool,
    pub(super) delivery: RefreshDelivery,
    /// The device, if the browser is one that this very user has signed in on.
    pub(super) device: Option<Device>,
}

impl Progress {
    /// What comes next: a challenge, or the session.
    ///
    /// # Errors
    /// `invalid_credentials` for somebody who may not sign in (any more); `second_factor_unavailable`.
    pub(super) fn advance(
        &self,
        state: &AppState,
        connection: &mut DbConnection,
        changes: &mut AccessChanges,
        caller: &Caller,
        must_change_password: bool,
        now: Timestamp,
    ) -> Result<SignIn, Problem> {
        if !self.second_factor
            && !self.is_on_trusted_device(now)
            && let Some(methods) = self.carried().methods_of(connection, self.user_id)?
        {
            if methods.is_empty() {
                return Err(Problem::new(Code::SecondFactorUnavailable));
            }
            let challenge = self.challenge(state, connection, Purpose::SecondFactor, now)?;
            return Ok(SignIn::SecondFactorRequired(challenge, methods));
        }
        if must_change_password {
            let challenge = self.challenge(state, connection, Purpose::PasswordChangeRequired, now)?;
            return Ok(SignIn::PasswordChangeRequired(challenge));
        }
        let kind = SessionKind { user_id: self.user_id, remember: self.remember, mfa: self.second_factor };
        let opened = open_session(state, connection, changes, caller, kind, now)?;
        hand_over(state, connection, caller, opened, self.delivery, self.device.as_ref(), now)
    }

    /// A challenge that carries on where the sign-in is now.
    fn challenge(
        &self,
        state: &AppState,
        connection: &mut DbConnection,
        purpose: Purpose,
        now: Timestamp,
    ) -> Result<crate::crypto::opaque_token::OpaqueToken, Problem> {
        let user = find_user(connection, self.user_id)?;
        let subject = self.carried().to_text();
        one_time_token::issue(connection, purpose, user.id, Some(&subject), &state.settings.links, now)
    }

    fn carried(&self) -> Carried {
        let Self { remember, second_factor, by_mailed_link, .. } = *self;
        Carried { remember, second_factor, by_mailed_link }
    }

    fn is_on_trusted_device(&self, now: Timestamp) -> bool {
        self.device.as_ref().is_some_and(|device| device.is_trusted(now))
    }
}

/// Signs in for the first time, as the administrator who has just been created.
pub(super) async fn open_first_session(
    state: &AppState,
    caller: Caller,
    user: User,
    delivery: RefreshDelivery,
) -> Result<SignIn, Problem> {
    let (now, state_for_session) = (state.clock.now(), state.clone());
    let first = Progress {
        user_id: user.id,
        remember: false,
        second_factor: false,
        by_mailed_link: false,
        delivery,
        device: None,
    };
    state
        .change_access(move |connection, changes| {
            first.advance(&state_for_session, connection, changes, &caller, false, now)
        })
        .await
}

/// What a challenge remembers of the steps before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Carried {
    pub(super) remember: bool,
    pub(super) second_factor: bool,
    pub(super) by_mailed_link: bool,
}

impl Carried {
    /// By what a user may prove their second factor after these steps; `None` if none is asked of them. A mailed code shows what a mailed link
    /// has shown before, and is no second factor to it.
    pub(super) fn methods_of(self, connection: &mut DbConnection, user_id: Uuid) -> QueryResult<Option<Vec<Method>>> {
        let mut methods = mfa::methods_of(connection, user_id)?;
        if methods.is_empty() {
            return Ok(None);
        }
        methods.retain(|method| !(self.by_mailed_link && *method == Method::EmailCode));
        Ok(Some(methods))
    }

    fn to_text(self) -> String {
        let words =
            [(self.remember, "remember"), (self.second_factor, "second_factor"), (self.by_mailed_link, "mailed_link")];
        words.iter().filter(|(is_so, _)| *is_so).map(|(_, word)| *word).collect::<Vec<_>>().join(" ")
    }

    /// Reads what [`Carried::to_text`] wrote; of anything else it takes the least.
    pub(super) fn from_subject(subject: Option<&str>) -> Self {
        let has = |word| subject.is_some_and(|subject| subject.split(' ').any(|found| found == word));
        Self { remember: has("remember"), second_factor: has("second_factor"), by_mailed_link: has("mailed_link") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_carries_what_was_said_and_proved_before_it_and_nothing_else() {
        for bits in 0..8 {
            let (remember, second_factor, by_mailed_link) = (bits & 1 != 0, bits & 2 != 0, bits & 4 != 0);
            let carried = Carried { remember, second_factor, by_mailed_link };
            assert_eq!(Carried::from_subject(Some(&carried.to_text())), carried);
        }
        let nothing = Carried { remember: false, second_factor: false, by_mailed_link: false };
        for other in [None, Some(""), Some("ann@example.com"), Some("remembered second_factors")] {
            assert_eq!(Carried::from_subject(other), nothing);
        }
    }
}

//! Who asks, and from where.

use std::net::IpAddr;
use std::sync::Arc;

use diesel::prelude::*;
use uuid::Uuid;

use super::account::Account;
use super::api_key::ApiKeyScope;
use super::pattern::PermissionSet;
use super::{impersonation, queries};
use crate::db::{DbConnection, Timestamp};
use crate::features::users::User;
use crate::problem::{Code, Problem};
use crate::state::AppState;

/// A signed-in user as a request presents them.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The user and what they may do.
    pub account: Arc<Account>,
    /// What they presented.
    pub credential: Credential,
    /// Who acts in the user's name; `None` where it is the user.
    pub impersonator: Option<Arc<Account>>,
}

/// What shows that a request comes from a user.
#[derive(Clone, Debug)]
pub enum Credential {
    /// An access token.
    Session {
        /// The session that it belongs to.
        id: Uuid,
        /// When the user last proved who they are.
        auth_time: Timestamp,
    },
    /// An API key.
    ApiKey(Arc<ApiKeyScope>),
}

impl Actor {
    /// The session that they ask from; an API key has none.
    pub fn session_id(&self) -> Option<Uuid> {
        match self.credential {
            Credential::Session { id, .. } => Some(id),
            Credential::ApiKey(_) => None,
        }
    }

    /// That it is the user in person, signed in: neither a program with their API key nor somebody who acts in their name.
    /// Whoever is not reaches neither the user's account nor their credentials.
    ///
    /// # Errors
    /// `permission_denied` for an API key, `impersonation_refused` for somebody else.
    pub fn must_be_in_person(&self) -> Result<(), Problem> {
        if self.api_key().is_some() {
            return Err(Problem::not_with_api_key());
        }
        if self.impersonator.is_some() {
            return Err(Problem::not_while_impersonating());
        }
        Ok(())
    }

    /// That whoever is signed in has proved a short while ago that they are this very user. An API key proves nothing: what it
    /// was made for decides.
    ///
    /// # Errors
    /// `reauthentication_required`, and `impersonation_refused` for who can't prove it, as they are somebody else.
    pub fn must_be_fresh(&self, state: &AppState) -> Result<(), Problem> {
        if self.impersonator.is_some() {
            return Err(Problem::not_while_impersonating());
        }
        match self.credential {
            Credential::Session { auth_time, .. }
                if auth_time.plus(state.settings.freshness_max_age) <= state.clock.now() =>
            {
                Err(Problem::new(Code::ReauthenticationRequired))
            }
            Credential::Session { .. } | Credential::ApiKey(_) => Ok(()),
        }
    }

    /// The API key that they ask with.
    pub fn api_key(&self) -> Option<&ApiKeyScope> {
        match &self.credential {
            Credential::Session { .. } => None,
            Credential::ApiKey(key) => Some(key),
        }
    }
}

/// Where a request comes from: for the audit trail and the session list.
#[derive(Clone, Debug, Default)]
pub struct RequestOrigin {
    /// The client's address, seen through the proxies that are trusted.
    pub ip: Option<IpAddr>,
    /// What the client says it is, cut to a sane length.
    pub user_agent: Option<Arc<str>>,
    /// The request's id, as in the answer's `X-Request-Id`.
    pub request_id: Uuid,
}

/// Who asks for an act, and from where: what every use case that writes is told.
#[derive(Clone, Debug)]
pub struct Caller {
    /// `None`: nobody is signed in, or it is the command line.
    pub actor: Option<Actor>,
    /// Where the request comes from.
    pub origin: RequestOrigin,
    operator: bool,
}

impl Caller {
    /// Somebody who is signed in.
    pub fn signed_in(actor: Actor, origin: RequestOrigin) -> Self {
        Self { actor: Some(actor), origin, operator: false }
    }

    /// Somebody who is not, or not yet.
    pub fn stranger(origin: RequestOrigin) -> Self {
        Self { actor: None, origin, operator: false }
    }

    /// Whoever runs the command line holds the store itself: no permission is above theirs. The other guard rails hold for them too.
    pub fn operator() -> Self {
        let origin =
            RequestOrigin { ip: None, user_agent: Some("reeve command line".into()), request_id: Uuid::now_v7() };
        Self { actor: None, origin, operator: true }
    }

    /// Reeve itself, which does by the clock what it was configured to.
    pub fn reeve() -> Self {
        let origin = RequestOrigin { ip: None, user_agent: Some("reeve".into()), request_id: Uuid::now_v7() };
        Self { actor: None, origin, operator: false }
    }

    /// The user who asks.
    pub fn user_id(&self) -> Option<Uuid> {
        self.actor.as_ref().map(|actor| actor.account.user.id)
    }

    /// The session that they ask from.
    pub fn session_id(&self) -> Option<Uuid> {
        self.actor.as_ref().and_then(Actor::session_id)
    }

    /// The API key that they ask with.
    pub fn api_key(&self) -> Option<&ApiKeyScope> {
        self.actor.as_ref().and_then(Actor::api_key)
    }

    /// That neither an API key is used on the account of its owner nor an impersonation on whose name it is in: whoever finds a
    /// key, or acts for somebody, must not be able to become them.
    ///
    /// # Errors
    /// `permission_denied`, `impersonation_refused`.
    pub fn must_not_reach_owner(&self, user_id: Uuid) -> Result<(), Problem> {
        match &self.actor {
            Some(actor) if actor.account.user.id == user_id => actor.must_be_in_person(),
            _ => Ok(()),
        }
    }

    /// Who acts in the name of the user who asks.
    pub fn impersonator(&self) -> Option<&User> {
        self.actor.as_ref().and_then(|actor| actor.impersonator.as_deref()).map(|account| &account.user)
    }

    /// See [`Actor::must_be_fresh`]; the command line is.
    ///
    /// # Errors
    /// `reauthentication_required`, `impersonation_refused`.
    pub fn must_be_fresh(&self, state: &AppState) -> Result<(), Problem> {
        self.actor.as_ref().map_or(Ok(()), |actor| actor.must_be_fresh(state))
    }

    /// What they may do, read in the transaction that is about to act: what was cached may have been taken away meanwhile.
    pub fn permissions(&self, connection: &mut DbConnection) -> QueryResult<PermissionSet> {
        match self.user_id() {
            _ if self.operator => Ok(PermissionSet::everything()),
            Some(user_id) => {
                let own = queries::permissions_of_active_user(connection, user_id)?;
                let own = match self.impersonator() {
                    Some(impersonator) => {
                        impersonation::restrict(own, &queries::permissions_of_active_user(connection, impersonator.id)?)
                    }
                    None => own,
                };
                Ok(match self.api_key() {
                    Some(key) => key.restrict(own),
                    None => own,
                })
            }
            None => Ok(PermissionSet::default()),
        }
    }
}

//! Who asks, and from where.

use std::net::IpAddr;
use std::sync::Arc;

use diesel::prelude::*;
use uuid::Uuid;

use super::account::Account;
use super::pattern::PermissionSet;
use super::queries;
use crate::db::{DbConnection, Timestamp};

/// A signed-in user as a request presents them.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The user and what they may do.
    pub account: Arc<Account>,
    /// The session that the access token belongs to.
    pub session_id: Uuid,
    /// When they last proved who they are.
    pub auth_time: Timestamp,
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

    /// The user who asks.
    pub fn user_id(&self) -> Option<Uuid> {
        self.actor.as_ref().map(|actor| actor.account.user.id)
    }

    /// The session that they ask from.
    pub fn session_id(&self) -> Option<Uuid> {
        self.actor.as_ref().map(|actor| actor.session_id)
    }

    /// What they may do, read in the transaction that is about to act: what was cached may have been taken away meanwhile.
    pub fn permissions(&self, connection: &mut DbConnection) -> QueryResult<PermissionSet> {
        match self.user_id() {
            _ if self.operator => Ok(PermissionSet::everything()),
            Some(user_id) => queries::permissions_of_active_user(connection, user_id),
            None => Ok(PermissionSet::default()),
        }
    }
}

//! The first parameter of every handler: its proof that the caller may do what it does.
//!
//! A guard only looks at what the middleware found, and never awaits: actix polls all extractors of a handler together,
//! so one that awaits could lose to an error in the body, and a stranger would learn what a valid body is.

use std::future::{Ready, ready};
use std::marker::PhantomData;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use super::actor::{Actor, Caller, Credential, RequestOrigin};
use super::authenticate::Authentication;
use super::cache::Identity;
use super::permission::Permission;
use crate::problem::{Code, Problem};
use crate::state::AppState;

/// Somebody who holds the permission `P`: signed in, or with an API key.
pub struct Authorized<P> {
    caller: Caller,
    permission: PhantomData<P>,
}

/// Somebody who holds the permission `P` and, if they are signed in, has proved a short while ago who they are. An API key
/// proves nothing: what it was made for decides.
pub struct FreshlyAuthorized<P>(Authorized<P>);

/// Somebody who is signed in: for what everybody may do with what is their own. An API key does not reach it, so that
/// whoever finds one can't take its owner's account over, and no operation on one's own account has to think of that.
pub struct Authenticated {
    /// Who it is.
    pub actor: Actor,
    /// Where the request comes from.
    pub origin: RequestOrigin,
}

/// Somebody who is signed in, and has proved a short while ago who they are: for what would give the account away if
/// somebody else sat down at the device (ASVS 5.0, 7.5.1).
pub struct FreshlyAuthenticated(Authenticated);

/// As [`Authenticated`], or a program with an API key: for what tells and changes nothing of its owner's credentials.
pub struct KeyOrSession {
    /// Who it is.
    pub actor: Actor,
}

/// Anybody, but whoever is signed in is known.
pub struct MaybeAuthenticated {
    /// Who it is, if their access token is good.
    pub actor: Option<Actor>,
    /// Where the request comes from.
    pub origin: RequestOrigin,
}

/// Anybody at all, said in so many words.
pub struct Public {
    /// Where the request comes from.
    pub origin: RequestOrigin,
}

impl<P> Authorized<P> {
    /// Whoever runs the command line: see [`Caller::operator`].
    pub fn operator() -> Self {
        Self { caller: Caller::operator(), permission: PhantomData }
    }

    /// A proof for tests: that the permission is there is looked up again where it counts.
    #[cfg(test)]
    pub(crate) fn unproven(caller: Caller) -> Self {
        Self { caller, permission: PhantomData }
    }

    /// Who asks, for the use case.
    pub fn into_caller(self) -> Caller {
        self.caller
    }
}

impl<P> FreshlyAuthorized<P> {
    /// The proof, for an act.
    pub fn into_authorized(self) -> Authorized<P> {
        self.0
    }
}

impl Authenticated {
    /// Who asks, for the use case.
    pub fn into_caller(self) -> Caller {
        Caller::signed_in(self.actor, self.origin)
    }
}

impl FreshlyAuthenticated {
    /// Who asks, for the use case.
    pub fn into_caller(self) -> Caller {
        self.0.into_caller()
    }
}

impl MaybeAuthenticated {
    /// Who asks, for the use case.
    pub fn into_caller(self) -> Caller {
        match self.actor {
            Some(actor) => Caller::signed_in(actor, self.origin),
            None => Caller::stranger(self.origin),
        }
    }
}

impl<P: Permission> FromRequest for Authorized<P> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(actor(request).and_then(|actor| {
            if actor.account.permissions.allows::<P>() {
                Ok(Self { caller: Caller::signed_in(actor, origin(request)), permission: PhantomData })
            } else {
                Err(Problem::permission_denied(P::NAME))
            }
        }))
    }
}

impl<P: Permission> FromRequest for FreshlyAuthorized<P> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let authorized = Authorized::from_request(request, payload).into_inner();
        ready(authorized.and_then(|authorized| {
            if let Some(actor) = &authorized.caller.actor {
                require_fresh(request, actor)?;
            }
            Ok(Self(authorized))
        }))
    }
}

impl FromRequest for Authenticated {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(session_actor(request).map(|actor| Self { actor, origin: origin(request) }))
    }
}

impl FromRequest for KeyOrSession {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(actor(request).map(|actor| Self { actor }))
    }
}

impl FromRequest for FreshlyAuthenticated {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(session_actor(request).and_then(|actor| {
            require_fresh(request, &actor)?;
            Ok(Self(Authenticated { actor, origin: origin(request) }))
        }))
    }
}

impl FromRequest for MaybeAuthenticated {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self { actor: session_actor(request).ok(), origin: origin(request) }))
    }
}

impl FromRequest for Public {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self { origin: origin(request) }))
    }
}

fn actor(request: &HttpRequest) -> Result<Actor, Problem> {
    match request.extensions().get::<Authentication>() {
        Some(Authentication(Ok(Identity::Known(actor)))) => Ok(actor.clone()),
        Some(Authentication(Ok(Identity::Refused))) => Err(Problem::useless_credentials()),
        Some(Authentication(Err(fault))) => Err(Problem::clone(fault)),
        Some(Authentication(Ok(Identity::Anonymous))) | None => Err(Problem::new(Code::Unauthenticated)),
    }
}

/// Whoever asks with a session.
fn session_actor(request: &HttpRequest) -> Result<Actor, Problem> {
    let actor = actor(request)?;
    if actor.api_key().is_some() { Err(Problem::not_with_api_key()) } else { Ok(actor) }
}

fn require_fresh(request: &HttpRequest, actor: &Actor) -> Result<(), Problem> {
    let Credential::Session { auth_time, .. } = actor.credential else { return Ok(()) };
    let state = request.app_data::<AppState>().ok_or_else(|| Problem::internal("there is no state"))?;
    if auth_time.plus(state.settings.freshness_max_age) <= state.clock.now() {
        return Err(Problem::new(Code::ReauthenticationRequired));
    }
    Ok(())
}

fn origin(request: &HttpRequest) -> RequestOrigin {
    request.extensions().get::<RequestOrigin>().cloned().unwrap_or_default()
}

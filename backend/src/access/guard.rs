//! The first parameter of every handler: its proof that the caller may do what it does.
//!
//! A guard only looks at what the middleware found, and never awaits: actix polls all extractors of a handler together,
//! so one that awaits could lose to an error in the body, and a stranger would learn what a valid body is.

use std::future::{Ready, ready};
use std::marker::PhantomData;

use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use super::actor::{Actor, Caller, RequestOrigin};
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

/// As [`FreshlyAuthorized`], in person: no API key, and nobody who acts in another's name.
pub struct AuthorizedInPerson<P>(Authorized<P>);

/// Somebody who is signed in, in person: for what everybody may do with what is their own. Neither an API key nor who acts in
/// the user's name reaches it, so that they can't take the account over, and no operation on one's own account has to think
/// of that.
pub struct Authenticated {
    /// Who it is.
    pub actor: Actor,
    /// Where the request comes from.
    pub origin: RequestOrigin,
}

/// Somebody who is signed in, and has proved a short while ago who they are: for what would give the account away if
/// somebody else sat down at the device (ASVS 5.0, 7.5.1).
pub struct FreshlyAuthenticated(Authenticated);

/// As [`Authenticated`], or somebody who acts in the user's name: for what tells and changes nothing of their credentials.
pub struct AnySession(Authenticated);

/// As [`AnySession`], or a program with an API key.
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

impl<P> AuthorizedInPerson<P> {
    /// The proof, for an act.
    pub fn into_authorized(self) -> Authorized<P> {
        self.0
    }
}

impl AnySession {
    /// Who asks, for the use case.
    pub fn into_caller(self) -> Caller {
        self.0.into_caller()
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
                Err(refuse(request, actor, Problem::permission_denied(P::NAME), Some(P::NAME)))
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
                require(request, actor, |actor| actor.must_be_fresh(state(request)?))?;
            }
            Ok(Self(authorized))
        }))
    }
}

impl<P: Permission> FromRequest for AuthorizedInPerson<P> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let fresh = FreshlyAuthorized::from_request(request, payload).into_inner();
        ready(fresh.and_then(|FreshlyAuthorized(authorized)| {
            if let Some(actor) = &authorized.caller.actor {
                require(request, actor, Actor::must_be_in_person)?;
            }
            Ok(Self(authorized))
        }))
    }
}

impl FromRequest for Authenticated {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(actor_in_person(request).map(|actor| Self { actor, origin: origin(request) }))
    }
}

impl FromRequest for AnySession {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(session_actor(request).map(|actor| Self(Authenticated { actor, origin: origin(request) })))
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
        ready(actor_in_person(request).and_then(|actor| {
            actor.must_be_fresh(state(request)?)?;
            Ok(Self(Authenticated { actor, origin: origin(request) }))
        }))
    }
}

impl FromRequest for MaybeAuthenticated {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let signed_in = actor(request).ok().filter(|actor| actor.api_key().is_none());
        ready(Ok(Self { actor: signed_in, origin: origin(request) }))
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

/// Whoever asks with a session, their own or one in somebody's name.
fn session_actor(request: &HttpRequest) -> Result<Actor, Problem> {
    let actor = actor(request)?;
    if actor.api_key().is_some() {
        return Err(refuse(request, actor, Problem::not_with_api_key(), None));
    }
    Ok(actor)
}

/// Whoever asks with a session of their own.
fn actor_in_person(request: &HttpRequest) -> Result<Actor, Problem> {
    let actor = actor(request)?;
    require(request, &actor, Actor::must_be_in_person)?;
    Ok(actor)
}

fn require(
    request: &HttpRequest,
    actor: &Actor,
    rule: impl FnOnce(&Actor) -> Result<(), Problem>,
) -> Result<(), Problem> {
    rule(actor).map_err(|problem| refuse(request, actor.clone(), problem, None))
}

/// Tells the audit trail that somebody was refused what would have written something. A guard doesn't wait, so neither does it
/// for this.
fn refuse(request: &HttpRequest, actor: Actor, problem: Problem, required: Option<&'static str>) -> Problem {
    let changes_nothing = matches!(*request.method(), Method::GET | Method::HEAD);
    if let Ok(state) = state(request)
        && !changes_nothing
        && problem.code().is_audited()
    {
        let caller = Caller::signed_in(actor, origin(request));
        let operation = format!("{} {}", request.method(), request.match_pattern().unwrap_or_default());
        state.note_refusal(caller, operation, problem.code(), required);
    }
    problem
}

fn state(request: &HttpRequest) -> Result<&AppState, Problem> {
    request.app_data::<AppState>().ok_or_else(|| Problem::internal("there is no state"))
}

fn origin(request: &HttpRequest) -> RequestOrigin {
    request.extensions().get::<RequestOrigin>().cloned().unwrap_or_default()
}

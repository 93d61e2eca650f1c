//! The middleware that finds out who asks. It refuses nobody: that is the guards' business.

use std::future::{Ready, ready};
use std::net::IpAddr;
use std::rc::Rc;

use actix_web::HttpMessage;
use actix_web::body::MessageBody;
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform, forward_ready};
use actix_web::http::header::AUTHORIZATION;
use futures_util::future::{Either, LocalBoxFuture};

use super::actor::{Actor, RequestOrigin};
use super::cache::Identity;
use super::wrong_key;
use crate::crypto::api_key::ApiKeySecret;
use crate::problem::Problem;
use crate::state::AppState;

/// What the middleware found, for the guards; a fault of the store is kept, so that nobody is taken for a stranger because of it.
pub(super) struct Authentication(pub(super) Result<Identity, Rc<Problem>>);

/// Puts who asks into each request.
#[derive(Clone)]
pub struct Authenticate {
    state: AppState,
}

impl Authenticate {
    /// The middleware over a state.
    pub fn new(state: AppState) -> Self {
        Self { state }
    }
}

impl<S, B> Transform<S, ServiceRequest> for Authenticate
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = actix_web::Error> + 'static,
    S::Future: 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<B>;
    type Error = actix_web::Error;
    type Transform = AuthenticateMiddleware<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ready(Ok(AuthenticateMiddleware { service: Rc::new(service), state: self.state.clone() }))
    }
}

/// See [`Authenticate`].
pub struct AuthenticateMiddleware<S> {
    service: Rc<S>,
    state: AppState,
}

impl<S, B> Service<ServiceRequest> for AuthenticateMiddleware<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = actix_web::Error> + 'static,
    S::Future: 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<B>;
    type Error = actix_web::Error;
    type Future = Either<S::Future, LocalBoxFuture<'static, Result<Self::Response, Self::Error>>>;

    forward_ready!(service);

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let Some(token) = bearer_token(&request) else {
            request.extensions_mut().insert(Authentication(Ok(Identity::Anonymous)));
            return Either::Left(self.service.call(request));
        };
        let is_key = ApiKeySecret::is_meant(token);
        let known = if is_key {
            self.state.access.peek_key(token, client_address(&request))
        } else {
            self.state.access.peek(token)
        };
        if let Some(identity) = known {
            request.extensions_mut().insert(Authentication(Ok(identity)));
            return Either::Left(self.service.call(request));
        }
        let (service, state, token) = (Rc::clone(&self.service), self.state.clone(), token.to_owned());
        Either::Right(Box::pin(async move {
            let identity = if is_key {
                wrong_key::identify(&state, &token, client_address(&request)).await
            } else {
                state.identify(&token).await
            };
            request.extensions_mut().insert(Authentication(identity.map_err(Rc::new)));
            service.call(request).await
        }))
    }
}

fn client_address(request: &ServiceRequest) -> Option<IpAddr> {
    request.extensions().get::<RequestOrigin>().and_then(|origin| origin.ip)
}

/// Whom a request comes from, if the middleware found somebody.
pub fn known_actor(request: &ServiceRequest) -> Option<Actor> {
    match request.extensions().get::<Authentication>() {
        Some(Authentication(Ok(Identity::Known(actor)))) => Some(actor.clone()),
        _ => None,
    }
}

/// The token of `Authorization: Bearer ...` (RFC 6750, section 2.1): the only place where a token is looked for.
pub fn bearer_token(request: &ServiceRequest) -> Option<&str> {
    let value = std::str::from_utf8(request.headers().get(AUTHORIZATION)?.as_bytes()).unwrap_or("unreadable");
    let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
    // Credentials of another scheme are bad credentials, not none.
    Some(if scheme.eq_ignore_ascii_case("bearer") { token.trim() } else { "" })
}

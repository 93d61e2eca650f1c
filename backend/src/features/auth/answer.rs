//! What signing in answers.

use actix_web::HttpResponse;
use actix_web::http::header::HeaderValue;
use actix_web::http::header::SET_COOKIE;

use super::fields::RefreshDelivery;
use super::model::SignInAnswer;
use super::{device_cookie, refresh_cookie};
use crate::crypto::opaque_token::OpaqueToken;
use crate::features::mfa::Method;
use crate::features::sessions::Session;
use crate::features::users::User;
use crate::problem::Problem;
use crate::state::AppState;

/// A refresh token on its way to the client.
pub(super) struct RefreshGrant {
    pub(super) token: OpaqueToken,
    pub(super) delivery: RefreshDelivery,
}

/// What a way of signing in led to.
pub(super) enum SignIn {
    /// A session.
    Done {
        /// Whose it is.
        user: Box<User>,
        /// The session.
        session: Session,
        /// What renews it; none where the one that the client has stays good.
        refresh: Option<RefreshGrant>,
        /// What the browser is known again by, if it was not known before.
        device: Option<OpaqueToken>,
    },
    /// Nothing yet: a second factor has to be proved first, by one of these.
    SecondFactorRequired(OpaqueToken, Vec<Method>),
    /// Nothing yet: the password has to be changed first.
    PasswordChangeRequired(OpaqueToken),
}

/// The answer, with a fresh access token for a session.
pub(super) fn answer(state: &AppState, outcome: SignIn) -> Result<HttpResponse, Problem> {
    let (user, session, refresh, device) = match outcome {
        SignIn::Done { user, session, refresh, device } => (user, session, refresh, device),
        SignIn::SecondFactorRequired(challenge, methods) => {
            let challenge = challenge.expose().to_owned();
            return Ok(HttpResponse::Ok().json(SignInAnswer::MfaRequired { challenge, methods }));
        }
        SignIn::PasswordChangeRequired(challenge) => {
            let challenge = challenge.expose().to_owned();
            return Ok(HttpResponse::Ok().json(SignInAnswer::PasswordChangeRequired { challenge }));
        }
    };
    let now = state.clock.now();
    let issued = state
        .access_tokens
        .issue(&session, now)
        .ok_or_else(|| Problem::internal("there is no key to sign access tokens with"))?;
    let (cookie, refresh_token) = match refresh {
        Some(RefreshGrant { token, delivery: RefreshDelivery::Cookie }) => {
            (Some(refresh_cookie::set(state, &token, &session, now)), None)
        }
        Some(RefreshGrant { token, delivery: RefreshDelivery::Body }) => (None, Some(token.expose().to_owned())),
        None => (None, None),
    };
    let mut response = HttpResponse::Ok().json(SignInAnswer::Ok {
        access_token: issued.token,
        token_type: "Bearer",
        expires_in: issued.expires_in,
        refresh_token,
        user,
    });
    let device = device.map(|token| device_cookie::set(state, &token));
    for cookie in cookie.into_iter().chain(device) {
        let value = HeaderValue::from_str(&cookie.to_string()).map_err(Problem::internal)?;
        response.headers_mut().append(SET_COOKIE, value);
    }
    Ok(response)
}

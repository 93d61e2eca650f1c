use actix_web::http::header::{AUTHORIZATION, HeaderValue, SET_COOKIE};
use actix_web::{HttpRequest, HttpResponse, post, web};

use super::answer::answer;
use super::fields::RefreshDelivery;
use super::model::{
    Login, PasswordChange, Registration, RegistrationAnswer, Renewal, RequiredPasswordChange, SetUp, SignInAnswer,
};
use super::proof::Proof;
use super::{
    address_limit, challenge, device_cookie, first_administrator, refresh_cookie, registration, service, sign_in, steps,
};
use crate::access::{Authenticated, Caller, MaybeAuthenticated, Public};
use crate::crypto::opaque_token::OpaqueToken;
use crate::features::attempts::Counted;
use crate::features::sessions::EndReason;
use crate::http::{Body, OptionalBody};
use crate::problem::{Code, Problem};
use crate::state::AppState;

/// Register
///
/// The answer is the same for an email that is taken.
#[utoipa::path(
    tag = "auth",
    operation_id = "auth_register",
    security(()),
    request_body = Registration,
    responses(
        (status = 202, description = "The registration was taken in", body = RegistrationAnswer),
        (status = 403, description = "`registration_closed`"),
        (status = 409, description = "`username_taken`"),
        (status = 429, description = "`rate_limited`")
    )
)]
#[post("/auth/register")]
pub(super) async fn register(
    public: Public,
    state: web::Data<AppState>,
    body: Body<Registration>,
) -> Result<HttpResponse, Problem> {
    address_limit::count(&state, Counted::Registrations, public.origin.ip).await?;
    let status = registration::register(&state, Caller::stranger(public.origin), body.0).await?;
    Ok(HttpResponse::Accepted().json(RegistrationAnswer { status }))
}

/// Sign in with a password
///
/// An unknown user, a wrong password, and a user who is inactive or not approved get the same answer. After too many failures
/// one has to wait, with the right password too, and for a name that nobody has as well. A browser that takes the refresh
/// token in a cookie gets another one by which it is known again: who guesses elsewhere doesn't lock it out.
#[utoipa::path(
    tag = "auth",
    operation_id = "auth_login",
    security(()),
    request_body = Login,
    responses(
        (status = 200, description = "What signing in led to", body = SignInAnswer),
        (status = 401, description = "`invalid_credentials`"),
        (status = 429, description = "`too_many_attempts`, `rate_limited`")
    )
)]
#[post("/auth/login")]
pub(super) async fn login(
    public: Public,
    state: web::Data<AppState>,
    request: HttpRequest,
    body: Body<Login>,
) -> Result<HttpResponse, Problem> {
    let device = device_cookie::read(&state, &request);
    answer(&state, sign_in::with_password(&state, Caller::stranger(public.origin), device, body.0).await?)
}

/// Renew the access token
///
/// Takes the refresh token out of the body or, without one there, out of the cookie, and replaces it. The token that was
/// replaced last may be presented again for a short while and gets the same successor; any older one ends the session. So does
/// any where a role of the user requires a second factor by now and none was proved in the session.
#[utoipa::path(
    tag = "auth",
    operation_id = "auth_refresh",
    security(()),
    request_body = Option<Renewal>,
    responses(
        (status = 200, description = "The session goes on", body = SignInAnswer),
        (status = 401, description = "`invalid_refresh_token`, `refresh_token_reused`"),
        (status = 403, description = "`origin_refused`")
    )
)]
#[post("/auth/refresh")]
pub(super) async fn refresh(
    public: Public,
    state: web::Data<AppState>,
    request: HttpRequest,
    body: OptionalBody<Renewal>,
) -> Result<HttpResponse, Problem> {
    let (token, delivery) =
        presented(&state, &request, body.0)?.ok_or_else(|| Problem::new(Code::InvalidRefreshToken))?;
    let device = device_cookie::read(&state, &request);
    answer(&state, service::refresh(&state, Caller::stranger(public.origin), token, device, delivery).await?)
}

/// Sign out
///
/// Ends the session of the access token, or else of the refresh token in the body or, where no access token is presented, in the
/// cookie, with all its tokens. Who acts in somebody's name ends only that.
#[utoipa::path(
    tag = "auth",
    operation_id = "auth_logout",
    security(()),
    request_body = Option<Renewal>,
    responses(
        (status = 204, description = "The session is over"),
        (status = 401, description = "`unauthenticated`"),
        (status = 403, description = "`origin_refused`")
    )
)]
#[post("/auth/logout")]
pub(super) async fn logout(
    caller: MaybeAuthenticated,
    state: web::Data<AppState>,
    request: HttpRequest,
    body: OptionalBody<Renewal>,
) -> Result<HttpResponse, Problem> {
    let session = match &caller.actor {
        Some(actor) => Some(service::session_of_actor(&state, actor).await?),
        // Whose access token is good for nothing does not mean the session of the cookie: it may be another one, as it is of
        // whoever has acted in somebody's name for too long.
        None if body.0.refresh_token.is_none() && request.headers().contains_key(AUTHORIZATION) => {
            return Err(Problem::useless_credentials());
        }
        None => match presented(&state, &request, body.0)? {
            Some((token, _)) => service::session_of(&state, token).await?,
            None => None,
        },
    };
    let session = session.ok_or_else(|| Problem::new(Code::Unauthenticated))?;
    let caller = caller.into_caller();
    // The cookie of who acts in somebody's name is the one of their own session, which goes on.
    let keeps_cookie = caller.impersonator().is_some();
    service::end_session(&state, caller, session, EndReason::SignedOut).await?;
    let mut response = HttpResponse::NoContent().finish();
    if keeps_cookie {
        return Ok(response);
    }
    let cookie = HeaderValue::from_str(&refresh_cookie::clear(&state).to_string()).map_err(Problem::internal)?;
    response.headers_mut().append(SET_COOKIE, cookie);
    Ok(response)
}

/// Prove once more who one is
///
/// By the password, or by a code of a second factor. Answers an access token with a new `auth_time`, for acts that require a
/// recent proof.
#[utoipa::path(
    tag = "auth",
    operation_id = "auth_reauthenticate",
    request_body = Proof,
    responses(
        (status = 200, description = "A fresh access token", body = SignInAnswer),
        (status = 401, description = "`invalid_credentials`"),
        (status = 429, description = "`too_many_attempts`")
    )
)]
#[post("/auth/reauthenticate")]
pub(super) async fn reauthenticate(
    authenticated: Authenticated,
    state: web::Data<AppState>,
    body: Body<Proof>,
) -> Result<HttpResponse, Problem> {
    let actor = authenticated.actor.clone();
    let proof = body.0.into_presented()?;
    answer(&state, service::reauthenticate(&state, authenticated.into_caller(), actor, proof).await?)
}

/// Change one's own password
///
/// Ends all other sessions; this one goes on with the access token of the answer.
#[utoipa::path(
    tag = "auth",
    operation_id = "auth_change_password",
    request_body = PasswordChange,
    responses(
        (status = 200, description = "The password is changed", body = SignInAnswer),
        (status = 422, description = "`validation_failed` with the code `wrong_password` of the field `current_password`"),
        (status = 429, description = "`too_many_attempts`")
    )
)]
#[post("/auth/password/change")]
pub(super) async fn change_password(
    authenticated: Authenticated,
    state: web::Data<AppState>,
    request: HttpRequest,
    body: Body<PasswordChange>,
) -> Result<HttpResponse, Problem> {
    let (actor, device) = (authenticated.actor.clone(), device_cookie::read(&state, &request));
    answer(&state, service::change_password(&state, authenticated.into_caller(), actor, device, body.0).await?)
}

/// Change the password that signing in asked for
#[utoipa::path(
    tag = "auth",
    operation_id = "auth_change_required_password",
    security(()),
    request_body = RequiredPasswordChange,
    responses(
        (status = 200, description = "The password is changed and the user signed in", body = SignInAnswer),
        (status = 400, description = "`invalid_token`"),
        (status = 429, description = "`rate_limited`")
    )
)]
#[post("/auth/password/change-required")]
pub(super) async fn change_required_password(
    public: Public,
    state: web::Data<AppState>,
    request: HttpRequest,
    body: Body<RequiredPasswordChange>,
) -> Result<HttpResponse, Problem> {
    let RequiredPasswordChange { challenge, new_password, refresh: delivery } = body.0;
    let (address, caller) = (public.origin.ip, Caller::stranger(public.origin));
    let (challenge, delivery) = (challenge.into_token(), delivery.unwrap_or_default());
    let device = device_cookie::read(&state, &request);
    let redemption = challenge::redeem(&state, caller, device, challenge, new_password, delivery);
    answer(&state, address_limit::redeem(&state, address, redemption).await?)
}

/// Create the first administrator
///
/// With the token of the link that the first start on an empty store prints.
#[utoipa::path(
    tag = "auth",
    operation_id = "auth_setup",
    security(()),
    request_body = SetUp,
    responses(
        (status = 200, description = "The administrator is created and signed in", body = SignInAnswer),
        (status = 400, description = "`invalid_token`"),
        (status = 409, description = "`email_taken`"),
        (status = 429, description = "`rate_limited`")
    )
)]
#[post("/auth/setup")]
pub(super) async fn set_up(
    public: Public,
    state: web::Data<AppState>,
    body: Body<SetUp>,
) -> Result<HttpResponse, Problem> {
    let SetUp { token, email, password, refresh: delivery } = body.0;
    let (address, caller) = (public.origin.ip, Caller::stranger(public.origin));
    let redemption = first_administrator::set_up(&state, caller.clone(), token.into_token(), email, password);
    let user = address_limit::redeem(&state, address, redemption).await?;
    answer(&state, steps::open_first_session(&state, caller, user, delivery.unwrap_or_default()).await?)
}

/// The refresh token of a request, and how its successor is to be delivered: the way it came.
fn presented(
    state: &AppState,
    request: &HttpRequest,
    body: Renewal,
) -> Result<Option<(OpaqueToken, RefreshDelivery)>, Problem> {
    match body.refresh_token {
        Some(token) => Ok(Some((token.into_token(), RefreshDelivery::Body))),
        None => Ok(refresh_cookie::read(state, request)?.map(|token| (token, RefreshDelivery::Cookie))),
    }
}

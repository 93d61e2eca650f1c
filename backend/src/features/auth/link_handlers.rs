use actix_web::{HttpRequest, HttpResponse, post, web};

use super::answer::answer;
use super::link_requests::{self, LinkRequest};
use super::model::{
    EmailChange, InvitationAcceptance, LinkRequestBody, LinkToken, MagicLinkToken, PasswordReset, SignInAnswer,
};
use super::{address_limit, device_cookie, email_change, email_verification, invitation, magic_link, password_reset};
use crate::access::{Caller, FreshlyAuthenticated, Public};
use crate::features::attempts::Counted;
use crate::http::Body;
use crate::problem::Problem;
use crate::state::AppState;

/// Ask for a link that sets a new password
///
/// The answer is the same whether there is such an account or not.
#[utoipa::path(
    tag = "auth",
    operation_id = "auth_forgot_password",
    security(()),
    request_body = LinkRequestBody,
    responses(
        (status = 202, description = "If there is such an account, a link is on its way"),
        (status = 429, description = "`rate_limited`")
    )
)]
#[post("/auth/password/forgot")]
pub(super) async fn forgot_password(
    public: Public,
    state: web::Data<AppState>,
    body: Body<LinkRequestBody>,
) -> Result<HttpResponse, Problem> {
    address_limit::count(&state, Counted::Links, public.origin.ip).await?;
    link_requests::take(&state, public.origin, LinkRequest::PasswordReset, body.0.email).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// Choose a new password by a mailed link
///
/// Ends all of the user's sessions, and makes all other links useless that were mailed to them.
#[utoipa::path(
    tag = "auth",
    operation_id = "auth_reset_password",
    security(()),
    request_body = PasswordReset,
    responses(
        (status = 204, description = "The password is changed"),
        (status = 400, description = "`invalid_token`"),
        (status = 429, description = "`rate_limited`")
    )
)]
#[post("/auth/password/reset")]
pub(super) async fn reset_password(
    public: Public,
    state: web::Data<AppState>,
    body: Body<PasswordReset>,
) -> Result<HttpResponse, Problem> {
    let PasswordReset { token, password } = body.0;
    let address = public.origin.ip;
    let redemption = password_reset::reset(&state, Caller::stranger(public.origin), token.into_token(), password);
    address_limit::redeem(&state, address, redemption).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Ask once more for a link that verifies an address
///
/// The answer is the same whether there is such an account, and whether it is verified already, or not.
#[utoipa::path(
    tag = "auth",
    operation_id = "auth_request_email_verification",
    security(()),
    request_body = LinkRequestBody,
    responses(
        (status = 202, description = "If there is an account that waits for it, a link is on its way"),
        (status = 429, description = "`rate_limited`")
    )
)]
#[post("/auth/email/verification")]
pub(super) async fn request_email_verification(
    public: Public,
    state: web::Data<AppState>,
    body: Body<LinkRequestBody>,
) -> Result<HttpResponse, Problem> {
    address_limit::count(&state, Counted::Links, public.origin.ip).await?;
    link_requests::take(&state, public.origin, LinkRequest::Verification, body.0.email).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// Verify an address by a mailed link
#[utoipa::path(
    tag = "auth",
    operation_id = "auth_verify_email",
    security(()),
    request_body = LinkToken,
    responses(
        (status = 204, description = "The address is verified"),
        (status = 400, description = "`invalid_token`"),
        (status = 429, description = "`rate_limited`")
    )
)]
#[post("/auth/email/verify")]
pub(super) async fn verify_email(
    public: Public,
    state: web::Data<AppState>,
    body: Body<LinkToken>,
) -> Result<HttpResponse, Problem> {
    let address = public.origin.ip;
    let redemption = email_verification::verify(&state, Caller::stranger(public.origin), body.0.token.into_token());
    address_limit::redeem(&state, address, redemption).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Ask to change one's own address
///
/// Mails a link to the new address, which becomes the user's when the link is used. The answer is the same for an address
/// that somebody else has, which gets no mail.
#[utoipa::path(
    tag = "auth",
    operation_id = "auth_change_email",
    request_body = EmailChange,
    responses(
        (status = 202, description = "A link is on its way to the new address"),
        (status = 401, description = "`unauthenticated`, `reauthentication_required`"),
        (status = 429, description = "`rate_limited`")
    )
)]
#[post("/auth/email/change")]
pub(super) async fn change_email(
    authenticated: FreshlyAuthenticated,
    state: web::Data<AppState>,
    body: Body<EmailChange>,
) -> Result<HttpResponse, Problem> {
    let caller = authenticated.into_caller();
    address_limit::count(&state, Counted::Links, caller.origin.ip).await?;
    email_change::ask(&state, caller, body.0.email).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// Confirm a new address by the link that was mailed to it
///
/// The former address is told, and links that were mailed there become useless.
#[utoipa::path(
    tag = "auth",
    operation_id = "auth_confirm_email_change",
    security(()),
    request_body = LinkToken,
    responses(
        (status = 204, description = "The address is the user's"),
        (status = 400, description = "`invalid_token`"),
        (status = 409, description = "`email_taken`"),
        (status = 429, description = "`rate_limited`")
    )
)]
#[post("/auth/email/change/confirm")]
pub(super) async fn confirm_email_change(
    public: Public,
    state: web::Data<AppState>,
    body: Body<LinkToken>,
) -> Result<HttpResponse, Problem> {
    let address = public.origin.ip;
    let redemption = email_change::confirm(&state, Caller::stranger(public.origin), body.0.token.into_token());
    address_limit::redeem(&state, address, redemption).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Accept an invitation
///
/// Chooses the first password of an account that an administrator has made, and signs in.
#[utoipa::path(
    tag = "auth",
    operation_id = "auth_accept_invitation",
    security(()),
    request_body = InvitationAcceptance,
    responses(
        (status = 200, description = "The user is signed in", body = SignInAnswer),
        (status = 400, description = "`invalid_token`"),
        (status = 409, description = "`username_taken`"),
        (status = 429, description = "`rate_limited`")
    )
)]
#[post("/auth/invitation/accept")]
pub(super) async fn accept_invitation(
    public: Public,
    state: web::Data<AppState>,
    body: Body<InvitationAcceptance>,
) -> Result<HttpResponse, Problem> {
    let address = public.origin.ip;
    let redemption = invitation::accept(&state, Caller::stranger(public.origin), body.0);
    answer(&state, address_limit::redeem(&state, address, redemption).await?)
}

/// Ask for a link that signs in
///
/// Where the configuration has it. The answer is the same whether there is such an account or not.
#[utoipa::path(
    tag = "auth",
    operation_id = "auth_request_magic_link",
    security(()),
    request_body = LinkRequestBody,
    responses(
        (status = 202, description = "If there is such an account, a link is on its way"),
        (status = 404, description = "`not_found`: nobody signs in like this here"),
        (status = 429, description = "`rate_limited`")
    )
)]
#[post("/auth/magic-link")]
pub(super) async fn request_magic_link(
    public: Public,
    state: web::Data<AppState>,
    body: Body<LinkRequestBody>,
) -> Result<HttpResponse, Problem> {
    magic_link::require_enabled(&state)?;
    address_limit::count(&state, Counted::Links, public.origin.ip).await?;
    link_requests::take(&state, public.origin, LinkRequest::MagicLink, body.0.email).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// Sign in by a mailed link
///
/// It is good once, and takes the place of the password alone: a second factor is asked for all the same.
#[utoipa::path(
    tag = "auth",
    operation_id = "auth_redeem_magic_link",
    security(()),
    request_body = MagicLinkToken,
    responses(
        (status = 200, description = "What signing in led to", body = SignInAnswer),
        (status = 400, description = "`invalid_token`"),
        (status = 403, description = "`second_factor_unavailable`: a role asks for a second factor, and a mailed code would be the only one"),
        (status = 404, description = "`not_found`: nobody signs in like this here"),
        (status = 429, description = "`rate_limited`")
    )
)]
#[post("/auth/magic-link/redeem")]
pub(super) async fn redeem_magic_link(
    public: Public,
    state: web::Data<AppState>,
    request: HttpRequest,
    body: Body<MagicLinkToken>,
) -> Result<HttpResponse, Problem> {
    magic_link::require_enabled(&state)?;
    let MagicLinkToken { token, refresh: delivery } = body.0;
    let (address, caller) = (public.origin.ip, Caller::stranger(public.origin));
    let device = device_cookie::read(&state, &request);
    let redemption = magic_link::redeem(&state, caller, device, token.into_token(), delivery.unwrap_or_default());
    answer(&state, address_limit::redeem(&state, address, redemption).await?)
}

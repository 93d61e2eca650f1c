use actix_web::{HttpRequest, HttpResponse, post, web};

use super::answer::answer;
use super::model::{ChallengeBody, SignInAnswer};
use super::proof::{SecondFactorProof, claim};
use super::second_factor::{self, Presented};
use super::{address_limit, device_cookie};
use crate::access::{Caller, Public};
use crate::features::passkeys::{CeremonyOptions, Purpose};
use crate::http::{Body, JsonReply, json};
use crate::problem::Problem;
use crate::state::AppState;

/// Prove the second factor that signing in asked for
///
/// A code is good once. After too many wrong ones one has to wait, with a right one too.
#[utoipa::path(
    tag = "auth",
    operation_id = "auth_mfa",
    security(()),
    request_body = SecondFactorProof,
    responses(
        (status = 200, description = "What signing in led to", body = SignInAnswer),
        (status = 400, description = "`invalid_token`"),
        (status = 401, description = "`invalid_credentials`"),
        (status = 429, description = "`too_many_attempts`, `rate_limited`")
    )
)]
#[post("/auth/mfa")]
pub(super) async fn prove(
    public: Public,
    state: web::Data<AppState>,
    request: HttpRequest,
    body: Body<SecondFactorProof>,
) -> Result<HttpResponse, Problem> {
    let device = device_cookie::read(&state, &request);
    let SecondFactorProof { challenge, method, code, ceremony, credential, trust_device, refresh } = body.0;
    let claim = claim(method, code, ceremony, credential, Purpose::SecondFactor)?;
    let presented = Presented {
        challenge: challenge.into_token(),
        claim,
        trust_device: trust_device.unwrap_or(false),
        delivery: refresh.unwrap_or_default(),
        device,
    };
    let (address, caller) = (public.origin.ip, Caller::stranger(public.origin));
    answer(&state, address_limit::redeem(&state, address, second_factor::prove(&state, caller, presented)).await?)
}

/// Have a code mailed for the second factor
///
/// Where signing in named `email_code`. The newest code alone is good, and only for this sign-in.
#[utoipa::path(
    tag = "auth",
    operation_id = "auth_mfa_email_code",
    security(()),
    request_body = ChallengeBody,
    responses(
        (status = 202, description = "The code is on its way"),
        (status = 400, description = "`invalid_token`"),
        (status = 429, description = "`rate_limited`")
    )
)]
#[post("/auth/mfa/email-code")]
pub(super) async fn mail_code(
    public: Public,
    state: web::Data<AppState>,
    body: Body<ChallengeBody>,
) -> Result<HttpResponse, Problem> {
    let mailing = second_factor::mail_code(&state, body.0.challenge.into_token());
    address_limit::redeem(&state, public.origin.ip, mailing).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// Ask for a passkey as the second factor
///
/// Where signing in named `passkey`. The answer is presented to `/auth/mfa`.
#[utoipa::path(
    tag = "auth",
    operation_id = "auth_mfa_passkey_options",
    security(()),
    request_body = ChallengeBody,
    responses(
        (status = 200, description = "What to ask the authenticator", body = CeremonyOptions),
        (status = 400, description = "`invalid_token`"),
        (status = 409, description = "`no_passkey`, `passkeys_unavailable`"),
        (status = 429, description = "`rate_limited`")
    )
)]
#[post("/auth/mfa/passkey/options")]
pub(super) async fn ask_for_passkey(
    public: Public,
    state: web::Data<AppState>,
    body: Body<ChallengeBody>,
) -> Result<JsonReply, Problem> {
    let asking = second_factor::ask_for_passkey(&state, body.0.challenge.into_token());
    json(&address_limit::redeem(&state, public.origin.ip, asking).await?)
}

use actix_web::{HttpRequest, HttpResponse, post, web};

use super::answer::answer;
use super::model::{EmailCodeRequest, SecondFactorProof, SignInAnswer};
use super::second_factor::{self, Presented};
use super::{address_limit, device_cookie};
use crate::access::{Caller, Public};
use crate::features::mfa::Claim;
use crate::http::Body;
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
    let SecondFactorProof { challenge, method, code, trust_device, refresh } = body.0;
    let presented = Presented {
        challenge: challenge.into_token(),
        claim: Claim { method, code },
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
    request_body = EmailCodeRequest,
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
    body: Body<EmailCodeRequest>,
) -> Result<HttpResponse, Problem> {
    let mailing = second_factor::mail_code(&state, body.0.challenge.into_token());
    address_limit::redeem(&state, public.origin.ip, mailing).await?;
    Ok(HttpResponse::Accepted().finish())
}

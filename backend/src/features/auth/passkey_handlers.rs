use actix_web::{HttpRequest, HttpResponse, post, web};

use super::answer::answer;
use super::model::{PasskeyLogin, PasskeyOptionsRequest, SignInAnswer};
use super::{device_cookie, passkey_sign_in};
use crate::access::{Authenticated, Caller, Public};
use crate::features::passkeys::{self, CeremonyOptions, Purpose};
use crate::http::{Body, JsonReply, OptionalBody, json};
use crate::problem::Problem;
use crate::state::AppState;

/// Ask for a passkey to sign in by
///
/// The answer names nobody and no passkey, whatever the identifier: the authenticator knows which ones it holds for Reeve.
#[utoipa::path(
    tag = "auth",
    operation_id = "auth_passkey_options",
    security(()),
    request_body = Option<PasskeyOptionsRequest>,
    responses(
        (status = 200, description = "What to ask the authenticator", body = CeremonyOptions),
        (status = 409, description = "`passkeys_unavailable`"),
        (status = 429, description = "`rate_limited`")
    )
)]
#[post("/auth/passkey/options")]
pub(super) async fn begin(
    public: Public,
    state: web::Data<AppState>,
    body: OptionalBody<PasskeyOptionsRequest>,
) -> Result<JsonReply, Problem> {
    drop(body.0.identifier);
    json(&passkey_sign_in::begin(&state, &Caller::stranger(public.origin)).await?)
}

/// Sign in with a passkey
///
/// It stands for the password and a second factor. A passkey that is unknown, and a user who may not sign in, get the same
/// answer as a wrong password.
#[utoipa::path(
    tag = "auth",
    operation_id = "auth_passkey",
    security(()),
    request_body = PasskeyLogin,
    responses(
        (status = 200, description = "What signing in led to", body = SignInAnswer),
        (status = 401, description = "`invalid_credentials`"),
        (status = 429, description = "`rate_limited`")
    )
)]
#[post("/auth/passkey")]
pub(super) async fn sign_in(
    public: Public,
    state: web::Data<AppState>,
    request: HttpRequest,
    body: Body<PasskeyLogin>,
) -> Result<HttpResponse, Problem> {
    let device = device_cookie::read(&state, &request);
    let caller = Caller::stranger(public.origin);
    answer(&state, passkey_sign_in::with_passkey(&state, caller, device, body.0).await?)
}

/// Ask for one's own passkey, to prove once more who one is
///
/// The answer is presented to `/auth/reauthenticate`.
#[utoipa::path(
    tag = "auth",
    operation_id = "auth_reauthenticate_passkey_options",
    responses(
        (status = 200, description = "What to ask the authenticator", body = CeremonyOptions),
        (status = 409, description = "`no_passkey`, `passkeys_unavailable`")
    )
)]
#[post("/auth/reauthenticate/passkey/options")]
pub(super) async fn begin_to_reauthenticate(
    authenticated: Authenticated,
    state: web::Data<AppState>,
) -> Result<JsonReply, Problem> {
    let (user_id, now, state_for_options) = (authenticated.actor.account.user.id, state.clock.now(), state.clone());
    let options = state
        .database
        .write(move |connection| {
            let purpose = Purpose::Reauthenticate;
            passkeys::begin_of_user(&state_for_options, connection, purpose, user_id, now)
        })
        .await?;
    json(&options)
}

use actix_web::{HttpResponse, delete, get, post, web};

use super::model::{MfaStatus, RecoveryCodes, TotpConfirmation, TotpOffer};
use super::{administration, enrolment};
use crate::access::{Authenticated, FreshlyAuthenticated, FreshlyAuthorized, Permission, UsersWrite};
use crate::http::{Body, JsonReply, PathId, json};
use crate::problem::Problem;
use crate::state::AppState;

/// One's own second factors
#[utoipa::path(
    tag = "account",
    operation_id = "account_mfa_get",
    responses((status = 200, description = "What is set up", body = MfaStatus))
)]
#[get("/me/mfa")]
pub(super) async fn get(authenticated: Authenticated, state: web::Data<AppState>) -> Result<JsonReply, Problem> {
    let user_id = authenticated.actor.account.user.id;
    json(&state.database.read(move |connection| enrolment::status(connection, user_id)).await?)
}

/// Begin to set up an authenticator
///
/// Nothing changes until a code of it is confirmed. Beginning again makes the former secret useless.
#[utoipa::path(
    tag = "account",
    operation_id = "account_mfa_totp_begin",
    responses(
        (status = 200, description = "What the authenticator needs to know", body = TotpOffer),
        (status = 401, description = "`unauthenticated`, `reauthentication_required`"),
        (status = 409, description = "`totp_already_enabled`")
    )
)]
#[post("/me/mfa/totp")]
pub(super) async fn begin_totp(
    authenticated: FreshlyAuthenticated,
    state: web::Data<AppState>,
) -> Result<JsonReply, Problem> {
    json(&enrolment::begin_totp(&state, authenticated.into_caller()).await?)
}

/// Take an authenticator into use
///
/// By a code that it shows. Answers ten recovery codes, which are never shown again.
#[utoipa::path(
    tag = "account",
    operation_id = "account_mfa_totp_confirm",
    request_body = TotpConfirmation,
    responses(
        (status = 200, description = "Signing in asks for a code from now on", body = RecoveryCodes),
        (status = 409, description = "`totp_not_offered`"),
        (status = 422, description = "`validation_failed` with the code `wrong_code` of the field `code`"),
        (status = 429, description = "`too_many_attempts`")
    )
)]
#[post("/me/mfa/totp/confirm")]
pub(super) async fn confirm_totp(
    authenticated: Authenticated,
    state: web::Data<AppState>,
    body: Body<TotpConfirmation>,
) -> Result<JsonReply, Problem> {
    json(&enrolment::confirm_totp(&state, authenticated.into_caller(), body.0.code).await?)
}

/// Remove one's own authenticator
///
/// Its recovery codes become useless too.
#[utoipa::path(
    tag = "account",
    operation_id = "account_mfa_totp_delete",
    responses(
        (status = 204, description = "Signing in asks for no code of it any more"),
        (status = 401, description = "`unauthenticated`, `reauthentication_required`"),
        (status = 404, description = "There is no authenticator")
    )
)]
#[delete("/me/mfa/totp")]
pub(super) async fn delete_totp(
    authenticated: FreshlyAuthenticated,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    enrolment::remove_totp(&state, authenticated.into_caller()).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Make new recovery codes
///
/// The old ones become useless.
#[utoipa::path(
    tag = "account",
    operation_id = "account_mfa_recovery_codes_replace",
    responses(
        (status = 200, description = "The codes, which are never shown again", body = RecoveryCodes),
        (status = 401, description = "`unauthenticated`, `reauthentication_required`"),
        (status = 409, description = "`mfa_not_enabled`")
    )
)]
#[post("/me/mfa/recovery-codes")]
pub(super) async fn replace_recovery_codes(
    authenticated: FreshlyAuthenticated,
    state: web::Data<AppState>,
) -> Result<JsonReply, Problem> {
    json(&enrolment::replace_recovery_codes(&state, authenticated.into_caller()).await?)
}

/// Remove a user's second factors
///
/// And their passkeys. For somebody who has lost theirs. The user is told by mail.
#[utoipa::path(
    tag = "users",
    operation_id = "users_mfa_delete",
    params(("id" = uuid::Uuid, Path, description = "The user's id")),
    responses(
        (status = 204, description = "The user has no second factor"),
        (status = 401, description = "`unauthenticated`, `reauthentication_required`"),
        (status = 403, description = "`privilege_escalation`")
    ),
    extensions(("x-permission" = json!(UsersWrite::NAME)))
)]
#[delete("/users/{id}/mfa")]
pub(super) async fn delete_of_user(
    authorized: FreshlyAuthorized<UsersWrite>,
    state: web::Data<AppState>,
    id: PathId,
) -> Result<HttpResponse, Problem> {
    state.act(authorized.into_authorized(), move |act| administration::remove_of_user(act, id.0)).await?;
    Ok(HttpResponse::NoContent().finish())
}

//! How somebody sets up a second factor of their own, and removes it.

use std::time::Duration;

use diesel::QueryResult;
use uuid::Uuid;

use super::model::{EnrolledMethod, Method, MfaStatus, OneTimeCode, RecoveryCodes, TotpOffer};
use super::proof::sealing_context;
use super::queries::{self, TotpRow};
use super::recovery_code::RecoveryCode;
use super::requirement::must_be_proved;
use super::totp::{TotpSecret, qr_svg};
use crate::access::{Act, Caller, Change};
use crate::db::DbConnection;
use crate::features::attempts::{self, Attempt, Bucket, Refusal, Rule};
use crate::features::audit::{Changes, Target};
use crate::features::auth;
use crate::features::devices;
use crate::features::passkeys;
use crate::features::sessions;
use crate::features::users::{self, User};
use crate::mail::Message;
use crate::problem::{Code, FieldError, Problem};
use crate::state::AppState;

/// A secret that was shown counts for so long.
const OFFERED_FOR: Duration = Duration::from_secs(3_600);

/// What somebody has set up.
pub(super) fn status(connection: &mut DbConnection, user_id: Uuid) -> QueryResult<MfaStatus> {
    let (enabled, required) = queries::requirement(connection, user_id)?;
    let totp = queries::totp_of(connection, user_id)?;
    let method = |TotpRow { confirmed_at, last_used_at, .. }| {
        confirmed_at.map(|created_at| EnrolledMethod { method: Method::Totp, created_at, last_used_at })
    };
    let passkeys = passkeys::use_of_user(connection, user_id)?.map(|(created_at, last_used_at)| EnrolledMethod {
        method: Method::Passkey,
        created_at,
        last_used_at,
    });
    let recovery_codes_left = queries::recovery_codes_left(connection, user_id)?;
    let methods = totp.and_then(method).into_iter().chain(passkeys).collect();
    let has_password = auth::has_password(connection, user_id)?;
    Ok(MfaStatus { has_password, enabled, required, methods, recovery_codes_left })
}

/// Offers a secret to the caller's authenticator. It counts for nothing until a code has shown that it arrived.
///
/// # Errors
/// `totp_already_enabled`.
pub(super) async fn begin_totp(state: &AppState, caller: Caller) -> Result<TotpOffer, Problem> {
    let user_id = caller.user_id().ok_or_else(|| Problem::new(Code::Unauthenticated))?;
    let secret = TotpSecret::generate();
    let sealed = state.sealer.seal(&sealing_context(user_id), secret.as_bytes())?;
    let now = state.clock.now();
    let user = state
        .database
        .write(move |connection| {
            let user = users::find(connection, user_id)?.ok_or_else(|| Problem::new(Code::Unauthenticated))?;
            if queries::totp_of(connection, user_id)?.is_some_and(|totp| totp.confirmed_at.is_some()) {
                return Err(Problem::new(Code::TotpAlreadyEnabled));
            }
            queries::offer_totp(connection, user_id, &sealed, now)?;
            Ok(user)
        })
        .await?;
    let uri = secret.otpauth_uri(&state.settings.product_name, &user.email)?;
    Ok(TotpOffer { secret: secret.to_base32().to_string(), otpauth_uri: uri.to_string(), qr_svg: qr_svg(&uri)? })
}

/// Takes what was offered into use, and hands out recovery codes.
///
/// # Errors
/// `totp_not_offered`; `wrong_code` of the field `code`, and `too_many_attempts` after too many of those.
pub(super) async fn confirm_totp(
    state: &AppState,
    caller: Caller,
    code: OneTimeCode,
) -> Result<RecoveryCodes, Problem> {
    let user_id = caller.user_id().ok_or_else(|| Problem::new(Code::Unauthenticated))?;
    let offered = state.database.read(move |connection| queries::totp_of(connection, user_id)).await?;
    let now = state.clock.now();
    let offered = offered.filter(|totp| totp.confirmed_at.is_none() && totp.created_at.plus(OFFERED_FOR) > now);
    let sealed = offered.ok_or_else(|| Problem::new(Code::TotpNotOffered))?.secret;
    let secret = TotpSecret::from_bytes(state.unseal(&sealing_context(user_id), &sealed).await?);
    let refused = |refusal: Refusal| Problem::wait(Code::TooManyAttempts, refusal.wait(state.clock.now()));
    let rule = Rule::of_account(&state.settings.lockout);
    let attempt = Attempt::begin(state, Bucket::second_factor(user_id), rule).await?.map_err(refused)?;
    let Some(step) = secret.matching_step(&code.digits(), state.clock.now())? else {
        // Dropped, the attempt has failed.
        drop(attempt);
        let error = FieldError::new("code", "wrong_code", "The code is wrong. Codes change every thirty seconds.");
        return Err(Problem::invalid(vec![error]));
    };
    let (codes, hashes) = match hashed_codes(state).await {
        Ok(made) => made,
        Err(problem) => {
            attempt.give_back();
            return Err(problem);
        }
    };
    let reservation = attempt.reservation();
    state
        .act_on_oneself(caller, move |act| {
            let user = users::find(act.connection, user_id)?.ok_or_else(|| Problem::new(Code::Unauthenticated))?;
            attempts::succeed(act.connection, &reservation)?;
            if !queries::confirm_totp(act.connection, user_id, &sealed, step, act.now)? {
                return Err(Problem::new(Code::TotpNotOffered));
            }
            queries::replace_recovery_codes(act.connection, user_id, &hashes, act.now)?;
            users::set_mfa_enabled(act.connection, user_id, true, act.now)?;
            devices::distrust_all_of_user(act.connection, user_id)?;
            if let Some(session_id) = act.caller.session_id() {
                sessions::note_second_factor(act.connection, session_id)?;
            }
            act.changes.add(Change::User(user_id));
            let what = Changes::none().field("method", (), Method::Totp.as_str());
            act.record("user.second_factor_added", Target::user(&user), what)?;
            let message = Message::SecondFactorAdded { method: METHOD_NAME.to_owned() };
            act.state.mailer.queue(act.connection, &(&user).into(), &message, act.now)
        })
        .await?;
    attempt.end();
    Ok(codes)
}

/// How an authenticator is called in mails.
const METHOD_NAME: &str = "TOTP";

/// Removes the caller's own second factors.
///
/// # Errors
/// `not_found` if there are none.
pub(super) async fn remove_totp(state: &AppState, caller: Caller) -> Result<(), Problem> {
    let user_id = caller.user_id().ok_or_else(|| Problem::new(Code::Unauthenticated))?;
    state
        .act_on_oneself(caller, move |act| {
            must_be_proved(act.connection, user_id, act.caller.session_id())?;
            let user = users::find(act.connection, user_id)?.ok_or_else(Problem::not_found)?;
            if remove_all(act, &user)? { Ok(()) } else { Err(Problem::not_found()) }
        })
        .await
}

/// Removes whatever a user has set up, forgets which of their devices need none, and tells them; whether there was anything.
pub(crate) fn remove_all(act: &mut Act<'_>, user: &User) -> Result<bool, Problem> {
    devices::distrust_all_of_user(act.connection, user.id)?;
    if !queries::delete_all(act.connection, user.id)? || !user.mfa_enabled {
        return Ok(false);
    }
    users::set_mfa_enabled(act.connection, user.id, false, act.now)?;
    act.changes.add(Change::User(user.id));
    let what = Changes::none().field("method", Method::Totp.as_str(), ());
    act.record("user.second_factor_removed", Target::user(user), what)?;
    let message = Message::SecondFactorRemoved { method: METHOD_NAME.to_owned() };
    act.state.mailer.queue(act.connection, &user.into(), &message, act.now)?;
    Ok(true)
}

/// Hands out new recovery codes, and makes the old ones useless.
///
/// # Errors
/// `mfa_not_enabled`.
pub(super) async fn replace_recovery_codes(state: &AppState, caller: Caller) -> Result<RecoveryCodes, Problem> {
    let user_id = caller.user_id().ok_or_else(|| Problem::new(Code::Unauthenticated))?;
    let session_id = caller.session_id();
    state.database.read(move |connection| Ok(may_replace_codes(connection, user_id, session_id))).await??;
    let (codes, hashes) = hashed_codes(state).await?;
    state
        .act_on_oneself(caller, move |act| {
            may_replace_codes(act.connection, user_id, session_id)?;
            let user = users::find(act.connection, user_id)?.ok_or_else(|| Problem::new(Code::Unauthenticated))?;
            queries::replace_recovery_codes(act.connection, user_id, &hashes, act.now)?;
            Ok(act.record("user.recovery_codes_replaced", Target::user(&user), Changes::none())?)
        })
        .await?;
    Ok(codes)
}

fn may_replace_codes(connection: &mut DbConnection, user_id: Uuid, session_id: Option<Uuid>) -> Result<(), Problem> {
    let (enabled, _) = queries::requirement(connection, user_id)?;
    if enabled { must_be_proved(connection, user_id, session_id) } else { Err(Problem::new(Code::MfaNotEnabled)) }
}

/// New codes, and what the store keeps of them: each one's label and hash.
async fn hashed_codes(state: &AppState) -> Result<(RecoveryCodes, Vec<(String, String)>), Problem> {
    let codes = RecoveryCode::generate_all();
    let mut hashes = Vec::with_capacity(codes.len());
    for code in &codes {
        hashes.push((code.label().to_owned(), state.hasher.hash(code.to_secret()).await?));
    }
    Ok((RecoveryCodes { recovery_codes: codes.iter().map(RecoveryCode::to_text).collect() }, hashes))
}

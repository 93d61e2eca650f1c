//! How passkeys come, are called, and go.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;
use webauthn_rs::prelude::{Credential, Passkey, PasskeyRegistration};

use super::ceremony::{self, Purpose};
use super::model::{CeremonyOptions, PasskeyAddition, PasskeyName, PasskeyRow, PasskeyView};
use super::queries;
use super::relying_party::RelyingParty;
use crate::access::{Act, Caller};
use crate::db::Timestamp;
use crate::features::audit::{Changes, Target};
use crate::features::auth;
use crate::features::devices;
use crate::features::mfa;
use crate::features::sessions;
use crate::features::users::{self, User};
use crate::mail::Message;
use crate::problem::{Code, FieldError, Problem};
use crate::state::AppState;

/// A user has so many at most.
const MOST: usize = 20;

/// Asks the caller's authenticator for a passkey.
///
/// # Errors
/// `passkeys_unavailable`, `too_many_passkeys`.
pub(super) async fn begin(state: &AppState, caller: Caller) -> Result<CeremonyOptions, Problem> {
    let relying_party = RelyingParty::of(state)?;
    let (user_id, session_id, now) = (own_id(&caller)?, caller.session_id(), state.clock.now());
    state
        .database
        .write(move |connection| {
            mfa::must_be_proved(connection, user_id, session_id)?;
            let user = users::find(connection, user_id)?.ok_or_else(|| Problem::new(Code::Unauthenticated))?;
            let theirs = queries::of_user(connection, user_id)?;
            if theirs.len() >= MOST {
                return Err(Problem::new(Code::TooManyPasskeys));
            }
            let name = user.display_name.as_deref().unwrap_or(&user.email);
            let (challenge, kept): (_, PasskeyRegistration) = relying_party
                .webauthn()
                .start_passkey_registration(user_id, &user.email, name, None)
                .map_err(Problem::internal)?;
            let mut public_key = serde_json::to_value(challenge.public_key).map_err(Problem::internal)?;
            // The browser refuses these by itself; whoever asks it otherwise is told that the passkey is taken.
            public_key["excludeCredentials"] = theirs.iter().map(PasskeyRow::descriptor).collect();
            // Only what the authenticator finds by itself can sign in without a name.
            public_key["authenticatorSelection"]["residentKey"] = "required".into();
            public_key["authenticatorSelection"]["requireResidentKey"] = true.into();
            let kept = serde_json::to_string(&kept).map_err(Problem::internal)?;
            let token = ceremony::begin(connection, Purpose::Register, Some(user_id), &kept, now)?;
            Ok(CeremonyOptions { ceremony: token.expose().to_owned(), public_key })
        })
        .await
}

/// Adds a passkey that the caller's authenticator has just made.
///
/// # Errors
/// `invalid_token` for a ceremony that is none of theirs (any more); `not_verified` of the field `credential`; `passkey_taken`,
/// `too_many_passkeys`, `passkeys_unavailable`.
pub(super) async fn add(state: &AppState, caller: Caller, addition: PasskeyAddition) -> Result<PasskeyView, Problem> {
    let relying_party = RelyingParty::of(state)?;
    let (user_id, now) = (own_id(&caller)?, state.clock.now());
    let PasskeyAddition { ceremony, name, credential } = addition;
    // In a transaction of its own: what is refused below is used up too.
    let kept: Option<String> = state
        .database
        .write(move |connection| {
            ceremony::redeem(connection, Purpose::Register, Some(user_id), &ceremony.0, now).map_err(Problem::from)
        })
        .await?;
    let kept = kept.ok_or_else(|| Problem::new(Code::InvalidToken))?;
    let asked: PasskeyRegistration = serde_json::from_str(&kept).map_err(Problem::internal)?;
    state
        .act_on_oneself(caller, move |act| {
            let refused = FieldError::new("credential", "not_verified", "The passkey could not be verified.");
            let passkey = relying_party
                .webauthn()
                .finish_passkey_registration(&credential.0, &asked)
                .map_err(|_| Problem::invalid(vec![refused]))?;
            mfa::must_be_proved(act.connection, user_id, act.caller.session_id())?;
            let user = users::find(act.connection, user_id)?.ok_or_else(|| Problem::new(Code::Unauthenticated))?;
            if queries::of_user(act.connection, user_id)?.len() >= MOST {
                return Err(Problem::new(Code::TooManyPasskeys));
            }
            let row = row(&user, name, passkey, act.now)?;
            // PostgreSQL takes nothing more after an insert that failed. Acts happen one after another, so it stays true.
            if queries::find_by_credential_id(act.connection, &row.credential_id)?.is_some() {
                return Err(Problem::new(Code::PasskeyTaken));
            }
            queries::insert(act.connection, &row)?;
            devices::distrust_all_of_user(act.connection, user_id)?;
            if let Some(session_id) = act.caller.session_id() {
                sessions::note_second_factor(act.connection, session_id)?;
            }
            act.record("passkey.added", Target::user(&user), Changes::none().field("passkey", (), &row.name))?;
            let message = Message::PasskeyAdded { name: row.name.clone() };
            act.state.mailer.queue(act.connection, &(&user).into(), &message, act.now)?;
            Ok(PasskeyView::from(row))
        })
        .await
}

fn row(user: &User, name: PasskeyName, passkey: Passkey, now: Timestamp) -> Result<PasskeyRow, Problem> {
    let text = serde_json::to_string(&passkey).map_err(Problem::internal)?;
    let credential = Credential::from(passkey);
    Ok(PasskeyRow {
        id: Uuid::now_v7().to_string(),
        user_id: user.id.to_string(),
        credential_id: URL_SAFE_NO_PAD.encode(&credential.cred_id),
        name: name.0,
        credential: text,
        sign_count: i64::from(credential.counter),
        backed_up: credential.backup_state,
        created_at: now,
        last_used_at: None,
    })
}

/// Calls one of the caller's passkeys otherwise.
///
/// # Errors
/// `not_found`.
pub(super) async fn rename(
    state: &AppState,
    caller: Caller,
    id: Uuid,
    name: PasskeyName,
) -> Result<PasskeyView, Problem> {
    let user_id = own_id(&caller)?;
    state
        .act_on_oneself(caller, move |act| {
            let user = users::find(act.connection, user_id)?.ok_or_else(Problem::not_found)?;
            let found = queries::find_of_user(act.connection, user_id, id)?.ok_or_else(Problem::not_found)?;
            if found.name != name.0 {
                queries::rename(act.connection, &found.id, &name.0)?;
                let changes = Changes::none().field("passkey", &found.name, &name.0);
                act.record("passkey.renamed", Target::user(&user), changes)?;
            }
            Ok(PasskeyView::from(PasskeyRow { name: name.0, ..found }))
        })
        .await
}

/// Removes one of the caller's passkeys, and tells them.
///
/// # Errors
/// `not_found`.
pub(super) async fn remove(state: &AppState, caller: Caller, id: Uuid) -> Result<(), Problem> {
    let user_id = own_id(&caller)?;
    state
        .act_on_oneself(caller, move |act| {
            mfa::must_be_proved(act.connection, user_id, act.caller.session_id())?;
            let user = users::find(act.connection, user_id)?.ok_or_else(Problem::not_found)?;
            let found = queries::find_of_user(act.connection, user_id, id)?.ok_or_else(Problem::not_found)?;
            queries::delete(act.connection, &found.id)?;
            // One that was stolen may have made a device trusted.
            devices::distrust_all_of_user(act.connection, user_id)?;
            auth::must_keep_a_way_in(act.state, act.connection, user_id)?;
            tell_of_removal(act, &user, found.name)
        })
        .await
}

/// Removes whatever passkeys a user has, and tells them of each.
pub(crate) fn remove_all_of_user(act: &mut Act<'_>, user: &User) -> Result<(), Problem> {
    let theirs = queries::of_user(act.connection, user.id)?;
    queries::delete_of_user(act.connection, user.id)?;
    theirs.into_iter().try_for_each(|passkey| tell_of_removal(act, user, passkey.name))
}

fn tell_of_removal(act: &mut Act<'_>, user: &User, name: String) -> Result<(), Problem> {
    act.record("passkey.removed", Target::user(user), Changes::none().field("passkey", &name, ()))?;
    act.state.mailer.queue(act.connection, &user.into(), &Message::PasskeyRemoved { name }, act.now)
}

fn own_id(caller: &Caller) -> Result<Uuid, Problem> {
    caller.user_id().ok_or_else(|| Problem::new(Code::Unauthenticated))
}

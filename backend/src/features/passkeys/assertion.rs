//! Whether an authenticator proves that it holds a passkey. Finding out is done before the transaction that the proof is for;
//! noting the use is part of that one.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::QueryResult;
use uuid::Uuid;
use webauthn_rs::prelude::{DiscoverableAuthentication, DiscoverableKey, Passkey, PublicKeyCredential, WebauthnError};

use super::ceremony::{self, Purpose};
use super::model::{Assertion, CeremonyOptions, CeremonyToken, PasskeyRow};
use super::queries;
use super::relying_party::RelyingParty;
use crate::access::Caller;
use crate::db::{DbConnection, Timestamp};
use crate::features::audit::{self, Changes, Event, Target};
use crate::features::users;
use crate::problem::{Code, Problem};
use crate::state::AppState;

/// What somebody presents as the answer of their authenticator.
#[derive(Clone)]
pub(crate) struct Presented {
    pub(crate) purpose: Purpose,
    pub(crate) ceremony: CeremonyToken,
    pub(crate) credential: Assertion,
}

/// A passkey that was proved to be at hand, its user verified; the use is not noted yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Proof {
    /// Whose it is.
    pub(crate) user_id: Uuid,
    seen: PasskeyRow,
    credential: String,
    sign_count: i64,
    backed_up: bool,
}

impl Proof {
    /// Notes the use; whether the passkey was still there, and its count unused.
    pub(crate) fn consume(&self, connection: &mut DbConnection, now: Timestamp) -> QueryResult<bool> {
        queries::note_use(connection, &self.seen, &self.credential, self.sign_count, self.backed_up, now)
    }
}

/// Asks for any passkey of anybody: which one it is, and whose, the authenticator knows. So the answer tells a stranger nothing.
///
/// # Errors
/// `passkeys_unavailable`.
pub(crate) fn begin(
    state: &AppState,
    connection: &mut DbConnection,
    now: Timestamp,
) -> Result<CeremonyOptions, Problem> {
    ask(state, connection, Purpose::SignIn, None, &[], now)
}

/// Asks for a passkey of one user.
///
/// # Errors
/// `passkeys_unavailable`; `no_passkey` if the user has none.
pub(crate) fn begin_of_user(
    state: &AppState,
    connection: &mut DbConnection,
    purpose: Purpose,
    user_id: Uuid,
    now: Timestamp,
) -> Result<CeremonyOptions, Problem> {
    let theirs = queries::of_user(connection, user_id)?;
    if theirs.is_empty() {
        return Err(Problem::new(Code::NoPasskey));
    }
    ask(state, connection, purpose, Some(user_id), &theirs, now)
}

fn ask(
    state: &AppState,
    connection: &mut DbConnection,
    purpose: Purpose,
    user_id: Option<Uuid>,
    allowed: &[PasskeyRow],
    now: Timestamp,
) -> Result<CeremonyOptions, Problem> {
    let relying_party = RelyingParty::of(state)?;
    let (challenge, kept) = relying_party.webauthn().start_discoverable_authentication().map_err(Problem::internal)?;
    let mut public_key = serde_json::to_value(challenge.public_key).map_err(Problem::internal)?;
    public_key["allowCredentials"] = allowed.iter().map(PasskeyRow::descriptor).collect();
    let kept = serde_json::to_string(&kept).map_err(Problem::internal)?;
    let token = ceremony::begin(connection, purpose, user_id, &kept, now)?;
    Ok(CeremonyOptions { ceremony: token.expose().to_owned(), public_key })
}

/// What became of an answer.
enum Verdict {
    Right(Proof),
    Wrong,
    /// The authenticator has signed fewer times than before: there are two that hold the same key.
    Cloned(PasskeyRow),
}

/// Whether an answer is right; it is used up in any case. `user_id`: whose it has to be; without it, anybody's who the
/// authenticator says. That there may be a copy of a passkey is written down.
///
/// # Errors
/// Faults of the store.
pub(crate) async fn judge(
    state: &AppState,
    caller: &Caller,
    user_id: Option<Uuid>,
    presented: Presented,
) -> Result<Option<Proof>, Problem> {
    let Some(relying_party) = state.relying_party.clone() else { return Ok(None) };
    let (Presented { purpose, ceremony, credential }, now) = (presented, state.clock.now());
    let kept: Option<String> = state
        .database
        .write(move |connection| {
            ceremony::redeem(connection, purpose, user_id, &ceremony.0, now).map_err(Problem::from)
        })
        .await?;
    let Some(kept) = kept else { return Ok(None) };
    let asked: DiscoverableAuthentication = serde_json::from_str(&kept).map_err(Problem::internal)?;
    let answer = credential.0;
    // Signatures are verified where the passkey is found, and not where requests are served.
    let verdict = state
        .database
        .read(move |connection| {
            let found = queries::find_by_credential_id(connection, &URL_SAFE_NO_PAD.encode(&answer.raw_id))?;
            let found = found.filter(|passkey| is_of(passkey, user_id, &answer));
            Ok(found.map_or(Ok(Verdict::Wrong), |passkey| verify(&relying_party, &asked, &answer, passkey)))
        })
        .await??;
    match verdict {
        Verdict::Right(proof) => Ok(Some(proof)),
        Verdict::Wrong => Ok(None),
        Verdict::Cloned(passkey) => {
            let caller = caller.clone();
            state.database.write(move |connection| report_copy(connection, &caller, &passkey, now)).await?;
            Ok(None)
        }
    }
}

/// Whether a passkey is whose it has to be, and whose the authenticator says it is. It need not say so where that is known
/// (Web Authentication, section 7.2, step 6).
fn is_of(passkey: &PasskeyRow, user_id: Option<Uuid>, answer: &PublicKeyCredential) -> bool {
    let said = answer.get_user_unique_id().map(Uuid::from_slice);
    let said = match said {
        Some(Ok(id)) => Some(id),
        Some(Err(_)) => return false,
        None => None,
    };
    let is = |id: Uuid| passkey.user_id == id.to_string();
    (user_id.is_some() || said.is_some()) && user_id.is_none_or(is) && said.is_none_or(is)
}

fn verify(
    relying_party: &RelyingParty,
    asked: &DiscoverableAuthentication,
    answer: &PublicKeyCredential,
    row: PasskeyRow,
) -> Result<Verdict, Problem> {
    let mut passkey: Passkey = serde_json::from_str(&row.credential).map_err(Problem::internal)?;
    let key = DiscoverableKey::from(&passkey);
    let result = match relying_party.webauthn().finish_discoverable_authentication_v2(answer, asked.clone(), key) {
        Ok(result) if result.user_verified() => result,
        Err(WebauthnError::CredentialPossibleCompromise) => return Ok(Verdict::Cloned(row)),
        _ => return Ok(Verdict::Wrong),
    };
    passkey.update_credential(&result);
    let user_id = Uuid::try_parse(&row.user_id).map_err(Problem::internal)?;
    Ok(Verdict::Right(Proof {
        user_id,
        credential: serde_json::to_string(&passkey).map_err(Problem::internal)?,
        sign_count: i64::from(result.counter()),
        backed_up: result.backup_state(),
        seen: row,
    }))
}

fn report_copy(
    connection: &mut DbConnection,
    caller: &Caller,
    passkey: &PasskeyRow,
    now: Timestamp,
) -> Result<(), Problem> {
    let user_id = Uuid::try_parse(&passkey.user_id).map_err(Problem::internal)?;
    let Some(user) = users::find(connection, user_id)? else { return Ok(()) };
    let event = Event::refused("passkey.copy_suspected", Target::user(&user));
    let event = Event { changes: Changes::none().field("passkey", (), &passkey.name), ..event };
    Ok(audit::record(connection, caller, event, now)?)
}

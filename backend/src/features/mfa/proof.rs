//! Whether a code proves a second factor. Finding out takes time and secrets and is done before the transaction; using the
//! code up, so that it is good once, is part of what it is given for.

use diesel::QueryResult;
use uuid::Uuid;

use super::model::{Method, OneTimeCode};
use super::queries;
use super::recovery_code::RecoveryCode;
use super::totp::TotpSecret;
use crate::access::Caller;
use crate::crypto::password_hash::Verdict;
use crate::db::{DbConnection, Timestamp};
use crate::features::audit::{self, Changes, Event, Target};
use crate::features::passkeys;
use crate::features::users::User;
use crate::mail::Message;
use crate::problem::Problem;
use crate::state::AppState;

/// So few recovery codes are a reason to make new ones.
const FEW_CODES: usize = 3;

/// What somebody presents as theirs.
#[derive(Clone)]
pub(crate) enum Claim {
    /// A code, and of what it is.
    Code(Method, OneTimeCode),
    Passkey(Box<passkeys::Presented>),
}

impl Claim {
    pub(crate) fn method(&self) -> Method {
        match self {
            Self::Code(method, _) => *method,
            Self::Passkey(_) => Method::Passkey,
        }
    }
}

/// A code, or a passkey's answer, that is right and not used up yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Proof {
    /// Of an authenticator, at a time step.
    Totp {
        step: i64,
    },
    /// One of the recovery codes.
    RecoveryCode {
        label: String,
        code_hash: String,
    },
    Passkey(passkeys::Proof),
}

impl Proof {
    /// Uses the code up; whether nobody had yet. Somebody who has few recovery codes left is told.
    pub(crate) fn consume(
        &self,
        state: &AppState,
        connection: &mut DbConnection,
        caller: &Caller,
        user: &User,
        now: Timestamp,
    ) -> Result<bool, Problem> {
        match self {
            Self::Passkey(proof) => Ok(proof.consume(connection, now)?),
            Self::Totp { step } => Ok(queries::use_step(connection, user.id, *step, now)?),
            Self::RecoveryCode { label, code_hash } => {
                if !queries::use_recovery_code(connection, user.id, label, code_hash)? {
                    return Ok(false);
                }
                let left = queries::recovery_codes_left(connection, user.id)?;
                let what = Changes::none().field("recovery_codes_left", left + 1, left);
                let event = Event::done("user.recovery_code_used", Target::user(user), what).by(user);
                audit::record(connection, caller, event, now)?;
                if left <= FEW_CODES {
                    state.mailer.queue(connection, &user.into(), &Message::RecoveryCodesLow { left }, now)?;
                }
                Ok(true)
            }
        }
    }
}

/// Whether a code, or a passkey's answer, is right; that it is unused is settled by [`Proof::consume`]. Mailed codes are not judged here: they are
/// bound to the sign-in that they were asked for in.
///
/// # Errors
/// `overloaded`, and faults of the store.
pub(crate) async fn judge(
    state: &AppState,
    caller: &Caller,
    user_id: Uuid,
    claim: &Claim,
) -> Result<Option<Proof>, Problem> {
    match claim {
        Claim::Code(Method::Totp, code) => judge_totp(state, user_id, code).await,
        Claim::Code(Method::RecoveryCode, code) => judge_recovery_code(state, user_id, code).await,
        Claim::Code(Method::EmailCode | Method::Passkey, _) => Ok(None),
        Claim::Passkey(presented) => {
            let proof = passkeys::judge(state, caller, Some(user_id), (**presented).clone()).await?;
            Ok(proof.map(Proof::Passkey))
        }
    }
}

async fn judge_totp(state: &AppState, user_id: Uuid, code: &OneTimeCode) -> Result<Option<Proof>, Problem> {
    let found = state.database.read(move |connection| queries::totp_of(connection, user_id)).await?;
    let Some(totp) = found.filter(|totp| totp.confirmed_at.is_some()) else { return Ok(None) };
    let secret = TotpSecret::from_bytes(state.unseal(&sealing_context(user_id), &totp.secret).await?);
    let step = secret.matching_step(&code.digits(), state.clock.now())?;
    Ok(step.map(|step| Proof::Totp { step }))
}

async fn judge_recovery_code(state: &AppState, user_id: Uuid, code: &OneTimeCode) -> Result<Option<Proof>, Problem> {
    let Some(code) = RecoveryCode::typed(code.as_str()) else { return Ok(None) };
    let label = code.label().to_owned();
    let looked_for = label.clone();
    let find = move |connection: &mut DbConnection| -> QueryResult<_> {
        queries::recovery_code(connection, user_id, &looked_for)
    };
    let stored = state.database.read(find).await?;
    let verdict = state.hasher.verify(code.to_secret(), stored.clone()).await?;
    Ok(stored.filter(|_| verdict != Verdict::Wrong).map(|code_hash| Proof::RecoveryCode { label, code_hash }))
}

/// What an authenticator's secret is sealed for: it opens for nobody else.
pub(super) fn sealing_context(user_id: Uuid) -> String {
    format!("totp:{user_id}")
}

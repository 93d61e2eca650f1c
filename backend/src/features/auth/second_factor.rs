//! The second factor of a sign-in, and mailed codes for those who have set up nothing else.

use diesel::QueryResult;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::answer::SignIn;
use super::credentials::{self, Credentials};
use super::fields::RefreshDelivery;
use super::one_time_token::{self, Purpose};
use super::queries;
use super::refusal::{self, Reason, Subject};
use super::service::find_user;
use super::steps::{Carried, Progress};
use crate::access::Caller;
use crate::crypto::opaque_token::OpaqueToken;
use crate::crypto::random_bytes;
use crate::db::{DbConnection, Timestamp};
use crate::features::attempts::{self, Attempt, Bucket, Counted, Refusal, Rule};
use crate::features::audit::{self, Changes, Event, Target};
use crate::features::devices::{self, Device};
use crate::features::mfa::{self, Claim, Method, Proof};
use crate::features::passkeys::{self, CeremonyOptions};
use crate::features::users::{self, User};
use crate::mail::Message;
use crate::problem::{Code, Problem};
use crate::state::AppState;

/// What somebody presents who has got past the first factor.
pub(super) struct Presented {
    pub(super) challenge: OpaqueToken,
    pub(super) claim: Claim,
    pub(super) trust_device: bool,
    pub(super) delivery: RefreshDelivery,
    pub(super) device: Option<OpaqueToken>,
}

/// What is known before the code is looked at.
struct Found {
    credentials: Credentials,
    device: Option<Device>,
    carried: Carried,
    methods: Vec<Method>,
    refusal: Option<Refusal>,
}

/// Goes on with a sign-in whose second factor is proved by a code or a passkey.
///
/// # Errors
/// `invalid_token` for a challenge that is none (any more); `invalid_credentials` for a wrong code, `too_many_attempts` after
/// too many of those.
pub(super) async fn prove(state: &AppState, caller: Caller, presented: Presented) -> Result<SignIn, Problem> {
    let (now, hash) = (state.clock.now(), presented.challenge.hash());
    let (looked_for, device_hash) = (hash.clone(), presented.device.as_ref().map(OpaqueToken::hash));
    let found = state
        .database
        .read(move |connection| look_up(connection, &looked_for, device_hash.as_deref(), now))
        .await?
        .ok_or_else(|| Problem::new(Code::InvalidToken))?;
    let Found { credentials, device, carried, methods, refusal } = found;
    let user_id = credentials.id;
    let address = Bucket::address(Counted::SignIns, caller.origin.ip);
    let subject = Subject::of(Some(&credentials), device.is_some(), address);
    if let Some(refusal) = refusal {
        return Err(refusal::refuse(state, caller, &subject, refusal).await);
    }
    let rule = Rule::of_account(&state.settings.lockout);
    let attempt = match Attempt::begin(state, Bucket::second_factor(user_id), rule).await? {
        Ok(attempt) => attempt,
        Err(refusal) => return Err(refusal::refuse(state, caller, &subject, refusal).await),
    };
    // What is not on offer is as wrong as a wrong code.
    let is_on_offer = methods.contains(&presented.claim.method());
    let judged = if is_on_offer { judge(state, &caller, user_id, &presented).await } else { Ok(None) };
    let proof = match judged {
        Ok(Some(proof)) => proof,
        Ok(None) => return Err(refusal::fail(state, caller, subject, attempt, Reason::WrongCode).await),
        Err(problem) => {
            attempt.give_back();
            return Err(problem);
        }
    };
    let Presented { trust_device, delivery, .. } = presented;
    let (now, state_for_session, reservation) = (state.clock.now(), state.clone(), attempt.reservation());
    let caller_for_session = caller.clone();
    let outcome = state
        .change_access(move |connection, changes| {
            let (state, caller) = (&state_for_session, &caller_for_session);
            let verification = state.settings.email_verification;
            let current = credentials::by_id(connection, user_id)?.filter(|now| now.may_sign_in(verification));
            let current = current.ok_or_else(|| Problem::new(Code::InvalidToken))?;
            one_time_token::redeem(connection, Purpose::SecondFactor, &hash, now)?;
            let user = find_user(connection, user_id)?;
            if !proof.consume(state, connection, caller, &user, now)? {
                return Err(Problem::new(Code::InvalidCredentials));
            }
            attempts::succeed(connection, &reservation)?;
            let progress = Progress {
                user_id,
                remember: carried.remember,
                second_factor: true,
                by_mailed_link: carried.by_mailed_link,
                delivery,
                device,
            };
            let signed_in = progress.advance(state, connection, changes, caller, current.must_change_password, now)?;
            if trust_device {
                trust(state, connection, caller, &signed_in, progress.device.as_ref(), now)?;
            }
            Ok(signed_in)
        })
        .await;
    match outcome {
        Ok(signed_in) => {
            attempt.end();
            Ok(signed_in)
        }
        // Whose code somebody else has used a moment ago.
        Err(problem) if problem.code() == Code::InvalidCredentials => {
            Err(refusal::fail(state, caller, subject, attempt, Reason::WrongCode).await)
        }
        Err(problem) => {
            attempt.give_back();
            Err(problem)
        }
    }
}

/// Mails a code to whoever has got past the first factor, if that is how they may prove the second.
///
/// # Errors
/// `invalid_token`; `rate_limited` after too many.
pub(super) async fn mail_code(state: &AppState, challenge: OpaqueToken) -> Result<(), Problem> {
    let (now, state_for_mail) = (state.clock.now(), state.clone());
    state
        .database
        .write(move |connection| {
            let state = &state_for_mail;
            let holder = one_time_token::look_up(connection, Purpose::SecondFactor, &challenge.hash(), now)?;
            let user = users::find(connection, holder.user_id)?.ok_or_else(|| Problem::new(Code::InvalidToken))?;
            let carried = Carried::from_subject(holder.subject.as_deref());
            if !carried.methods_of(connection, user.id)?.is_some_and(|methods| methods.contains(&Method::EmailCode)) {
                return Ok(());
            }
            // Strangers who have links mailed to the same address must not use up what its owner signs in with.
            let (bucket, rule) = (Bucket::mailed_codes(user.id), Rule::of_account(&state.settings.lockout));
            if let Some(refusal) = attempts::count_request(connection, bucket, &rule, now)? {
                return Err(Problem::wait(Code::RateLimited, refusal.wait(now)));
            }
            send_code(state, connection, &user, &challenge, now)
        })
        .await
}

/// Asks for a passkey of whoever has got past the first factor, if that is how they may prove the second.
///
/// # Errors
/// `invalid_token`; `no_passkey` where none was named.
pub(super) async fn ask_for_passkey(state: &AppState, challenge: OpaqueToken) -> Result<CeremonyOptions, Problem> {
    let (now, state_for_options) = (state.clock.now(), state.clone());
    state
        .database
        .write(move |connection| {
            let holder = one_time_token::look_up(connection, Purpose::SecondFactor, &challenge.hash(), now)?;
            let purpose = passkeys::Purpose::SecondFactor;
            passkeys::begin_of_user(&state_for_options, connection, purpose, holder.user_id, now)
        })
        .await
}

fn send_code(
    state: &AppState,
    connection: &mut DbConnection,
    user: &User,
    challenge: &OpaqueToken,
    now: Timestamp,
) -> Result<(), Problem> {
    let code = format!("{:08}", u64::from_le_bytes(random_bytes()) % 100_000_000);
    let valid_for = Purpose::EmailCode.lifetime(&state.settings.links);
    queries::void_tokens(connection, user.id, &[Purpose::EmailCode])?;
    let (hash, expires_at) = (email_code_hash(challenge, &code), now.plus(valid_for));
    queries::insert_token(connection, &hash, Purpose::EmailCode, user.id, None, now, expires_at)?;
    state.mailer.queue(connection, &user.into(), &Message::EmailCode { code, valid_for }, now)
}

/// A code of few digits is only as good as what it is hashed with: the challenge, which the store doesn't hold either. And so
/// it is good for this sign-in alone.
fn email_code_hash(challenge: &OpaqueToken, code: &str) -> String {
    let digest =
        Sha256::new().chain_update("email code").chain_update(challenge.expose()).chain_update(code).finalize();
    OpaqueToken::presented(&format!("{digest:x}")).hash()
}

/// A code that is right.
enum RightCode {
    Own(Proof),
    /// A mailed one, by its hash.
    Mailed(String),
}

impl RightCode {
    fn consume(
        &self,
        state: &AppState,
        connection: &mut DbConnection,
        caller: &Caller,
        user: &User,
        now: Timestamp,
    ) -> Result<bool, Problem> {
        match self {
            Self::Own(proof) => proof.consume(state, connection, caller, user, now),
            Self::Mailed(hash) => Ok(queries::use_token(connection, hash, Purpose::EmailCode, now)?),
        }
    }
}

async fn judge(
    state: &AppState,
    caller: &Caller,
    user_id: Uuid,
    presented: &Presented,
) -> Result<Option<RightCode>, Problem> {
    let Presented { claim, challenge, .. } = presented;
    let Claim::Code(Method::EmailCode, code) = claim else {
        return Ok(mfa::judge(state, caller, user_id, claim).await?.map(RightCode::Own));
    };
    let (hash, now) = (email_code_hash(challenge, &code.digits()), state.clock.now());
    let looked_for = hash.clone();
    let found = state
        .database
        .read(move |connection| queries::holder_of_token(connection, &looked_for, Purpose::EmailCode, now))
        .await?;
    Ok(found.filter(|holder| holder.user_id == user_id).map(|_| RightCode::Mailed(hash)))
}

fn look_up(
    connection: &mut DbConnection,
    challenge_hash: &str,
    device_hash: Option<&str>,
    now: Timestamp,
) -> QueryResult<Option<Found>> {
    let holder = queries::holder_of_token(connection, challenge_hash, Purpose::SecondFactor, now)?;
    let Some(holder) = holder else { return Ok(None) };
    let Some(credentials) = credentials::by_id(connection, holder.user_id)? else { return Ok(None) };
    let device = match device_hash {
        Some(hash) => devices::find(connection, hash, holder.user_id)?,
        None => None,
    };
    let carried = Carried::from_subject(holder.subject.as_deref());
    Ok(Some(Found {
        credentials,
        device,
        carried,
        methods: carried.methods_of(connection, holder.user_id)?.unwrap_or_default(),
        refusal: attempts::check(connection, Bucket::second_factor(holder.user_id), now)?,
    }))
}

/// Asks for no second factor on this device for a while, if it is one that is known again by its cookie.
fn trust(
    state: &AppState,
    connection: &mut DbConnection,
    caller: &Caller,
    signed_in: &SignIn,
    known: Option<&Device>,
    now: Timestamp,
) -> Result<(), Problem> {
    let SignIn::Done { user, device, .. } = signed_in else { return Ok(()) };
    let device = match device {
        Some(token) => devices::find(connection, &token.hash(), user.id)?,
        None => known.cloned(),
    };
    if let Some(device) = device {
        let until = now.plus(state.settings.mfa_trust_ttl);
        devices::trust(connection, &device, until)?;
        let what = Changes::none().field("trusted_until", device.trusted_until, until);
        audit::record(connection, caller, Event::done("user.device_trusted", Target::user(user), what).by(user), now)?;
    }
    Ok(())
}

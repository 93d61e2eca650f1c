//! Signing in by a passkey alone: it is two factors at once (NIST SP 800-63B, section 3.1.7).

use super::address_limit;
use super::answer::SignIn;
use super::credentials::{self, Credentials};
use super::model::PasskeyLogin;
use super::refusal::{self, Reason, Subject};
use super::steps::Progress;
use crate::access::Caller;
use crate::crypto::opaque_token::OpaqueToken;
use crate::db::DbConnection;
use crate::features::attempts::{self, Bucket, Counted};
use crate::features::devices;
use crate::features::passkeys::{self, CeremonyOptions, Presented, Purpose};
use crate::problem::{Code, Problem};
use crate::state::AppState;

/// Asks for a passkey, whosever it is.
///
/// # Errors
/// `rate_limited` after too many; `passkeys_unavailable`.
pub(super) async fn begin(state: &AppState, caller: &Caller) -> Result<CeremonyOptions, Problem> {
    address_limit::count(state, Counted::Ceremonies, caller.origin.ip).await?;
    let (state_for_options, now) = (state.clone(), state.clock.now());
    state.database.write(move |connection| passkeys::begin(&state_for_options, connection, now)).await
}

/// Signs in by a passkey. One that is unknown or removed, an answer that was not asked for, and a user who may not sign in get
/// the same answer. A lock of the account is none for its passkeys: who guesses passwords must not keep their owner out.
///
/// # Errors
/// `invalid_credentials`; `rate_limited` after too many failures from one address.
pub(super) async fn with_passkey(
    state: &AppState,
    caller: Caller,
    device_token: Option<OpaqueToken>,
    login: PasskeyLogin,
) -> Result<SignIn, Problem> {
    attempts::refuse_blocked_address(state, Counted::SignIns, caller.origin.ip).await?;
    let address = Bucket::address(Counted::SignIns, caller.origin.ip);
    let PasskeyLogin { ceremony, credential, refresh, remember } = login;
    let presented = Presented { purpose: Purpose::SignIn, ceremony, credential };
    let Some(proof) = passkeys::judge(state, &caller, None, presented).await? else {
        let subject = Subject::of(None, false, address);
        return Err(refusal::fail_of_address(state, caller, subject, Reason::WrongPasskey).await);
    };
    let user_id = proof.user_id;
    let find = move |connection: &mut DbConnection| credentials::by_id(connection, user_id);
    let found = state.database.read(find).await?;
    let subject = Subject::of(found.as_ref(), false, address);
    if let Some(reason) = hindrance(state, found.as_ref()) {
        return Err(refusal::fail_of_address(state, caller, subject, reason).await);
    }
    let (delivery, remember) = (refresh.unwrap_or_default(), remember.unwrap_or(false));
    let (now, state_for_session, caller_for_session) = (state.clock.now(), state.clone(), caller.clone());
    let outcome = state
        .change_access(move |connection, changes| {
            let (state, caller) = (&state_for_session, &caller_for_session);
            let current = credentials::by_id(connection, user_id)?;
            let current = current.filter(|current| hindrance(state, Some(current)).is_none());
            let current = current.ok_or_else(|| Problem::new(Code::InvalidCredentials))?;
            if !proof.consume(connection, now)? {
                return Err(Problem::new(Code::InvalidCredentials));
            }
            let device = match &device_token {
                Some(token) => devices::find(connection, &token.hash(), user_id)?,
                None => None,
            };
            let progress = Progress { user_id, remember, second_factor: true, by_mailed_link: false, delivery, device };
            progress.advance(state, connection, changes, caller, current.must_change_password, now)
        })
        .await;
    match outcome {
        // Whose user lost their access, or the passkey, a moment ago.
        Err(problem) if problem.code() == Code::InvalidCredentials => {
            Err(refusal::fail_of_address(state, caller, subject, Reason::WrongPasskey).await)
        }
        outcome => outcome,
    }
}

fn hindrance(state: &AppState, found: Option<&Credentials>) -> Option<Reason> {
    found.map_or(Some(Reason::Unknown), |found| found.hindrance(state.settings.email_verification))
}

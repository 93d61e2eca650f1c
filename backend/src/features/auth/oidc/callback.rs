//! On the way back from a provider.

use uuid::Uuid;

use super::binding::Derived;
use super::departure::redirect_uri;
use super::queries::{self, RequestRow};
use super::refusal::Refusal;
use super::subject;
use crate::access::{Caller, live_session};
use crate::crypto::opaque_token::OpaqueToken;
use crate::db::{DbConnection, Timestamp};
use crate::features::audit::{self, Event, Outcome};
use crate::features::auth::one_time_token::{self, Purpose};
use crate::features::identities::{self, NewIdentity};
use crate::features::users::{self, User};
use crate::mail::Message;
use crate::oidc::{Authorization, Claims, Failure, Provider};
use crate::problem::Problem;
use crate::state::AppState;

/// What a provider's answer says, and which browser brings it.
pub(super) struct Arrival {
    pub(super) state: Option<String>,
    pub(super) code: Option<String>,
    pub(super) error: Option<String>,
    pub(super) issuer: Option<String>,
    pub(super) browser: Option<OpaqueToken>,
}

/// Where they go on to.
pub(super) enum Way {
    /// They are known, and get a session for this code; then they go to a page.
    SignIn(OpaqueToken, String),
    /// What they are there is linked to their account.
    Linked,
    /// They are refused at signing in.
    NotSignedIn(Refusal),
    /// They are refused at linking.
    NotLinked(Refusal),
}

/// Takes somebody in who comes back from a provider.
///
/// # Errors
/// Faults of the store.
pub(super) async fn arrive(
    state: &AppState,
    provider: &Provider,
    caller: Caller,
    arrival: Arrival,
) -> Result<Way, Problem> {
    let (Some(token), Some(browser)) = (&arrival.state, &arrival.browser) else {
        return Ok(Way::NotSignedIn(Refusal::Expired));
    };
    let token = OpaqueToken::presented(token);
    let Some(request) = take(state, provider, &token, browser).await? else {
        return Ok(Way::NotSignedIn(Refusal::Expired));
    };
    let user_id = request.user_id.as_deref().and_then(|id| Uuid::try_parse(id).ok());
    match believe(state, provider, &arrival, &token, browser).await {
        Ok(claims) => match user_id {
            Some(user_id) => link(state, provider, caller, claims, user_id, request).await,
            None => sign_in(state, provider, caller, claims, browser, request).await,
        },
        Err(refusal) => {
            record_refusal(state, caller, provider, refusal).await?;
            Ok(if user_id.is_some() { Way::NotLinked(refusal) } else { Way::NotSignedIn(refusal) })
        }
    }
}

async fn take(
    state: &AppState,
    provider: &Provider,
    token: &OpaqueToken,
    browser: &OpaqueToken,
) -> Result<Option<RequestRow>, Problem> {
    let (token, browser, name) = (token.hash(), browser.hash(), provider.settings.name.clone());
    let now = state.clock.now();
    state
        .database
        .write(move |connection| queries::take(connection, &token, &browser, &name, now).map_err(Problem::from))
        .await
}

/// Whom the provider names. No connection to the store is held while it is asked.
async fn believe(
    state: &AppState,
    provider: &Provider,
    arrival: &Arrival,
    token: &OpaqueToken,
    browser: &OpaqueToken,
) -> Result<Claims, Refusal> {
    let refuse = |failure: Failure| {
        tracing::warn!(provider = provider.settings.name, reason = %failure, "a sign-in with a provider has failed");
        Refusal::from(&failure)
    };
    let now = state.clock.now();
    provider.check_issuer(arrival.issuer.as_deref(), now).await.map_err(refuse)?;
    match (&arrival.error, &arrival.code) {
        (Some(error), _) if error == "access_denied" => Err(Refusal::Declined),
        (None, Some(code)) => {
            let derived = Derived::from(browser, token);
            let redirect_uri = redirect_uri(state, provider);
            let authorization = Authorization {
                redirect_uri: &redirect_uri,
                state: token.expose(),
                nonce: &derived.nonce,
                verifier: &derived.verifier,
            };
            provider.redeem(code, &authorization, now).await.map_err(refuse)
        }
        _ => Err(Refusal::Failed),
    }
}

async fn sign_in(
    state: &AppState,
    provider: &Provider,
    caller: Caller,
    claims: Claims,
    browser: &OpaqueToken,
    request: RequestRow,
) -> Result<Way, Problem> {
    let (now, state_for_look, settings) = (state.clock.now(), state.clone(), provider.settings.clone());
    let browser = browser.hash();
    state
        .change_access(move |connection, changes| {
            let state = &state_for_look;
            let found = subject::resolve(state, connection, changes, &caller, &settings, &claims, now)?;
            let user = match found {
                Ok(user) => user,
                Err(refusal) => return Ok(Way::NotSignedIn(refusal)),
            };
            let links = &state.settings.links;
            let code = one_time_token::issue(connection, Purpose::OidcCode, user.id, Some(&browser), links, now)?;
            Ok(Way::SignIn(code, request.next))
        })
        .await
}

async fn link(
    state: &AppState,
    provider: &Provider,
    caller: Caller,
    claims: Claims,
    user_id: Uuid,
    request: RequestRow,
) -> Result<Way, Problem> {
    let (now, state_for_mail, settings) = (state.clock.now(), state.clone(), provider.settings.clone());
    state
        .change_access(move |connection, _| {
            let session_id = request.session_id.as_deref().and_then(|id| Uuid::try_parse(id).ok()).unwrap_or_default();
            // Who was signed out, or shut out, while they were away links nothing any more.
            let session = live_session(connection, session_id, now)?;
            let lives = session.is_some_and(|(owner, _)| owner == user_id);
            let user = users::find(connection, user_id)?.filter(|user| lives && user.active && user.approved);
            let Some(user) = user else { return Ok(Way::NotLinked(Refusal::Expired)) };
            let issuer = settings.issuer.as_str();
            if let Some(identity) = identities::find_by_subject(connection, issuer, &claims.subject)? {
                if identity.user_id() == user_id {
                    return Ok(Way::Linked);
                }
                record(connection, &caller, &settings.name, Refusal::Taken, Some(&user), now)?;
                return Ok(Way::NotLinked(Refusal::Taken));
            }
            let (provider, email) = (settings.name.as_str(), claims.email.as_deref());
            let new = NewIdentity { provider, issuer, subject: &claims.subject, email };
            identities::link(connection, &caller, &user, &new, now)?;
            let message = Message::IdentityLinked { provider: settings.label.clone() };
            state_for_mail.mailer.queue(connection, &(&user).into(), &message, now)?;
            Ok(Way::Linked)
        })
        .await
}

async fn record_refusal(
    state: &AppState,
    caller: Caller,
    provider: &Provider,
    refusal: Refusal,
) -> Result<(), Problem> {
    let (name, now) = (provider.settings.name.clone(), state.clock.now());
    state.database.write(move |connection| record(connection, &caller, &name, refusal, None, now)).await
}

/// Leaves word of a refusal: of whom, if that is known.
pub(super) fn record(
    connection: &mut DbConnection,
    caller: &Caller,
    provider: &str,
    refusal: Refusal,
    user: Option<&User>,
    now: Timestamp,
) -> Result<(), Problem> {
    let changes = audit::Changes::none().field("reason", (), refusal.as_str()).field("provider", (), provider);
    let event = Event {
        action: "identity.refused",
        target: user.map(audit::Target::user),
        outcome: Outcome::Refused,
        changes,
        actor: user.cloned(),
    };
    Ok(audit::record(connection, caller, event, now)?)
}

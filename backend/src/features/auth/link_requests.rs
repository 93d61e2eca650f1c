//! Links that strangers ask for by an address. The request is taken in alike whether there is an account or not, and done
//! in the server's own time: neither the answer nor how long it takes tells anything.

use std::time::Duration;

use super::queries::LinkRequestRow;
use super::{links, queries};
use crate::access::{Caller, RequestOrigin};
use crate::db::{DbConnection, Timestamp};
use crate::features::audit::{self, Changes, Event, Target};
use crate::features::users::{self, Email, User, UserKind};
use crate::problem::Problem;
use crate::state::AppState;

const INTERVAL: Duration = Duration::from_millis(250);
/// How many requests one transaction does.
const BATCH: i64 = 20;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LinkRequest {
    /// A link that verifies the address.
    Verification,
    /// A link that sets a new password.
    PasswordReset,
    /// A link that signs in.
    MagicLink,
}

impl LinkRequest {
    fn as_str(self) -> &'static str {
        match self {
            Self::Verification => "verification",
            Self::PasswordReset => "password_reset",
            Self::MagicLink => "magic_link",
        }
    }

    fn from_str(text: &str) -> Option<Self> {
        [Self::Verification, Self::PasswordReset, Self::MagicLink].into_iter().find(|request| request.as_str() == text)
    }
}

/// Takes a request in.
///
/// # Errors
/// Faults of the store.
pub(super) async fn take(
    state: &AppState,
    origin: RequestOrigin,
    asked: LinkRequest,
    email: Email,
) -> Result<(), Problem> {
    let now = state.clock.now();
    state
        .database
        .write(move |connection| {
            queries::insert_link_request(connection, asked.as_str(), &email.normalized(), &origin, now)?;
            Ok::<_, Problem>(())
        })
        .await
}

/// Does what was asked for, for as long as the process runs.
pub async fn work(state: AppState) {
    loop {
        match do_next(&state).await {
            Ok(0) => tokio::time::sleep(INTERVAL).await,
            Ok(_) => {}
            Err(problem) => {
                tracing::debug!(cause = problem.cause(), "requests for links can't be read");
                tokio::time::sleep(INTERVAL).await;
            }
        }
    }
}

/// Does some requests; how many.
async fn do_next(state: &AppState) -> Result<usize, Problem> {
    // Asked aside first: a transaction that writes, four times a second, would hold up those that have something to write.
    let waiting = state.database.read_aside(|connection| queries::link_requests(connection, BATCH)).await?;
    if waiting.is_empty() {
        return Ok(0);
    }
    let (now, state_for_links) = (state.clock.now(), state.clone());
    let number = waiting.len();
    state
        .database
        .write(move |connection| {
            for request in waiting {
                // Of several nodes that read it, the one that deletes it does it.
                if queries::delete_link_request(connection, &request.id)? {
                    answer(&state_for_links, connection, &request, now)?;
                }
            }
            Ok::<_, Problem>(())
        })
        .await?;
    Ok(number)
}

fn answer(
    state: &AppState,
    connection: &mut DbConnection,
    request: &LinkRequestRow,
    now: Timestamp,
) -> Result<(), Problem> {
    let Some(id) = users::find_id_by_identifier(connection, &request.email)? else { return Ok(()) };
    let Some(user) = users::find(connection, id)? else { return Ok(()) };
    if !links::may_be_mailed(state, connection, &user, now)? {
        return Ok(());
    }
    let action = match LinkRequest::from_str(&request.purpose) {
        Some(LinkRequest::MagicLink) if state.settings.magic_link && user.email_verified && may_reset(&user) => {
            links::send_magic_link(state, connection, &user, now)?;
            "user.magic_link_sent"
        }
        // Who asks to be let in at an address that nobody has shown to be theirs is asked that first: whoever registered with
        // it may be somebody else, who knows the password.
        Some(LinkRequest::Verification | LinkRequest::MagicLink) if may_verify(&user) => {
            links::send_verification(state, connection, &user, now)?;
            "user.verification_sent"
        }
        Some(LinkRequest::PasswordReset) if may_reset(&user) => {
            links::send_password_link(state, connection, &user, now)?;
            "user.password_link_sent"
        }
        _ => return Ok(()),
    };
    let caller = Caller::stranger(RequestOrigin {
        ip: request.ip.as_ref().and_then(|ip| ip.parse().ok()),
        user_agent: request.user_agent.as_deref().map(Into::into),
        request_id: request.request_id.parse().unwrap_or_default(),
    });
    audit::record(connection, &caller, Event::done(action, Target::user(&user), Changes::none()), now)?;
    Ok(())
}

fn may_verify(user: &User) -> bool {
    user.kind == UserKind::Person && user.active && !user.email_verified
}

fn may_reset(user: &User) -> bool {
    user.kind == UserKind::Person && user.active && user.approved
}

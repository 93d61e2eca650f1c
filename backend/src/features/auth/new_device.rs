//! Telling somebody that their account was signed in to on a device that is not known to be theirs.

use std::time::Duration;

use super::fields::RefreshDelivery;
use super::service::OpenedSession;
use crate::access::RequestOrigin;
use crate::db::{DbConnection, Timestamp};
use crate::features::devices;
use crate::features::sessions;
use crate::mail::Message;
use crate::problem::Problem;
use crate::state::AppState;

/// A client without cookies is known by where it comes from and what it calls itself, if it was seen within this time.
const REMEMBERED_FOR: Duration = Duration::from_secs(30 * 86_400);

/// Mails whoever has just signed in on a device that is not known, in the transaction of the sign-in. Not at the first
/// sign-in: then no device can be known.
///
/// A browser is known by its cookie alone, for others at the same address call themselves the same. A program that keeps no
/// cookies would be a new device each time: it is known by its address and its name.
pub(super) fn tell(
    state: &AppState,
    connection: &mut DbConnection,
    opened: &OpenedSession,
    origin: &RequestOrigin,
    delivery: RefreshDelivery,
    now: Timestamp,
) -> Result<(), Problem> {
    let OpenedSession { user, session, .. } = opened;
    if user.login_count <= 1 {
        return Ok(());
    }
    let since = now.minus(REMEMBERED_FOR);
    let keeps_cookies = delivery == RefreshDelivery::Cookie;
    if !keeps_cookies && sessions::is_known_origin(connection, user.id, session.id, origin, since)? {
        return Ok(());
    }
    let message = Message::NewSignIn {
        device: origin.user_agent.as_deref().and_then(devices::name_of),
        address: origin.ip.map(|ip| ip.to_string()),
        at: now,
        link: format!("{}/account?tab=devices", state.public_url.as_str()),
    };
    state.mailer.queue(connection, &user.into(), &message, now)
}

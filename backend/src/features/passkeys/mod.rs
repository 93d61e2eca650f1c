//! Passkeys: signing in by a key that never leaves the device, and that no other page can ask for (Web Authentication, level 3).
//!
//! A passkey proves two factors at once, what one has and what unlocks it (NIST SP 800-63B, section 3.1.7), since nothing is taken
//! of an authenticator that has not verified its user.

mod assertion;
mod ceremony;
mod handlers;
mod listing;
mod model;
mod queries;
mod registration;
mod relying_party;

pub(crate) use assertion::{Presented, Proof, begin, begin_of_user, judge};
pub(crate) use ceremony::{Purpose, purge};
pub(crate) use model::{Assertion, CeremonyOptions, CeremonyToken, PasskeyView};
pub(crate) use queries::{has_any, use_of_user, views_of_user};
pub(crate) use registration::remove_all_of_user;
pub use relying_party::RelyingParty;

use crate::http::Routes;

/// The routes under `/api/v1`.
pub fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .service(handlers::list)
        .service(handlers::begin)
        .service(handlers::add)
        .service(handlers::rename)
        .service(handlers::remove);
}

//! Signing in with an account elsewhere: to the provider, back from it, and on to a session.
//!
//! The way there leaves a secret in a cookie of the browser and a state in the store, by its hash. What ties the provider's
//! answer to it (nonce, verifier) is derived from both, so that neither alone is good for anything: not a stolen store, and
//! not a link that somebody else was sent.

mod binding;
mod callback;
mod departure;
mod handlers;
mod queries;
mod redemption;
mod refusal;
mod roles;
mod subject;

pub(super) use handlers::{come_back, link, redeem, start};
pub(crate) use queries::forget_expired as forget_expired_requests;

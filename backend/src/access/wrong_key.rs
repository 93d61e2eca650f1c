//! Bounds how often an address may present API keys that do not exist.

use std::net::IpAddr;

use super::cache::Identity;
use crate::features::attempts::{self, Counted};
use crate::problem::Problem;
use crate::state::AppState;

/// Who presents an API key that is not cached.
///
/// Nobody guesses 256 random bits: the bound is for the load and for the log. So the key is looked at first, and whoever has
/// a right one is let in, whatever others behind the same address have presented.
///
/// # Errors
/// `rate_limited` for a wrong key after too many of them, and when the store can't answer.
pub(super) async fn identify(state: &AppState, token: &str, address: Option<IpAddr>) -> Result<Identity, Problem> {
    if let Some(identity) = state.access.identify_key(token, address).await? {
        return Ok(identity);
    }
    attempts::refuse_blocked_address(state, Counted::ApiKeys, address).await?;
    attempts::count_failure_of_address(state, Counted::ApiKeys, address).await?;
    Ok(Identity::Refused)
}

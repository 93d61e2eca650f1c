//! What one address may get wrong.

use std::net::IpAddr;

use super::bucket::{Bucket, Counted};
use super::rule::Rule;
use super::service;
use crate::problem::{Code, Problem};
use crate::state::AppState;

/// Refuses an address that was wrong too often.
///
/// # Errors
/// `rate_limited`, and when the store can't answer.
pub async fn refuse_blocked_address(
    state: &AppState,
    counted: Counted,
    address: Option<IpAddr>,
) -> Result<(), Problem> {
    let (bucket, now) = (Bucket::address(counted, address), state.clock.now());
    let refusal = state.database.read(move |connection| service::check(connection, bucket.clone(), now)).await?;
    match refusal {
        Some(refusal) => Err(Problem::wait(Code::RateLimited, refusal.wait(now))),
        None => Ok(()),
    }
}

/// Counts that an address was wrong.
///
/// # Errors
/// When the store can't answer.
pub async fn count_failure_of_address(
    state: &AppState,
    counted: Counted,
    address: Option<IpAddr>,
) -> Result<(), Problem> {
    let (bucket, now) = (Bucket::address(counted, address), state.clock.now());
    let rule = Rule::of_address(&state.settings.lockout);
    let count =
        move |connection: &mut _| service::count(connection, &bucket, &rule, now).map(drop).map_err(Problem::from);
    state.database.write_lightly(count).await
}

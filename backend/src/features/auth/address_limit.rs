//! How often one address may try tokens, make accounts, have mails sent, and begin to sign in by a passkey.

use std::net::IpAddr;

use crate::features::attempts::{self, Bucket, Counted, Rule};
use crate::problem::{Code, Problem};
use crate::state::AppState;

/// Counts a request of an address, unless it has made too many.
///
/// # Errors
/// `rate_limited`.
pub(super) async fn count(state: &AppState, counted: Counted, address: Option<IpAddr>) -> Result<(), Problem> {
    let (bucket, now) = (Bucket::address(counted, address), state.clock.now());
    let rule = match counted {
        Counted::Ceremonies => Rule::of_ceremonies(&state.settings.lockout),
        _ => Rule::of_requests(&state.settings.lockout),
    };
    let refusal = state
        .database
        .write_lightly(move |connection| attempts::count_request(connection, bucket, &rule, now).map_err(Problem::from))
        .await?;
    match refusal {
        Some(refusal) => Err(Problem::wait(Code::RateLimited, refusal.wait(now))),
        None => Ok(()),
    }
}

/// Redeems a token, unless the address has presented too many that were not good.
///
/// # Errors
/// `rate_limited`, and those of the redemption.
pub(super) async fn redeem<T>(
    state: &AppState,
    address: Option<IpAddr>,
    redemption: impl Future<Output = Result<T, Problem>>,
) -> Result<T, Problem> {
    attempts::refuse_blocked_address(state, Counted::Tokens, address).await?;
    let outcome = redemption.await;
    if let Err(problem) = &outcome
        && problem.code() == Code::InvalidToken
    {
        attempts::count_failure_of_address(state, Counted::Tokens, address).await?;
    }
    outcome
}

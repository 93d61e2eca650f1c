//! How often one address may try tokens, make accounts, and have mails sent.

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
    let rule = Rule::of_requests(&state.settings.lockout);
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
    let (bucket, now) = (Bucket::address(Counted::Tokens, address), state.clock.now());
    let bucket_for_look = bucket.clone();
    let refusal =
        state.database.read(move |connection| attempts::check(connection, bucket_for_look.clone(), now)).await?;
    if let Some(refusal) = refusal {
        return Err(Problem::wait(Code::RateLimited, refusal.wait(now)));
    }
    let outcome = redemption.await;
    if let Err(problem) = &outcome
        && problem.code() == Code::InvalidToken
    {
        let rule = Rule::of_address(&state.settings.lockout);
        let count = move |connection: &mut _| {
            attempts::count(connection, &bucket, &rule, now)?;
            Ok::<_, Problem>(())
        };
        state.database.write_lightly(count).await?;
    }
    outcome
}

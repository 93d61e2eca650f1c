//! How many failures are free, and how long one waits after each further one.

use std::time::Duration;

use crate::config::LockoutSettings;

/// How many times more is free for an address, behind which there may be a whole office, than for an account.
const ADDRESS_FAILURES: u32 = 20;
/// The same for what sends mail or makes accounts, where all requests count.
const ADDRESS_REQUESTS: u32 = 6;
/// The same for what each look at the sign-in page asks for.
const ADDRESS_CEREMONIES: u32 = 200;
/// The first wait is this part of the window.
const FIRST_WAIT: u32 = 30;
const SHORTEST_WAIT: Duration = Duration::from_secs(1);

/// The rule of one kind of bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// So many may fail before anybody has to wait.
    pub max_failures: i64,
    /// Failures are forgotten when nothing failed for so long; no wait is longer.
    pub window: Duration,
}

impl Rule {
    /// For an account, a device of its owner, and proving once more who one is.
    pub fn of_account(settings: &LockoutSettings) -> Self {
        Self::times(settings, 1)
    }

    /// For what an address may get wrong: at least a hundred times.
    pub fn of_address(settings: &LockoutSettings) -> Self {
        Self::times(settings, ADDRESS_FAILURES).at_least(100)
    }

    /// For what an address may ask for at all: at least thirty times.
    pub fn of_requests(settings: &LockoutSettings) -> Self {
        Self::times(settings, ADDRESS_REQUESTS).at_least(30)
    }

    /// For what a page asks for by itself, and only takes room for a while: at least a thousand times.
    pub fn of_ceremonies(settings: &LockoutSettings) -> Self {
        Self::times(settings, ADDRESS_CEREMONIES).at_least(1_000)
    }

    fn times(settings: &LockoutSettings, factor: u32) -> Self {
        Self { max_failures: i64::from(settings.max_failures) * i64::from(factor), window: settings.window }
    }

    fn at_least(self, least: i64) -> Self {
        Self { max_failures: self.max_failures.max(least), ..self }
    }

    /// How long everybody waits after the failure of this number; `None` while failures are free.
    pub fn wait_after(&self, failures: i64) -> Option<Duration> {
        let further = u64::try_from(failures.saturating_sub(self.max_failures)).ok()?;
        let first = (self.window / FIRST_WAIT).max(SHORTEST_WAIT);
        let factor = 2_u32.saturating_pow(u32::try_from(further).unwrap_or(u32::MAX));
        Some(first.saturating_mul(factor).min(self.window.max(SHORTEST_WAIT)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(max_failures: u32, seconds: u64) -> Rule {
        Rule::of_account(&LockoutSettings { max_failures, window: Duration::from_secs(seconds) })
    }

    #[test]
    fn the_wait_begins_with_the_last_free_failure_doubles_with_each_further_one_and_ends_at_the_window() {
        let rule = rule(5, 900);
        let waits: Vec<_> = (0..14).map(|failures| rule.wait_after(failures).map(|wait| wait.as_secs())).collect();
        assert_eq!(waits[..5], [None; 5]);
        let seconds = [30, 60, 120, 240, 480, 900, 900, 900, 900].map(Some);
        assert_eq!(waits[5..], seconds);
        assert_eq!(rule.wait_after(i64::MAX), Some(Duration::from_secs(900)));
    }

    #[test]
    fn a_short_window_still_makes_one_wait_a_second() {
        assert_eq!(rule(1, 1).wait_after(1), Some(Duration::from_secs(1)));
        assert_eq!(rule(1, 10).wait_after(2), Some(Duration::from_secs(2)));
    }

    #[test]
    fn an_office_behind_one_address_may_fail_far_more_often_than_one_account() {
        let settings = |max_failures| LockoutSettings { max_failures, window: Duration::from_secs(900) };
        assert_eq!(Rule::of_address(&settings(5)).max_failures, 100);
        assert_eq!(Rule::of_address(&settings(1)).max_failures, 100);
        assert_eq!(Rule::of_address(&settings(1_000)).max_failures, 20_000);
        assert_eq!(Rule::of_requests(&settings(5)).max_failures, 30);
    }
}

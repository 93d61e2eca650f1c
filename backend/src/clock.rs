//! The time, passed in wherever it is needed.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use crate::db::Timestamp;

/// The system's clock; tests may set it ahead.
#[derive(Clone, Default)]
pub struct Clock {
    ahead_micros: Arc<AtomicI64>,
}

impl Clock {
    /// Now.
    pub fn now(&self) -> Timestamp {
        let ahead = u64::try_from(self.ahead_micros.load(Ordering::Relaxed)).unwrap_or_default();
        Timestamp::now().plus(Duration::from_micros(ahead))
    }

    /// Lets `duration` pass at once.
    pub fn advance(&self, duration: Duration) {
        let micros = i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
        self.ahead_micros.fetch_add(micros, Ordering::Relaxed);
    }
}

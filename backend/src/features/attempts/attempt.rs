//! One attempt at something that can be guessed, from before it is verified to its end.

use std::time::{Duration, Instant};

use super::bucket::Bucket;
use super::queries;
use super::queue::Turn;
use super::rule::Rule;
use super::service::{self, Refusal};
use crate::db::{DatabaseError, Timestamp};
use crate::problem::Problem;
use crate::state::AppState;

/// Who doesn't tell within this time how an attempt ended, because the process died for instance, has failed.
const LONGEST: Duration = Duration::from_secs(30);
/// So long an attempt waits for others on the same account that are being verified.
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// How often the store is asked again while other nodes have all places.
const PAUSE: Duration = Duration::from_millis(20);
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// The place in a bucket that an attempt has taken, for the transaction that tells how it ended.
#[derive(Clone, Debug)]
pub struct Reservation {
    pub(super) bucket: Bucket,
    pub(super) rule: Rule,
    /// How many had failed before.
    pub(super) failures: i64,
}

impl Reservation {
    /// Whether others had failed before: only then can something be locked.
    pub fn follows_failures(&self) -> bool {
        self.failures > 0
    }
}

/// An attempt that may be verified now. Unless somebody says how it ended, it has failed: also when its request is dropped.
pub struct Attempt {
    state: AppState,
    reservation: Reservation,
    /// `None` when it is over.
    turn: Option<Turn>,
}

impl Attempt {
    /// Takes a place in a bucket, after waiting for others that are being verified.
    ///
    /// # Errors
    /// [`Refusal`] while the bucket is blocked; `overloaded` after a long wait, and faults of the store.
    pub async fn begin(state: &AppState, bucket: Bucket, rule: Rule) -> Result<Result<Self, Refusal>, Problem> {
        // Nobody takes a place for a password that would not be looked at anyway.
        state.hasher.check_room()?;
        let overloaded = || Problem::overloaded(RETRY_AFTER);
        let started = Instant::now();
        let turn = state.attempts.wait(&bucket, LONGEST_WAIT).await.ok_or_else(overloaded)?;
        loop {
            match reserve(state, bucket.clone(), rule).await? {
                Place::Taken(reservation) => {
                    return Ok(Ok(Self { state: state.clone(), reservation, turn: Some(turn) }));
                }
                Place::Blocked(refusal) => return Ok(Err(refusal)),
                Place::None if started.elapsed() > LONGEST_WAIT => return Err(overloaded()),
                Place::None => tokio::time::sleep(PAUSE).await,
            }
        }
    }

    /// What the transaction that ends the attempt has to name.
    pub fn reservation(&self) -> Reservation {
        self.reservation.clone()
    }

    /// Its end is in the store.
    pub fn end(mut self) {
        self.turn = None;
    }

    /// It can't be told whether it would have failed: nothing is counted.
    pub fn give_back(mut self) {
        let bucket = self.reservation.bucket.clone();
        let turn = self.turn.take();
        self.state.database.write_detached(move |connection| {
            queries::give_back(connection, &bucket)?;
            drop(turn);
            Ok(())
        });
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        let Some(turn) = self.turn.take() else { return };
        let (reservation, now) = (self.reservation.clone(), self.state.clock.now());
        self.state.database.write_detached(move |connection| {
            service::fail(connection, &reservation, now)?;
            drop(turn);
            Ok(())
        });
    }
}

enum Place {
    Taken(Reservation),
    Blocked(Refusal),
    /// All are taken by attempts that are being verified.
    None,
}

async fn reserve(state: &AppState, bucket: Bucket, rule: Rule) -> Result<Place, DatabaseError> {
    let now = state.clock.now();
    state
        .database
        .write_lightly(move |connection| {
            if let Some(counts) = queries::reserve(connection, &bucket, &rule, now.plus(LONGEST), now)? {
                return Ok(Place::Taken(Reservation { bucket, rule, failures: counts.failures }));
            }
            Ok(match service::check(connection, bucket, now)? {
                Some(refusal) => Place::Blocked(refusal),
                None => Place::None,
            })
        })
        .await
}

impl Refusal {
    /// How long it holds.
    pub fn wait(&self, now: Timestamp) -> Duration {
        let micros = self.until.as_micros().saturating_sub(now.as_micros());
        Duration::from_micros(u64::try_from(micros).unwrap_or_default())
    }
}

//! Where attempts on one account wait for each other within this process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::bucket::Bucket;

/// One queue a bucket, as long as somebody is in it. Without it, many right sign-ins of one account at once would ask the
/// store again and again for a place.
#[derive(Clone)]
pub struct Queues {
    places: usize,
    queues: Arc<Mutex<HashMap<Bucket, Arc<Semaphore>>>>,
}

/// A turn in a bucket's queue; the next one comes when it is dropped.
pub(super) struct Turn {
    queues: Queues,
    bucket: Bucket,
    /// `None` only while this is dropped.
    permit: Option<OwnedSemaphorePermit>,
}

impl Queues {
    /// Queues in which so many are served at once.
    pub fn new(places: u32) -> Self {
        Self { places: usize::try_from(places).unwrap_or(1), queues: Arc::default() }
    }

    /// Waits for one's turn, at most so long.
    pub(super) async fn wait(&self, bucket: &Bucket, at_most: Duration) -> Option<Turn> {
        let queue = {
            let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(queues.entry(bucket.clone()).or_insert_with(|| Arc::new(Semaphore::new(self.places))))
        };
        let mut turn = Turn { queues: self.clone(), bucket: bucket.clone(), permit: None };
        turn.permit = Some(tokio::time::timeout(at_most, queue.acquire_owned()).await.ok()?.ok()?);
        Some(turn)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.permit = None;
        let mut queues = self.queues.queues.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever waits holds the queue too, and looks it up under this lock.
        if queues.get(&self.bucket).is_some_and(|queue| Arc::strong_count(queue) == 1) {
            queues.remove(&self.bucket);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn a_turn_comes_when_another_ends_and_an_empty_queue_is_forgotten() {
        let queues = Queues::new(1);
        let bucket = Bucket::sign_in(None, "ann");
        let first = queues.wait(&bucket, Duration::from_secs(5)).await;
        assert!(first.is_some());
        assert!(queues.wait(&bucket, Duration::from_millis(5)).await.is_none(), "two were served at once");
        assert!(queues.wait(&Bucket::sign_in(None, "ben"), Duration::from_secs(5)).await.is_some());
        drop(first);
        drop(queues.wait(&bucket, Duration::from_secs(5)).await.unwrap());
        assert!(queues.queues.lock().unwrap().is_empty());
    }
}

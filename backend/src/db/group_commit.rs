//! Writes that wait for SQLite's one writer, committed together: most of what a write costs is its commit, which writes every
//! page that was touched and waits for the disk.

use std::collections::VecDeque;
use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::link::{Link, Step};
use super::{DatabaseError, DbConnection};

/// Whoever has waited so long for a connection is told to come back, instead of waiting behind what holds it up for ever.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// How long those that wait are taken into a transaction: the first of them waits for the last.
const LONGEST_GROUP: Duration = Duration::from_millis(20);

/// A use case that waits for its transaction.
pub(super) trait Write: Send {
    /// Whether it may be lost when the machine loses its power.
    fn is_light(&self) -> bool;
    /// Whether its outcome still matters to anybody.
    fn is_awaited(&self) -> bool;
    fn run(self: Box<Self>, connection: &mut DbConnection) -> Written;
    fn refuse(self: Box<Self>, fault: DatabaseError);
}

/// A use case that has run, and whose transaction has not ended yet.
pub(super) struct Written {
    is_to_be_kept: bool,
    tell: Box<dyn FnOnce(Result<(), DatabaseError>)>,
}

/// Who is told what came of a write.
pub(super) trait Audience<T, E> {
    fn is_listening(&self) -> bool;
    fn tell(self, outcome: Result<T, E>);
}

impl<T, E> Audience<T, E> for oneshot::Sender<Result<T, E>> {
    fn is_listening(&self) -> bool {
        !self.is_closed()
    }

    fn tell(self, outcome: Result<T, E>) {
        let _ = self.send(outcome);
    }
}

/// The log, for what nobody waits for.
pub(super) struct Log;

impl<T, E: Display> Audience<T, E> for Log {
    fn is_listening(&self) -> bool {
        true
    }

    fn tell(self, outcome: Result<T, E>) {
        if let Err(error) = outcome {
            tracing::warn!(%error, "what nobody waited for could not be written");
        }
    }
}

/// A use case and who waits for it.
pub(super) struct UseCase<F, A> {
    pub(super) work: F,
    pub(super) audience: A,
    pub(super) is_light: bool,
    pub(super) queued: Instant,
}

impl<T, E, F, A> Write for UseCase<F, A>
where
    T: 'static,
    E: From<DatabaseError> + 'static,
    F: FnOnce(&mut DbConnection) -> Result<T, E> + Send,
    A: Audience<T, E> + Send + 'static,
{
    fn is_light(&self) -> bool {
        self.is_light
    }

    fn is_awaited(&self) -> bool {
        self.audience.is_listening() && self.queued.elapsed() < LONGEST_WAIT
    }

    fn run(self: Box<Self>, connection: &mut DbConnection) -> Written {
        let Self { work, audience, .. } = *self;
        let outcome = work(connection);
        Written {
            is_to_be_kept: outcome.is_ok(),
            tell: Box::new(move |ended| audience.tell(outcome.and_then(|value| Ok(ended.map(|()| value)?)))),
        }
    }

    fn refuse(self: Box<Self>, fault: DatabaseError) {
        self.audience.tell(Err(fault.into()));
    }
}

impl Link {
    /// Runs writes in as few transactions as may be, each as if it were alone: what one of them did is undone when it fails,
    /// and nobody is told of a success before it is committed.
    pub(super) fn write(&mut self, writes: impl IntoIterator<Item = Box<dyn Write>>) {
        let mut writes: VecDeque<_> = writes.into_iter().filter(|write| write.is_awaited()).collect();
        while !writes.is_empty() {
            self.write_group(&mut writes);
        }
    }

    fn write_group(&mut self, writes: &mut VecDeque<Box<dyn Write>>) {
        let is_light = writes.iter().all(|write| write.is_light());
        if let Err(fault) = self.begin(is_light) {
            writes.drain(..).for_each(|write| write.refuse(fault.again()));
            return;
        }
        let (begun, is_group) = (Instant::now(), writes.len() > 1);
        let (mut written, mut ended) = (Vec::with_capacity(writes.len()), Ok(()));
        while ended.is_ok()
            && begun.elapsed() < LONGEST_GROUP
            && let Some(write) = writes.pop_front()
        {
            ended = if is_group { self.write_within(write, &mut written) } else { self.run(write, &mut written) };
        }
        let is_to_be_kept = written.iter().any(|write| write.is_to_be_kept);
        let ended = ended.and_then(|()| self.transaction(Step::end(is_to_be_kept)));
        if ended.is_err() {
            self.disconnect();
        }
        for write in written {
            (write.tell)(ended.as_ref().copied().map_err(DatabaseError::again));
        }
    }

    /// Runs a write within the transaction of others.
    fn write_within(&mut self, write: Box<dyn Write>, written: &mut Vec<Written>) -> Result<(), DatabaseError> {
        if let Err(fault) = self.transaction(Step::BeginWithin) {
            write.refuse(fault.again());
            return Err(fault);
        }
        self.run(write, written)?;
        let is_to_be_kept = written.last().is_some_and(|write| write.is_to_be_kept);
        self.transaction(Step::end(is_to_be_kept))
    }

    fn run(&mut self, write: Box<dyn Write>, written: &mut Vec<Written>) -> Result<(), DatabaseError> {
        let connection = self.connection()?;
        // A panic leaves the transaction in a state that nobody knows: those that share it must not be committed.
        let done = catch_unwind(AssertUnwindSafe(|| write.run(connection)))
            .map_err(|_| DatabaseError::Unavailable("a write of the same transaction panicked".to_owned()))?;
        written.push(done);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use diesel::connection::SimpleConnection;
    use diesel::dsl::sql;
    use diesel::prelude::*;
    use diesel::sql_types::BigInt;
    use tempfile::TempDir;

    use crate::db::{Database, DatabaseError, DatabaseUrl, DbConnection};

    /// A store with an empty table of notes.
    async fn store() -> (TempDir, Database) {
        let folder = TempDir::new().unwrap();
        let url = format!("sqlite://{}", folder.path().join("store.db").display());
        let database = Database::start(&DatabaseUrl::parse(&url).unwrap(), 1).unwrap();
        let table = "CREATE TABLE notes (text TEXT NOT NULL UNIQUE)";
        database.administer(move |connection| Ok(connection.batch_execute(table)?)).await.unwrap();
        (folder, database)
    }

    fn note(connection: &mut DbConnection, text: &str) -> Result<(), DatabaseError> {
        Ok(connection.batch_execute(&format!("INSERT INTO notes VALUES ('{text}')"))?)
    }

    fn count(connection: &mut DbConnection) -> QueryResult<i64> {
        diesel::select(sql::<BigInt>("(SELECT COUNT(*) FROM notes)")).get_result(connection)
    }

    type Work = Box<dyn FnOnce(&mut DbConnection) -> Result<(), DatabaseError> + Send>;

    /// What comes of writes that wait for the writer together.
    async fn together(database: &Database, works: [Work; 3]) -> Vec<Result<(), DatabaseError>> {
        let writes = futures_util::future::join_all(works.map(|work| database.write(work)));
        while_the_writer_is_busy(database, writes).await
    }

    async fn while_the_writer_is_busy<F: Future>(database: &Database, waiting: F) -> F::Output {
        let (let_go, held) = mpsc::channel::<()>();
        let busy = database.administer(move |_| {
            let _ = held.recv();
            Ok(())
        });
        let release = async move {
            tokio::task::yield_now().await;
            drop(let_go);
        };
        tokio::join!(busy, waiting, release).1
    }

    #[tokio::test]
    async fn a_write_that_fails_is_undone_and_those_beside_it_are_kept_by_one_commit() {
        let (_folder, database) = store().await;
        let url = database.url().clone();
        let outcomes = together(
            &database,
            [
                Box::new(|connection| note(connection, "first")),
                Box::new(|connection| {
                    note(connection, "undone")?;
                    note(connection, "first")
                }),
                Box::new(move |connection| {
                    assert_eq!(count(&mut url.open()?)?, 0, "nothing is committed yet");
                    assert_eq!(count(connection)?, 1);
                    note(connection, "third")
                }),
            ],
        )
        .await;
        assert!(matches!(outcomes[..], [Ok(()), Err(DatabaseError::UniqueViolation(_)), Ok(())]), "{outcomes:?}");
        assert_eq!(database.read(count).await.unwrap(), 2);
    }

    #[tokio::test]
    async fn nobody_is_told_of_a_success_that_was_lost_with_the_transaction() {
        let (_folder, database) = store().await;
        // As SQLite does by itself when the disk is full.
        let outcomes = together(
            &database,
            [
                Box::new(|connection| note(connection, "first")),
                Box::new(|connection| Ok(connection.batch_execute("ROLLBACK")?)),
                Box::new(|connection| note(connection, "third")),
            ],
        )
        .await;
        assert!(matches!(outcomes[0], Err(DatabaseError::Unavailable(_))), "{outcomes:?}");
        assert!(matches!(outcomes[1], Err(DatabaseError::Unavailable(_))), "{outcomes:?}");
        let kept = database.read(count).await.unwrap();
        assert_eq!(kept, i64::from(outcomes[2].is_ok()), "{outcomes:?}");
        database.write(|connection| note(connection, "afterwards")).await.unwrap();
    }

    #[tokio::test]
    async fn what_must_not_be_lost_waits_for_the_disk_beside_what_may_be() {
        const FULL: i64 = 2;
        fn level(connection: &mut DbConnection) -> Result<i64, DatabaseError> {
            let level = sql::<BigInt>("(SELECT synchronous FROM pragma_synchronous)");
            Ok(diesel::select(level).get_result(connection)?)
        }
        let (_folder, database) = store().await;
        for _ in 0..2 {
            assert_ne!(database.write_lightly(level).await.unwrap(), FULL);
            assert_eq!(database.write(level).await.unwrap(), FULL);
            assert_ne!(database.write_lightly(level).await.unwrap(), FULL);
            assert_eq!(database.administer(level).await.unwrap(), FULL);
        }
        let both = async { tokio::join!(database.write_lightly(level), database.write(level)) };
        let (light, full) = while_the_writer_is_busy(&database, both).await;
        assert_eq!((light.unwrap(), full.unwrap()), (FULL, FULL), "one commit for both");
    }

    #[tokio::test]
    async fn a_panic_takes_back_what_shared_its_transaction_and_the_writer_goes_on() {
        let (_folder, database) = store().await;
        let outcomes = together(
            &database,
            [
                Box::new(|connection| note(connection, "first")),
                Box::new(|_| panic!("on purpose")),
                Box::new(|connection| note(connection, "third")),
            ],
        )
        .await;
        assert!(outcomes[0].is_err() && outcomes[1].is_err(), "{outcomes:?}");
        let kept = database.read(count).await.unwrap();
        assert_eq!(kept, i64::from(outcomes[2].is_ok()), "{outcomes:?}");
        database.write(|connection| note(connection, "afterwards")).await.unwrap();
    }
}

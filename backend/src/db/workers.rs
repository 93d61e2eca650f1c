//! Threads that own the connections: their number bounds threads, connections and memory at once, and their queue is the back-pressure.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Instant;

use crossbeam_channel::{Receiver, Sender, bounded};
use diesel::QueryResult;
use tokio::sync::oneshot;

use super::group_commit::{LONGEST_WAIT, Log, UseCase, Write};
use super::link::Link;
use super::{DatabaseError, DatabaseUrl, DbConnection};

/// Requests that may wait for a connection; the next one is told to come back later.
const QUEUE: usize = 2_048;
/// Writes that SQLite commits together at most: the first of them waits for the last.
const GROUP: usize = 32;

enum Job {
    Write(Box<dyn Write>),
    /// What manages its transactions itself, or needs none.
    Other(Box<dyn FnOnce(&mut Link) + Send>),
}

/// The store: hands closures to the threads that own its connections.
#[derive(Clone)]
pub struct Database {
    url: DatabaseUrl,
    readers: Arc<Workers>,
    /// SQLite has one writer at a time, so one thread writes, and none waits for a lock. On PostgreSQL these are the readers.
    writers: Arc<Workers>,
    /// Never behind a queue of requests: what tells this process about the others must not wait for them.
    housekeeping: Arc<Workers>,
}

impl Database {
    /// Starts the threads. Connections are opened at first use, so that a database which is away doesn't stop the start.
    pub fn start(url: &DatabaseUrl, connections: usize) -> std::io::Result<Self> {
        let readers = Arc::new(Workers::start("db-read", url, connections, 1)?);
        let writers = match url {
            DatabaseUrl::Sqlite(_) => Arc::new(Workers::start("db-write", url, 1, GROUP)?),
            DatabaseUrl::Postgres(_) => Arc::clone(&readers),
        };
        let housekeeping = Arc::new(Workers::start("db-housekeeping", url, 1, 1)?);
        Ok(Self { url: url.clone(), readers, writers, housekeeping })
    }

    /// Where the store is.
    pub fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// Runs a query that changes nothing. It may run twice: once more on a new connection when the old one turns out to be dead.
    ///
    /// # Errors
    /// [`DatabaseError::Unavailable`] when the queue is full or the database is away.
    pub async fn read<T, F>(&self, query: F) -> Result<T, DatabaseError>
    where
        T: Send + 'static,
        F: Fn(&mut DbConnection) -> QueryResult<T> + Send + 'static,
    {
        self.readers.run(move |link| link.read(&query)).await?
    }

    /// As [`Database::read`], on the connection that requests never wait for.
    pub(crate) async fn read_aside<T, F>(&self, query: F) -> Result<T, DatabaseError>
    where
        T: Send + 'static,
        F: Fn(&mut DbConnection) -> QueryResult<T> + Send + 'static,
    {
        self.housekeeping.run(move |link| link.read(&query)).await?
    }

    /// Runs a use case in one transaction: committed if it answers `Ok`, rolled back otherwise.
    /// A dead connection is replaced only before anything was written.
    ///
    /// # Errors
    /// Those of the use case, and [`DatabaseError`] made into its error type.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DatabaseError> + Send + 'static,
        F: FnOnce(&mut DbConnection) -> Result<T, E> + Send + 'static,
    {
        self.writers.write(work, false).await?
    }

    /// As [`Database::write`], for what may be lost when the machine loses its power at that moment: nothing waits for the disk.
    ///
    /// # Errors
    /// Those of the use case, and [`DatabaseError`] made into its error type.
    pub(crate) async fn write_lightly<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DatabaseError> + Send + 'static,
        F: FnOnce(&mut DbConnection) -> Result<T, E> + Send + 'static,
    {
        self.writers.write(work, true).await?
    }

    /// As [`Database::write`], for when nobody is left to wait for it. Whether it could be done is for the log alone.
    pub(crate) fn write_detached<F>(&self, work: F)
    where
        F: FnOnce(&mut DbConnection) -> Result<(), DatabaseError> + Send + 'static,
    {
        let use_case = UseCase { work, audience: Log, is_light: false, queued: Instant::now() };
        if self.writers.queue(Job::Write(Box::new(use_case))).is_err() {
            tracing::warn!("what nobody waited for could not be written: too many requests wait for a connection");
        }
    }

    /// Runs something that manages its own transactions, as migrations do.
    pub async fn administer<T, F>(&self, work: F) -> Result<T, DatabaseError>
    where
        T: Send + 'static,
        F: FnOnce(&mut DbConnection) -> Result<T, DatabaseError> + Send + 'static,
    {
        self.writers.run(move |link| work(link.durable_connection()?)).await?
    }
}

struct Workers {
    /// `None` only while this is dropped.
    queue: Option<Sender<Job>>,
    threads: Vec<JoinHandle<()>>,
}

/// The connections are closed before the process ends: closing one while the C libraries clean up after `main` can crash.
impl Drop for Workers {
    fn drop(&mut self) {
        self.queue = None;
        let own = thread::current().id();
        for thread in self.threads.drain(..).filter(|thread| thread.thread().id() != own) {
            let _ = thread.join();
        }
    }
}

impl Workers {
    /// `group` writes are committed together at most. More than one is for a queue that has one thread.
    fn start(name: &str, url: &DatabaseUrl, number: usize, group: usize) -> std::io::Result<Self> {
        let (queue, jobs) = bounded::<Job>(QUEUE);
        let start = |index| {
            let (jobs, url) = (jobs.clone(), url.clone());
            let thread = thread::Builder::new().name(format!("{name}-{index}")).stack_size(1024 * 1024);
            thread.spawn(move || work_off(&jobs, url, group))
        };
        Ok(Self { queue: Some(queue), threads: (0..number.max(1)).map(start).collect::<Result<_, _>>()? })
    }

    async fn run<T, F>(&self, work: F) -> Result<T, DatabaseError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Link) -> T + Send + 'static,
    {
        let (answer, result) = oneshot::channel();
        let queued = Instant::now();
        self.queue(Job::Other(Box::new(move |link| {
            // Whoever asked may have gone away while the job waited.
            if !answer.is_closed() && queued.elapsed() < LONGEST_WAIT {
                let _ = answer.send(work(link));
            }
        })))?;
        result.await.map_err(|_| no_answer())
    }

    async fn write<T, E, F>(&self, work: F, is_light: bool) -> Result<Result<T, E>, DatabaseError>
    where
        T: Send + 'static,
        E: From<DatabaseError> + Send + 'static,
        F: FnOnce(&mut DbConnection) -> Result<T, E> + Send + 'static,
    {
        let (audience, result) = oneshot::channel();
        self.queue(Job::Write(Box::new(UseCase { work, audience, is_light, queued: Instant::now() })))?;
        result.await.map_err(|_| no_answer())
    }

    fn queue(&self, job: Job) -> Result<(), DatabaseError> {
        let sent = self.queue.as_ref().is_some_and(|queue| queue.try_send(job).is_ok());
        if sent {
            Ok(())
        } else {
            Err(DatabaseError::Unavailable("too many requests wait for a connection".to_owned()))
        }
    }
}

fn no_answer() -> DatabaseError {
    DatabaseError::Unavailable("the query waited too long, or its thread gave up".to_owned())
}

fn work_off(jobs: &Receiver<Job>, url: DatabaseUrl, group: usize) {
    let mut link = Link::new(url);
    let mut left_over = None;
    while let Some(job) = left_over.take().or_else(|| jobs.recv().ok()) {
        match job {
            Job::Write(first) => {
                let mut writes = vec![first];
                while writes.len() < group && left_over.is_none() {
                    match jobs.try_recv() {
                        Ok(Job::Write(next)) => writes.push(next),
                        Ok(other) => left_over = Some(other),
                        Err(_) => break,
                    }
                }
                link.write(writes);
            }
            Job::Other(job) => {
                // A panic in one job must not take the connection of all later ones with it.
                if catch_unwind(AssertUnwindSafe(|| job(&mut link))).is_err() {
                    link.disconnect();
                }
            }
        }
    }
}

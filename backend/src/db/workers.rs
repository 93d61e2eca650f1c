//! Threads that own the connections: their number bounds threads, connections and memory at once, and their queue is the back-pressure.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded};
use diesel::QueryResult;
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::result::Error;
use tokio::sync::oneshot;

use super::{DatabaseError, DatabaseUrl, DbConnection};

/// Requests that may wait for a connection; the next one is told to come back later.
const QUEUE: usize = 2_048;
/// Whoever has waited so long for a connection is told to come back, instead of waiting behind what holds it up for ever.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

type Job = Box<dyn FnOnce(&mut Link) + Send>;

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
        let readers = Arc::new(Workers::start("db-read", url, connections)?);
        let writers = match url {
            DatabaseUrl::Sqlite(_) => Arc::new(Workers::start("db-write", url, 1)?),
            DatabaseUrl::Postgres(_) => Arc::clone(&readers),
        };
        let housekeeping = Arc::new(Workers::start("db-housekeeping", url, 1)?);
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
        self.writers.run(move |link| link.write(work)).await?
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
        self.writers.run(move |link| link.write_lightly(work)).await?
    }

    /// As [`Database::write`], for when nobody is left to wait for it. Whether it could be done is for the log alone.
    pub(crate) fn write_detached<F>(&self, work: F)
    where
        F: FnOnce(&mut DbConnection) -> Result<(), DatabaseError> + Send + 'static,
    {
        self.writers.run_detached(move |link| {
            if let Err(error) = link.write(work) {
                tracing::warn!(%error, "what nobody waited for could not be written");
            }
        });
    }

    /// Runs something that manages its own transactions, as migrations do.
    pub async fn administer<T, F>(&self, work: F) -> Result<T, DatabaseError>
    where
        T: Send + 'static,
        F: FnOnce(&mut DbConnection) -> Result<T, DatabaseError> + Send + 'static,
    {
        self.writers.run(move |link| work(link.connection()?)).await?
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
    fn start(name: &str, url: &DatabaseUrl, number: usize) -> std::io::Result<Self> {
        let (queue, jobs) = bounded::<Job>(QUEUE);
        let start = |index| {
            let (jobs, url) = (jobs.clone(), url.clone());
            let thread = thread::Builder::new().name(format!("{name}-{index}")).stack_size(1024 * 1024);
            thread.spawn(move || work_off(&jobs, url))
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
        let job: Job = Box::new(move |link| {
            // Whoever asked may have gone away while the job waited.
            if !answer.is_closed() && queued.elapsed() < LONGEST_WAIT {
                let _ = answer.send(work(link));
            }
        });
        let sent = self.queue.as_ref().is_some_and(|queue| queue.try_send(job).is_ok());
        if !sent {
            return Err(DatabaseError::Unavailable("too many requests wait for a connection".to_owned()));
        }
        result
            .await
            .map_err(|_| DatabaseError::Unavailable("the query waited too long, or its thread gave up".to_owned()))
    }

    fn run_detached(&self, work: impl FnOnce(&mut Link) + Send + 'static) {
        let sent = self.queue.as_ref().is_some_and(|queue| queue.try_send(Box::new(work)).is_ok());
        if !sent {
            tracing::warn!("what nobody waited for could not be written: too many requests wait for a connection");
        }
    }
}

fn work_off(jobs: &Receiver<Job>, url: DatabaseUrl) {
    let mut link = Link { url, connection: None };
    for job in jobs {
        // A panic in one job must not take the connection of all later ones with it.
        if catch_unwind(AssertUnwindSafe(|| job(&mut link))).is_err() {
            link.connection = None;
        }
    }
}

#[derive(Clone, Copy)]
enum Step {
    Begin,
    Commit,
    Rollback,
}

/// A connection that is opened when it is needed, and again when it has died.
struct Link {
    url: DatabaseUrl,
    connection: Option<DbConnection>,
}

impl Link {
    fn connection(&mut self) -> Result<&mut DbConnection, DatabaseError> {
        let connection = match self.connection.take() {
            Some(open) => open,
            None => self.url.open()?,
        };
        Ok(self.connection.insert(connection))
    }

    fn read<T>(&mut self, query: &impl Fn(&mut DbConnection) -> QueryResult<T>) -> Result<T, DatabaseError> {
        match self.connection().and_then(|connection| query(connection).map_err(DatabaseError::from)) {
            Err(fault) if self.died_of(&fault) => Ok(query(self.connection()?)?),
            answer => answer,
        }
    }

    fn write<T, E, F>(&mut self, work: F) -> Result<T, E>
    where
        E: From<DatabaseError>,
        F: FnOnce(&mut DbConnection) -> Result<T, E>,
    {
        let begun = match self.transaction(Step::Begin) {
            Err(fault) if self.died_of(&fault) => self.transaction(Step::Begin),
            begun => begun,
        };
        if let Err(fault) = begun {
            return Err(self.forget_if_dead(fault).into());
        }
        let outcome = work(self.connection()?);
        let ended = match outcome {
            Ok(_) => self.transaction(Step::Commit),
            Err(_) => self.transaction(Step::Rollback),
        };
        match (outcome, ended) {
            (Ok(value), Ok(())) => Ok(value),
            (Ok(_), Err(fault)) => {
                self.connection = None;
                Err(fault.into())
            }
            (Err(error), ended) => {
                if ended.is_err() {
                    self.connection = None;
                }
                Err(error)
            }
        }
    }

    /// As [`Link::write`], but the commit is not waited for until it is on the disk. On both databases that can lose the
    /// transaction, never tear it.
    fn write_lightly<T, E, F>(&mut self, work: F) -> Result<T, E>
    where
        E: From<DatabaseError>,
        F: FnOnce(&mut DbConnection) -> Result<T, E>,
    {
        self.set_synchronous("NORMAL")?;
        let outcome = self.write(|connection| {
            if let DbConnection::Postgres(connection) = connection {
                connection.batch_execute("SET LOCAL synchronous_commit = off").map_err(DatabaseError::from)?;
            }
            work(connection)
        });
        if self.set_synchronous("FULL").is_err() {
            self.connection = None;
        }
        outcome
    }

    /// SQLite takes this setting between transactions, PostgreSQL one of its own inside of them.
    fn set_synchronous(&mut self, level: &str) -> Result<(), DatabaseError> {
        if let DbConnection::Sqlite(connection) = self.connection()? {
            connection.batch_execute(&format!("PRAGMA synchronous = {level}"))?;
        }
        Ok(())
    }

    fn transaction(&mut self, step: Step) -> Result<(), DatabaseError> {
        type Ansi = AnsiTransactionManager;
        match (step, self.connection()?) {
            (Step::Begin, DbConnection::Postgres(connection)) => Ansi::begin_transaction(connection)?,
            // A deferred transaction that reads, then writes beside another writer, fails at once whatever the busy timeout.
            (Step::Begin, DbConnection::Sqlite(connection)) => {
                Ansi::begin_transaction_sql(connection, "BEGIN IMMEDIATE")?;
            }
            (Step::Commit, DbConnection::Postgres(connection)) => Ansi::commit_transaction(connection)?,
            (Step::Commit, DbConnection::Sqlite(connection)) => Ansi::commit_transaction(connection)?,
            (Step::Rollback, DbConnection::Postgres(connection)) => Ansi::rollback_transaction(connection)?,
            (Step::Rollback, DbConnection::Sqlite(connection)) => Ansi::rollback_transaction(connection)?,
        }
        Ok(())
    }

    /// Whether the connection is gone after `fault`; if so the next use opens a new one.
    fn died_of(&mut self, fault: &DatabaseError) -> bool {
        let suspicious = match fault {
            DatabaseError::Unavailable(_) => !fault.is_lock(),
            DatabaseError::Query(Error::DatabaseError(..)) => !self.answers(),
            _ => false,
        };
        if suspicious {
            self.connection = None;
        }
        suspicious
    }

    fn answers(&mut self) -> bool {
        self.connection.as_mut().is_some_and(|connection| connection.batch_execute("SELECT 1").is_ok())
    }

    fn forget_if_dead(&mut self, fault: DatabaseError) -> DatabaseError {
        self.died_of(&fault);
        fault
    }
}

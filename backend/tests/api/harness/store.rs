//! A database for each test: a copy of one that was migrated and given its administrator once a run.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use tempfile::TempDir;

use super::server::{Server, block_on, settings};
use super::{ADMIN, PASSWORD};
use reeve::clock::Clock;
use reeve::state::AppState;

/// Names the PostgreSQL server that the tests may make databases on.
const TEST_POSTGRES: &str = "REEVE_TEST_POSTGRES_URL";
/// Tests that own a store at the same time: a server has several connections, and PostgreSQL has a limit.
const STORES: usize = 8;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

/// What a test can be given.
pub trait Provided {
    fn provide(kind: Kind) -> Self;
}

/// A migrated database with one administrator in it, gone when the test is.
pub struct Store {
    pub kind: Kind,
    pub url: String,
    /// A folder of the test's own; the SQLite file is in it.
    pub folder: TempDir,
    name: Option<String>,
    _permit: Permit,
}

/// A database in which there is nothing yet.
pub struct EmptyStore(pub Arc<Store>);

impl Provided for Arc<Store> {
    fn provide(kind: Kind) -> Self {
        Arc::new(match kind {
            Kind::Sqlite => {
                let store = Store::sqlite();
                std::fs::write(store.folder.path().join("reeve.db"), sqlite_template()).unwrap();
                store
            }
            Kind::Postgres => Store::postgres(Some(postgres_template())),
        })
    }
}

impl Provided for EmptyStore {
    fn provide(kind: Kind) -> Self {
        Self(Arc::new(match kind {
            Kind::Sqlite => Store::sqlite(),
            Kind::Postgres => Store::postgres(None),
        }))
    }
}

impl Provided for Server {
    fn provide(kind: Kind) -> Self {
        Server::start(&Arc::<Store>::provide(kind), &[])
    }
}

impl Store {
    fn sqlite() -> Self {
        let permit = Permit::take();
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("reeve.db").display());
        Self { kind: Kind::Sqlite, url, folder, name: None, _permit: permit }
    }

    fn postgres(template: Option<&str>) -> Self {
        let permit = Permit::take();
        let name = create_postgres(template);
        let url = url_of(&name);
        Self { kind: Kind::Postgres, url, folder: tempfile::tempdir().unwrap(), name: Some(name), _permit: permit }
    }

    /// Runs SQL beside the servers: to look at what is stored, and to bring about what HTTP can't.
    pub fn execute(&self, sql: &str) {
        self.try_execute(sql).unwrap();
    }

    /// As [`Store::execute`], where it may fail.
    pub fn try_execute(&self, sql: &str) -> QueryResult<()> {
        match self.kind {
            Kind::Sqlite => self.open_sqlite().batch_execute(sql),
            Kind::Postgres => self.open_postgres().batch_execute(sql),
        }
    }

    /// The column `value`, a text, of all rows.
    pub fn texts(&self, sql: &str) -> Vec<String> {
        #[derive(QueryableByName)]
        struct Row {
            #[diesel(sql_type = Text)]
            value: String,
        }
        let query = diesel::sql_query(sql);
        let rows: Vec<Row> = match self.kind {
            Kind::Sqlite => query.load(&mut self.open_sqlite()).unwrap(),
            Kind::Postgres => query.load(&mut self.open_postgres()).unwrap(),
        };
        rows.into_iter().map(|row| row.value).collect()
    }

    pub fn open_postgres(&self) -> PgConnection {
        PgConnection::establish(&self.url).unwrap()
    }

    pub fn open_sqlite(&self) -> SqliteConnection {
        let mut connection = SqliteConnection::establish(&self.url["sqlite://".len()..]).unwrap();
        connection.batch_execute("PRAGMA busy_timeout = 10000; PRAGMA foreign_keys = ON").unwrap();
        connection
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        if let Some(name) = &self.name {
            let _ = administrate(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

fn sqlite_template() -> &'static [u8] {
    static TEMPLATE: OnceLock<Vec<u8>> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("template.db");
        prepare(&format!("sqlite://{}", path.display()));
        // The last connection that closes leaves one whole file.
        super::wait_for("the template to be closed", || !folder.path().join("template.db-wal").exists());
        std::fs::read(path).unwrap()
    })
}

fn postgres_template() -> &'static str {
    static TEMPLATE: OnceLock<String> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let name = create_postgres(None);
        prepare(&url_of(&name));
        // What is connected to can't be copied.
        super::wait_for("the template to be left", || {
            count(&format!("SELECT count(*) AS value FROM pg_stat_activity WHERE datname = '{name}'")) == 0
        });
        name
    })
}

/// Brings an empty store to where requests can be served, with one administrator.
fn prepare(url: &str) {
    let bootstrap = [("bootstrap.email", ADMIN), ("bootstrap.password", PASSWORD)];
    let state = AppState::new(settings(url, &bootstrap), 0, Clock::default()).unwrap();
    block_on(state.prepare()).unwrap();
}

/// The connection that makes and drops databases. It stays open for the whole run: by it a later run tells whose databases these are.
fn administrator() -> MutexGuard<'static, PgConnection> {
    static ADMINISTRATOR: OnceLock<Mutex<PgConnection>> = OnceLock::new();
    let connection = ADMINISTRATOR.get_or_init(|| {
        let mut connection = PgConnection::establish(&test_url())
            .unwrap_or_else(|error| panic!("{TEST_POSTGRES} names a server that can't be reached: {error}"));
        let sql = format!("SET client_min_messages = error; SET application_name = '{}'", run());
        connection.batch_execute(&sql).unwrap();
        drop_abandoned(&mut connection);
        Mutex::new(connection)
    });
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Databases of runs that were killed before they could tidy up.
fn drop_abandoned(connection: &mut PgConnection) {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        datname: String,
    }
    let abandoned: Vec<Row> = diesel::sql_query(
        "SELECT datname::text FROM pg_database WHERE datname LIKE 'reeve\\_api\\_%' AND NOT EXISTS \
         (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() \
          AND pg_database.datname LIKE application_name || '\\_%' AND application_name LIKE 'reeve\\_api\\_%')",
    )
    .load(connection)
    .unwrap();
    for Row { datname } in abandoned {
        let _ = connection.batch_execute(&format!("DROP DATABASE IF EXISTS {datname} WITH (FORCE)"));
    }
}

fn administrate(sql: &str) -> QueryResult<()> {
    administrator().batch_execute(sql)
}

fn count(sql: &str) -> i64 {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        value: i64,
    }
    diesel::sql_query(sql).get_result::<Row>(&mut *administrator()).unwrap().value
}

fn create_postgres(template: Option<&str>) -> String {
    static COUNTER: Mutex<u32> = Mutex::new(0);
    let number = {
        let mut counter = COUNTER.lock().unwrap();
        *counter += 1;
        *counter
    };
    let name = format!("{}_{number}", run());
    administrate(&format!("CREATE DATABASE {name} TEMPLATE {}", template.unwrap_or("template0"))).unwrap();
    name
}

fn run() -> &'static str {
    static RUN: OnceLock<String> = OnceLock::new();
    RUN.get_or_init(|| format!("reeve_api_{}", uuid::Uuid::now_v7().simple()))
}

fn test_url() -> String {
    std::env::var(TEST_POSTGRES).unwrap_or_else(|_| {
        panic!(
            "Set {TEST_POSTGRES} to a PostgreSQL server on which databases may be made, for example \
             postgres://postgres@127.0.0.1:5432/postgres, or run the tests under scripts/with_postgres."
        )
    })
}

fn url_of(name: &str) -> String {
    let url = test_url();
    let (base, parameters) = url.split_once('?').map_or((url.as_str(), None), |(base, rest)| (base, Some(rest)));
    let base = base.rsplit_once('/').expect("the URL names a database").0;
    match parameters {
        Some(parameters) => format!("{base}/{name}?{parameters}"),
        None => format!("{base}/{name}"),
    }
}

/// The right to own a store.
struct Permit;

static PERMITS: (Mutex<usize>, Condvar) = (Mutex::new(STORES), Condvar::new());

impl Permit {
    fn take() -> Self {
        let free = PERMITS.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut free = PERMITS.1.wait_while(free, |free| *free == 0).unwrap_or_else(PoisonError::into_inner);
        *free -= 1;
        Self
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        *PERMITS.0.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        PERMITS.1.notify_one();
    }
}

//! The only place that knows which database runs: connections, their threads, transactions and migrations.

mod connection;
mod error;
mod group_commit;
mod link;
mod migrations;
mod planner;
mod prepared;
mod schema;
mod time;
mod workers;

pub(crate) use connection::insert_many;
pub use connection::{DatabaseUrl, DbBackend, DbConnection};
pub use error::DatabaseError;
pub use migrations::{Migration, applied_migrations, migrate, pending_migrations};
pub use planner::{HOW_TO_INDEX_TEXTS, Planner, texts_are_indexed};
pub use prepared::{KeepPrepared, KeptPrepared, padded};
pub(crate) use prepared::{natively, update};
pub use schema::*;
pub use time::Timestamp;
pub use workers::Database;

//! The list engine on real databases: SQLite always, PostgreSQL where `REEVE_TEST_POSTGRES_URL` says.

mod agreement;
mod language;
mod plans;
mod refusals;
mod samples;
mod walk;

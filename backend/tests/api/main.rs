//! The black-box tests: each speaks HTTP to a server of its own over a database of its own, on SQLite and on PostgreSQL.
//!
//! They are written from the contract. A test's name is a sentence that says what would be lost if it failed.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::pedantic,
    clippy::cloned_ref_to_slice_refs,
    clippy::unwrap_used,
    clippy::expect_used
)]

#[macro_use]
mod harness;

mod access;
mod account;
mod api_keys;
mod audit;
mod audit_chain;
mod audit_retention;
mod auth;
mod authorization_matrix;
mod bulk;
mod cli;
mod concurrency;
mod devices;
mod documentation;
mod faults;
mod freshness;
mod guard_rails;
mod idempotency;
mod identities;
mod impersonation;
mod import_export;
mod lists;
mod lockout;
mod mail;
mod methods;
mod mfa;
mod openapi;
mod overview;
mod passkeys;
mod passwords;
mod permissions;
mod problems;
mod refusals;
mod revocation;
mod roles;
mod schema;
mod sealed_secrets;
mod sessions;
mod sign_ins;
mod spa;
mod users;

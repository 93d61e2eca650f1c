//! Signing in and out: registration, passwords, refresh tokens, the first administrator.

pub mod first_administrator;
mod password_policy;
mod queries;

pub use password_policy::{AcceptedPassword, EnteredPassword, LONGEST_PASSWORD, accept};

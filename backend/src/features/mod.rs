//! One folder a feature: its routes, its rules, its SQL.

pub mod account;
pub mod api_keys;
pub mod attempts;
pub mod audit;
pub mod auth;
pub mod devices;
pub mod idempotency;
pub mod identities;
pub mod impersonation;
pub mod meta;
pub mod mfa;
pub mod overview;
pub mod passkeys;
pub mod permissions;
pub mod roles;
pub mod sessions;
pub mod sign_ins;
pub mod spa;
pub mod users;

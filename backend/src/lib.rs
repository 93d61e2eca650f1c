//! Reeve gives an application that already exists a secure admin interface.

pub mod access;
pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod crypto;
pub mod db;
pub mod features;
pub mod http;
pub mod mail;
pub mod oidc;
pub mod openapi;
mod outgoing;
pub mod problem;
pub mod state;
pub mod telemetry;

//! Reeve gives an application that already exists a secure admin interface.

pub mod access;
pub mod app;
pub mod clock;
pub mod config;
pub mod crypto;
pub mod db;
pub mod features;
pub mod http;
pub mod problem;

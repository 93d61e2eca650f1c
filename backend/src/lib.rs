//! Reeve gives an application that already exists a secure admin interface.

pub mod config;
pub mod crypto;
pub mod db;
pub mod problem;

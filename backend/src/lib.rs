//! Reeve gives an application that already exists a secure admin interface.

pub mod db;
pub mod http;
pub mod problem;

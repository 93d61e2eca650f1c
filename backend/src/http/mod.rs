//! The vocabulary of HTTP that features share.

pub mod list;

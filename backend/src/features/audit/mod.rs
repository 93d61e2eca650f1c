//! The audit trail: who did what, on what, when, from where, and what changed.

mod queries;
mod service;

pub use service::{Change, Changes, Event, Outcome, Target, record};

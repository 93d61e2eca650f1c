//! What is tried too often has to wait: passwords and tokens by their failures, what sends mail by its number.
//!
//! An attempt is counted before its password is verified, by one statement, so that guesses which come at once, on many nodes
//! too, can't slip past each other. See decision 6.

mod address;
mod attempt;
mod bucket;
mod queries;
mod queue;
mod rule;
mod service;

pub use address::{count_failure_of_address, refuse_blocked_address};
pub use attempt::{Attempt, Reservation};
pub use bucket::{Bucket, Counted};
pub use queue::Queues;
pub use rule::Rule;
pub use service::{Failure, Refusal};
pub(crate) use service::{
    check, clear_of_password, clear_of_second_factor, clear_of_user, count, count_request, fail, may_report, purge,
    succeed,
};

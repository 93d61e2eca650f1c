//! `Idempotency-Key`: the same caller, key and request within a day get the same answer and have one effect.

mod key;
mod middleware;
mod queries;
mod request;

pub use key::{HEADER, parameter, takes_key};
pub use middleware::Replay;
pub(crate) use queries::forget_before;

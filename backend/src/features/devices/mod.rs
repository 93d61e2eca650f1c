//! The devices that people have signed in on: a cookie tells a browser of the owner's from one of somebody who guesses.
//!
//! A device proves nothing but that. It only has its own bucket of failures (OWASP, "Slow Down Online Guessing Attacks with
//! Device Cookies").

mod queries;
mod service;

pub(crate) use queries::{delete_all_of_user, distrust_all_of_user, find, ids_of_user, trust};
pub(crate) use service::{Device, LIFETIME, purge, remember};

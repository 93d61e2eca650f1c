//! Sessions: one sign-in of one user on one device, a family of rotating refresh tokens.

mod model;
mod queries;
mod service;

pub use model::{Session, SessionView};
pub use service::{
    EndReason, NewSession, Rotation, end, end_all_of_user, find, find_by_refresh_token, open, purge, renew_proof,
    rotate,
};

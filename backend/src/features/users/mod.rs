//! Users: who can sign in.

mod model;
mod queries;
mod service;

pub use model::{DisplayName, Email, Locale, User, UserKind, UserRow, Username, normalize};
pub(crate) use queries::{find, find_id_by_identifier, store_password, username_is_taken};
pub use service::{NewUser, create};

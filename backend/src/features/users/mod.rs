//! Users: who can sign in.

mod model;
mod queries;

pub use model::{DisplayName, Email, Locale, User, UserKind, UserRow, Username, normalize};
pub(crate) use queries::find;

//! Users: who can sign in.

mod administration;
mod bodies;
mod bulk;
mod fields;
mod handlers;
mod import;
mod list;
mod model;
mod password;
mod queries;
mod role_assignment;
mod service;
#[cfg(test)]
mod tests;

pub(crate) use administration::subject;
pub use administration::{
    UserChange, activate, approve, change, change_own, create_and_invite, create_with_roles, deactivate, delete,
    reset_access, unlock,
};
pub use fields::{DisplayName, Email, Locale, Username, normalize};
pub(crate) use list::UsersOfRole;
pub use list::find_page;
pub use model::{User, UserCounts, UserKind, UserRow};
pub use password::{hash_password, set as set_password};
pub(crate) use queries::{
    counts, email_is_taken, find, find_id_by_identifier, list_of_role, password_hashes, set_locked_until,
    set_mfa_enabled, store_password, username_is_taken,
};
pub use role_assignment::{add as add_role, remove as remove_role, replace as replace_roles};
pub use service::{NewUser, create};
pub(crate) use service::{mark_verified, replace_email, take_up};

use crate::http::Routes;

/// The routes under `/api/v1`.
pub fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .service(handlers::records::list)
        .service(handlers::records::create)
        // Fixed words before `{id}`, which would take them for an id.
        .service(handlers::bulk::bulk)
        .service(handlers::transfer::export)
        .service(handlers::transfer::import)
        .service(handlers::records::get)
        .service(handlers::records::update)
        .service(handlers::records::delete)
        .service(handlers::roles::replace)
        .service(handlers::roles::add)
        .service(handlers::roles::remove)
        .service(handlers::state::activate)
        .service(handlers::state::deactivate)
        .service(handlers::state::approve)
        .service(handlers::state::unlock)
        .service(handlers::state::mail_link)
        .service(handlers::state::reset_access)
        .service(handlers::state::set_password);
}

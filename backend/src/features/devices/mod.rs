//! The devices that people have signed in on: a cookie tells a browser of the owner's from one of somebody who guesses.
//!
//! A device proves nothing but that. It only has its own bucket of failures (OWASP, "Slow Down Online Guessing Attacks with
//! Device Cookies"), and signing in on it is nothing that its owner has to be told of.

pub(crate) mod cookie;
mod handlers;
mod listing;
mod model;
mod name;
mod queries;
mod service;

pub(crate) use model::DeviceView;
pub(crate) use name::name_of;
pub(crate) use queries::{delete_all_of_user, delete_others, distrust_all_of_user, find, ids_of_user, trust};
pub(crate) use service::{Device, purge, remember, views_of_user};

use crate::http::Routes;

/// The routes under `/api/v1`.
pub fn routes(routes: &mut Routes<'_, '_>) {
    routes.service(handlers::list_own).service(handlers::forget_own).service(handlers::forget_own_others);
}

//! Who a provider of OpenID Connect says that somebody is: which accounts elsewhere sign in to an account here.

mod handlers;
mod listing;
mod model;
mod queries;
mod service;

pub(crate) use model::{IdentityView, NewIdentity};
pub(crate) use queries::{delete_all_of_user, find_by_subject, touch};
pub(crate) use service::{has_usable, link, views_of_user};

use crate::http::Routes;

/// The routes under `/api/v1`.
pub fn routes(routes: &mut Routes<'_, '_>) {
    routes.service(handlers::list_own).service(handlers::unlink_own);
}

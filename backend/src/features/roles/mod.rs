//! Roles: named sets of permissions, and who has them.

mod bodies;
mod handlers;
mod list;
mod model;
mod path;
mod queries;
mod service;

pub use model::{AssignableRole, GrantedPermissions, Role, RoleDescription, RoleName};
pub use path::PathRoleName;
pub(crate) use queries::{all, give, give_all, grants_of_user, take};
pub use service::{
    ADMIN, NewRole, RoleChange, change, create, delete, ensure_admin_role, find_all_by_name, find_by_name,
    find_or_create, has_active_administrator, has_administrator_role, unknown,
};

use crate::http::Routes;

/// The routes under `/api/v1`.
pub fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .service(handlers::list)
        .service(handlers::create)
        .service(handlers::get)
        .service(handlers::update)
        .service(handlers::delete)
        .service(handlers::replace_permissions)
        .service(handlers::list_users);
}

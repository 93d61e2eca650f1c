//! Roles: named sets of permissions, and who has them.

mod queries;
mod service;

pub(crate) use queries::give;
pub use service::{ADMIN, ensure_admin_role, has_active_administrator, has_administrator_role};

//! A user together with what they may do.

use super::pattern::PermissionSet;
use crate::features::users::User;

/// A user who may sign in, and what all their roles grant together.
#[derive(Clone, Debug)]
pub struct Account {
    /// The user, as the API shows them.
    pub user: User,
    /// What they may do.
    pub permissions: PermissionSet,
}

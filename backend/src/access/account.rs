//! A user together with what they may do.

use std::sync::OnceLock;

use super::pattern::PermissionSet;
use crate::features::users::User;
use crate::http::RenderedReply;
use crate::problem::Problem;

/// A user who may sign in, and what all their roles grant together.
#[derive(Clone, Debug)]
pub struct Account {
    /// The user, as the API shows them.
    pub user: User,
    /// What they may do.
    pub permissions: PermissionSet,
    /// What they are told of themselves: as long as this account is cached, it is the same each time.
    rendered: OnceLock<RenderedReply>,
}

impl Account {
    /// What was read together.
    pub fn new(user: User, permissions: PermissionSet) -> Self {
        Self { user, permissions, rendered: OnceLock::new() }
    }

    /// What the user is told of themselves, rendered when they ask for the first time.
    ///
    /// # Errors
    /// Those of rendering it.
    pub fn rendered(
        &self,
        render: impl FnOnce(&Self) -> Result<RenderedReply, Problem>,
    ) -> Result<&RenderedReply, Problem> {
        match self.rendered.get() {
            Some(reply) => Ok(reply),
            None => {
                let reply = render(self)?;
                Ok(self.rendered.get_or_init(|| reply))
            }
        }
    }
}

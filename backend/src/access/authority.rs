//! How far somebody may go: the guard rail against privilege escalation.

use diesel::QueryResult;
use uuid::Uuid;

use super::actor::Caller;
use super::pattern::{PermissionPattern, PermissionSet};
use super::permission::Permission;
use super::queries;
use crate::db::DbConnection;
use crate::problem::{Code, Problem};

/// What a caller may do, as the transaction sees it that is about to act. It holds for the whole act, also for one by which
/// the caller loses some of it.
pub(super) struct Authority {
    user_id: Option<Uuid>,
    permissions: PermissionSet,
}

impl Authority {
    pub(super) fn of(connection: &mut DbConnection, caller: &Caller) -> QueryResult<Self> {
        Ok(Self { user_id: caller.user_id(), permissions: caller.permissions(connection)? })
    }

    /// That the caller holds the permission.
    ///
    /// # Errors
    /// `permission_denied`.
    pub(super) fn require<P: Permission>(&self) -> Result<(), Problem> {
        if self.permissions.allows::<P>() { Ok(()) } else { Err(Problem::permission_denied(P::NAME)) }
    }

    /// That the caller may do all that `patterns` permit: whoever gives or takes a permission must hold it.
    ///
    /// # Errors
    /// `privilege_escalation`.
    pub(super) fn must_cover<'p>(
        &self,
        patterns: impl IntoIterator<Item = &'p PermissionPattern>,
    ) -> Result<(), Problem> {
        if self.permissions.covers(patterns) { Ok(()) } else { Err(Problem::new(Code::PrivilegeEscalation)) }
    }

    /// That the caller may do all that the user's roles permit, whether or not the user may sign in right now.
    ///
    /// # Errors
    /// `privilege_escalation`.
    pub(super) fn must_cover_user(&self, connection: &mut DbConnection, user_id: Uuid) -> Result<(), Problem> {
        if self.user_id == Some(user_id) {
            return Ok(());
        }
        let theirs = queries::permissions(connection, user_id)?;
        self.must_cover(theirs.patterns())
    }
}

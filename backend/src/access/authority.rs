//! The guard rail against privilege escalation: nobody acts on somebody who may do more than they may themselves.

use uuid::Uuid;

use super::actor::Caller;
use super::pattern::PermissionPattern;
use super::permission::Permission;
use super::queries;
use crate::db::DbConnection;
use crate::problem::{Code, Problem};

/// That the caller holds the permission still, now that the transaction sees what is true.
///
/// # Errors
/// `permission_denied`.
pub fn require<P: Permission>(connection: &mut DbConnection, caller: &Caller) -> Result<(), Problem> {
    if caller.permissions(connection)?.allows::<P>() { Ok(()) } else { Err(Problem::permission_denied(P::NAME)) }
}

/// That the caller may do all that the user may, whatever state the user is in.
///
/// # Errors
/// `privilege_escalation`.
pub fn require_authority_over(connection: &mut DbConnection, caller: &Caller, user_id: Uuid) -> Result<(), Problem> {
    if caller.user_id() == Some(user_id) {
        return Ok(());
    }
    let theirs = queries::permissions(connection, user_id)?;
    require_to_exceed(connection, caller, theirs.patterns())
}

/// That the caller may do all that `patterns` permit: whoever gives or takes a permission must hold it.
///
/// # Errors
/// `privilege_escalation`.
pub fn require_to_exceed<'a>(
    connection: &mut DbConnection,
    caller: &Caller,
    patterns: impl IntoIterator<Item = &'a PermissionPattern>,
) -> Result<(), Problem> {
    if caller.permissions(connection)?.covers(patterns) { Ok(()) } else { Err(Problem::new(Code::PrivilegeEscalation)) }
}

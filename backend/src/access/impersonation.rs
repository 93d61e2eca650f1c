//! Acting in somebody's name: never with more than one's own permissions, whatever becomes of either side's.

use uuid::Uuid;

use super::pattern::PermissionSet;
use super::permission::UsersImpersonate;
use crate::db::Timestamp;

/// Who acts in the name of a session's user, and for how long they can.
#[derive(Clone, Copy, Debug)]
pub(super) struct Impersonation {
    pub(super) impersonator_id: Uuid,
    /// The session that it was begun from: the impersonation ends with it.
    pub(super) session_id: Uuid,
    pub(super) session_expires_at: Timestamp,
}

/// Whether somebody with the permissions `own` may act in the name of somebody with the permissions `theirs`.
pub(super) fn is_allowed(own: &PermissionSet, theirs: &PermissionSet) -> bool {
    own.allows::<UsersImpersonate>() && own.covers(theirs.patterns())
}

/// What is left of `theirs` to whoever acts in their name with the permissions `own`: all of it or, once they may not, nothing.
pub(super) fn restrict(theirs: PermissionSet, own: &PermissionSet) -> PermissionSet {
    if is_allowed(own, &theirs) { theirs } else { PermissionSet::default() }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::PermissionPattern;
    use super::*;

    fn set(patterns: &[&str]) -> PermissionSet {
        PermissionSet::new(patterns.iter().map(|text| PermissionPattern::parse(text).unwrap()).collect())
    }

    #[test]
    fn nobody_acts_in_a_name_that_may_do_more_than_they_or_without_the_permission() {
        let own = set(&["users:impersonate", "users:read"]);
        for (theirs, allowed) in [(set(&[]), true), (set(&["users:read"]), true), (set(&["roles:read"]), false)] {
            assert_eq!(is_allowed(&own, &theirs), allowed);
            let left = restrict(theirs.clone(), &own);
            assert_eq!(left.patterns() == theirs.patterns(), allowed || theirs.patterns().is_empty());
        }
        assert!(!is_allowed(&set(&["users:read", "users:write"]), &set(&[])));
        assert!(is_allowed(&PermissionSet::everything(), &PermissionSet::everything()));
    }
}

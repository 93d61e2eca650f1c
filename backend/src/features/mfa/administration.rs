//! What administrators do about the second factors of others.

use uuid::Uuid;

use super::enrolment;
use crate::access::Act;
use crate::features::attempts;
use crate::features::passkeys;
use crate::features::users;
use crate::problem::Problem;

/// Removes a user's second factors and passkeys, on behalf of somebody who may do all that the user may: for those who have lost theirs.
///
/// # Errors
/// `privilege_escalation`.
pub fn remove_of_user(act: &mut Act<'_>, id: Uuid) -> Result<(), Problem> {
    let user = users::subject(act, "user.second_factor_removed", id)?;
    attempts::clear_of_second_factor(act.connection, id)?;
    enrolment::remove_all(act, &user)?;
    passkeys::remove_all_of_user(act, &user)
}

//! Which roles a user has.

use uuid::Uuid;

use super::administration::{subject, write};
use super::model::User;
use super::queries::UserUpdate;
use crate::access::Act;
use crate::features::roles::{self, AssignableRole, RoleName};
use crate::http::Precondition;
use crate::problem::Problem;

const ACTION: &str = "user.roles_changed";

/// Makes these the roles that a user has, and no others.
///
/// # Errors
/// `not_found`, `precondition_failed`, `unknown_role`; `privilege_escalation` if the user, or a role that is given or taken, permits more than the
/// caller may do.
pub fn replace(act: &mut Act<'_>, id: Uuid, precondition: &Precondition, names: &[RoleName]) -> Result<User, Problem> {
    let user = subject(act, ACTION, id)?;
    precondition.check(&user.entity_tag())?;
    let wanted = roles::find_all_by_name(act.connection, names)?;
    let mut changed = false;
    for held in held_roles(act, &user)? {
        if wanted.iter().all(|role| role.id != held.id) {
            changed |= take(act, &user, &held)?;
        }
    }
    for role in &wanted {
        changed |= give(act, &user, role)?;
    }
    conclude(act, user, changed)
}

/// Gives a user a role; nothing happens if they have it.
///
/// # Errors
/// As [`replace`].
pub fn add(act: &mut Act<'_>, id: Uuid, name: &RoleName) -> Result<User, Problem> {
    let user = subject(act, ACTION, id)?;
    let role = find(act, name)?;
    let changed = give(act, &user, &role)?;
    conclude(act, user, changed)
}

/// Takes a role from a user; nothing happens if they don't have it.
///
/// # Errors
/// As [`replace`].
pub fn remove(act: &mut Act<'_>, id: Uuid, name: &RoleName) -> Result<User, Problem> {
    let user = subject(act, ACTION, id)?;
    let role = find(act, name)?;
    let changed = take(act, &user, &role)?;
    conclude(act, user, changed)
}

fn find(act: &mut Act<'_>, name: &RoleName) -> Result<AssignableRole, Problem> {
    roles::find_by_name(act.connection, name)?.ok_or_else(|| roles::unknown("role", name))
}

fn held_roles(act: &mut Act<'_>, user: &User) -> Result<Vec<AssignableRole>, Problem> {
    let names: Vec<RoleName> = user.roles.iter().filter_map(|name| RoleName::parse(name).ok()).collect();
    roles::find_all_by_name(act.connection, &names)
}

fn give(act: &mut Act<'_>, user: &User, role: &AssignableRole) -> Result<bool, Problem> {
    if user.roles.contains(&role.name) {
        return Ok(false);
    }
    act.must_cover(&role.permissions)?;
    Ok(roles::give(act.connection, user.id, role.id)?)
}

fn take(act: &mut Act<'_>, user: &User, role: &AssignableRole) -> Result<bool, Problem> {
    // Who may act on the user may do all that the role permits, as it is part of what the user may do.
    Ok(roles::take(act.connection, user.id, role.id)?)
}

fn conclude(act: &mut Act<'_>, user: User, changed: bool) -> Result<User, Problem> {
    if changed { write(act, ACTION, &user, &UserUpdate::default()) } else { Ok(user) }
}

//! Which roles a provider's claims bring. Only those that the configuration names are ever given or taken.

use crate::config::{EmailVerification, OidcProvider};
use crate::db::DbConnection;
use crate::features::roles::{self, AssignableRole, RoleName};
use crate::features::users::User;
use crate::oidc::Claims;
use crate::problem::Problem;

/// Gives somebody new what everybody begins with.
pub(super) fn give_default_roles(
    connection: &mut DbConnection,
    provider: &OidcProvider,
    user: &User,
) -> Result<(), Problem> {
    for name in &provider.default_roles {
        if let Some(role) = find(connection, name)? {
            roles::give(connection, user.id, role.id)?;
        }
    }
    Ok(())
}

/// Makes the roles that stand for values of the claim those of its values.
pub(super) fn follow_claim(
    connection: &mut DbConnection,
    verification: EmailVerification,
    provider: &OidcProvider,
    claims: &Claims,
    user: &User,
) -> Result<(), Problem> {
    let Some(claim) = &provider.roles_claim else { return Ok(()) };
    let values = claims.texts(claim);
    for (_, name) in &provider.roles {
        let is_claimed = provider.roles.iter().any(|(value, other)| other == name && values.contains(&value.as_str()));
        match find(connection, name)? {
            Some(role) if is_claimed => drop(roles::give(connection, user.id, role.id)?),
            Some(role) => take(connection, verification, user, &role)?,
            None => {}
        }
    }
    Ok(())
}

/// Takes a role, unless nobody could administer without it.
fn take(
    connection: &mut DbConnection,
    verification: EmailVerification,
    user: &User,
    role: &AssignableRole,
) -> Result<(), Problem> {
    let before = roles::has_active_administrator(connection, verification)?;
    let taken = roles::take(connection, user.id, role.id)?;
    if taken && before && !roles::has_active_administrator(connection, verification)? {
        roles::give(connection, user.id, role.id)?;
        tracing::warn!(role = role.name, "the last administrator keeps a role that their provider no longer claims");
    }
    Ok(())
}

fn find(connection: &mut DbConnection, name: &RoleName) -> Result<Option<AssignableRole>, Problem> {
    let role = roles::find_by_name(connection, name)?;
    if role.is_none() {
        tracing::warn!(role = name.as_str(), "a role that the configuration gives by a provider does not exist");
    }
    Ok(role)
}

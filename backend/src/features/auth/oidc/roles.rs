//! Which roles a provider's claims bring. Only those that the configuration names are ever given or taken.

use crate::access::{AccessChanges, Caller, Change};
use crate::config::OidcProvider;
use crate::db::{DbConnection, Timestamp};
use crate::features::audit::{self, Changes, Event, Target};
use crate::features::auth::service::find_user;
use crate::features::roles::{self, AssignableRole, RoleName};
use crate::features::users::User;
use crate::oidc::Claims;
use crate::problem::Problem;

/// Gives somebody new what everybody begins with, and makes the roles that stand for values of the claim those of its values.
#[allow(clippy::too_many_arguments)]
pub(super) fn bring_up_to_date(
    connection: &mut DbConnection,
    changes: &mut AccessChanges,
    caller: &Caller,
    provider: &OidcProvider,
    claims: &Claims,
    user: &User,
    is_new: bool,
    now: Timestamp,
) -> Result<(), Problem> {
    if is_new {
        for name in &provider.default_roles {
            if let Some(role) = find(connection, name)? {
                roles::give(connection, user.id, role.id)?;
            }
        }
    }
    if let Some(claim) = &provider.roles_claim {
        let values = claims.texts(claim);
        for (_, name) in &provider.roles {
            let is_claimed =
                provider.roles.iter().any(|(value, other)| other == name && values.contains(&value.as_str()));
            match find(connection, name)? {
                Some(role) if is_claimed => drop(roles::give(connection, user.id, role.id)?),
                Some(role) => take(connection, user, &role)?,
                None => {}
            }
        }
    }
    let after = find_user(connection, user.id)?;
    if after.roles == user.roles {
        return Ok(());
    }
    changes.add(Change::User(user.id));
    let what = Changes::none().field("roles", &user.roles, &after.roles).field("provider", (), &provider.name);
    Ok(audit::record(
        connection,
        caller,
        Event::done("user.roles_changed", Target::user(&after), what).by(&after),
        now,
    )?)
}

/// Takes a role, unless nobody could administer without it.
fn take(connection: &mut DbConnection, user: &User, role: &AssignableRole) -> Result<(), Problem> {
    let before = roles::has_active_administrator(connection)?;
    let taken = roles::take(connection, user.id, role.id)?;
    if taken && before && !roles::has_active_administrator(connection)? {
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

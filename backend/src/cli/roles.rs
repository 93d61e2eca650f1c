//! `reeve roles`.

use clap::Subcommand;

use super::{Context, Failure, output, refusal};
use crate::access::{Authorized, PermissionPattern, RolesDelete, RolesWrite};
use crate::features::roles::{self, GrantedPermissions, NewRole, Role, RoleChange, RoleDescription, RoleName};
use crate::http::Precondition;
use crate::problem::Problem;
use crate::state::AppState;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Create a role
    Create {
        /// Its name
        #[arg(value_parser = role_name)]
        name: RoleName,
        /// What it permits, like users:read or users:*
        #[arg(value_parser = permission)]
        permissions: Vec<PermissionPattern>,
        /// What it is for
        #[arg(long, default_value = "", value_parser = description)]
        description: RoleDescription,
    },
    /// List all roles
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Delete a role, and so take it from its users
    Delete {
        /// Its name
        #[arg(value_parser = role_name)]
        name: RoleName,
        /// Don't ask
        #[arg(long)]
        yes: bool,
    },
    /// Permit more
    AddPermissions {
        /// The role's name
        #[arg(value_parser = role_name)]
        name: RoleName,
        /// Permissions, like users:read or users:*
        #[arg(required = true, value_parser = permission)]
        permissions: Vec<PermissionPattern>,
    },
    /// Permit less
    RemovePermissions {
        /// The role's name
        #[arg(value_parser = role_name)]
        name: RoleName,
        /// Permissions, as the role lists them
        #[arg(required = true, value_parser = permission)]
        permissions: Vec<PermissionPattern>,
    },
}

pub(super) fn role_name(text: &str) -> Result<RoleName, String> {
    RoleName::parse(text).map_err(refusal)
}

fn description(text: &str) -> Result<RoleDescription, String> {
    RoleDescription::parse(text).map_err(refusal)
}

fn permission(text: &str) -> Result<PermissionPattern, String> {
    PermissionPattern::parse(text)
        .ok_or_else(|| "no permission is called that, and no pattern would cover one".to_owned())
}

pub(super) async fn run(context: &Context, command: Command) -> Result<(), Failure> {
    let state = context.prepared_state().await?;
    match command {
        Command::Create { name, permissions, description } => {
            let new =
                NewRole { name, description, permissions: GrantedPermissions::new(permissions), mfa_required: false };
            let proof = Authorized::<RolesWrite>::operator();
            print(&[state.act(proof, move |act| roles::create(act, &new)).await?])
        }
        Command::List { json } => {
            let all = state.database.read(roles::all).await?;
            if json { output::json(&all) } else { print(&all) }
        }
        Command::Delete { name, yes } => {
            output::confirm(&format!("Delete the role {}?", name.as_str()), yes)?;
            let proof = Authorized::<RolesDelete>::operator();
            let deleted = state.act(proof, move |act| {
                let role = roles::find_by_name(act.connection, &name)?.ok_or_else(|| roles::unknown("name", &name))?;
                roles::delete(act, role.id, &Precondition::default())
            });
            Ok(deleted.await?)
        }
        Command::AddPermissions { name, permissions } => print(&[change(&state, name, move |mut held| {
            held.extend(permissions);
            held
        })
        .await?]),
        Command::RemovePermissions { name, permissions } => print(&[change(&state, name, move |mut held| {
            held.retain(|permission| !permissions.contains(permission));
            held
        })
        .await?]),
    }
}

/// Replaces what a role permits by what `edit` makes of it.
async fn change(
    state: &AppState,
    name: RoleName,
    edit: impl FnOnce(Vec<PermissionPattern>) -> Vec<PermissionPattern> + Send + 'static,
) -> Result<Role, Problem> {
    let proof = Authorized::<RolesWrite>::operator();
    state
        .act(proof, move |act| {
            let role = roles::find_by_name(act.connection, &name)?.ok_or_else(|| roles::unknown("name", &name))?;
            let permissions = Some(GrantedPermissions::new(edit(role.permissions)));
            roles::change(act, role.id, &Precondition::default(), &RoleChange { permissions, ..RoleChange::default() })
        })
        .await
}

fn print(roles: &[Role]) -> Result<(), Failure> {
    let rows: Vec<_> = roles
        .iter()
        .map(|role| {
            let permissions: Vec<&str> = role.permissions.iter().map(PermissionPattern::as_str).collect();
            [role.name.clone(), role.user_count.to_string(), permissions.join(" ")]
        })
        .collect();
    output::table(["ROLE", "USERS", "PERMISSIONS"], &rows)
}

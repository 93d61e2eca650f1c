//! What can be done with roles.

use diesel::QueryResult;
use uuid::Uuid;

use super::model::{AssignableRole, GrantedPermissions, Role, RoleDescription, RoleName};
use super::queries::{self, NewRoleRow, RoleUpdate};
use crate::access::{Act, Change, PermissionPattern};
use crate::config::EmailVerification;
use crate::db::{DatabaseError, DbConnection, Timestamp};
use crate::features::audit::{Changes, Target};
use crate::http::Precondition;
use crate::problem::{Code, Problem};

/// The built-in role that permits everything.
pub const ADMIN: &str = "admin";

/// The built-in role's id; the role is made if the store is new.
pub fn ensure_admin_role(connection: &mut DbConnection, now: Timestamp) -> QueryResult<Uuid> {
    if let Some(id) = queries::find_id_by_name(connection, ADMIN)? {
        return Ok(id);
    }
    let id = Uuid::now_v7();
    let row = NewRoleRow {
        id: id.to_string(),
        name: ADMIN,
        name_normalized: ADMIN.to_owned(),
        description: "May do everything. Built in.",
        protected: true,
        mfa_required: false,
        created_at: now,
        updated_at: now,
    };
    queries::insert(connection, &row, &[PermissionPattern::everything()])?;
    Ok(id)
}

/// Whether the built-in role has been made.
pub fn has_administrator_role(connection: &mut DbConnection) -> QueryResult<bool> {
    Ok(queries::find_id_by_name(connection, ADMIN)?.is_some())
}

/// Whether somebody can sign in who may do everything.
pub fn has_active_administrator(connection: &mut DbConnection, verification: EmailVerification) -> QueryResult<bool> {
    queries::somebody_able_has(connection, ADMIN, verification)
}

/// A role by its name, whatever the case.
pub fn find_by_name(connection: &mut DbConnection, name: &RoleName) -> QueryResult<Option<AssignableRole>> {
    queries::find_by_name(connection, &name.normalized())
}

/// The roles of these names, each once.
///
/// # Errors
/// `unknown_role` of the field `roles`, with the name of one that does not exist.
pub fn find_all_by_name(connection: &mut DbConnection, names: &[RoleName]) -> Result<Vec<AssignableRole>, Problem> {
    let mut found: Vec<AssignableRole> = Vec::with_capacity(names.len());
    for name in names {
        let role = find_by_name(connection, name)?.ok_or_else(|| unknown("roles", name))?;
        if found.iter().all(|other| other.id != role.id) {
            found.push(role);
        }
    }
    Ok(found)
}

/// That there is no role of this name.
pub fn unknown(field: &str, name: &RoleName) -> Problem {
    unknown_text(field, name.as_str())
}

/// As [`unknown`], for what can't even be a name.
pub(super) fn unknown_text(field: &str, name: &str) -> Problem {
    let shown: String = name.chars().take(64).collect();
    Problem::of_field_with(Code::UnknownRole, field, format!("There is no role {shown}."))
}

/// What a new role is to be.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct NewRole {
    pub name: RoleName,
    pub description: RoleDescription,
    pub permissions: GrantedPermissions,
    pub mfa_required: bool,
}

/// Creates a role.
///
/// # Errors
/// `role_name_taken`; `privilege_escalation` for permissions that the caller lacks.
pub fn create(act: &mut Act<'_>, new: &NewRole) -> Result<Role, Problem> {
    let id = Uuid::now_v7();
    act.attempt("role.created", Target::new("role", id, new.name.as_str()));
    act.must_cover(new.permissions.patterns())?;
    let row = NewRoleRow {
        id: id.to_string(),
        name: new.name.as_str(),
        name_normalized: new.name.normalized(),
        description: new.description.as_str(),
        protected: false,
        mfa_required: new.mfa_required,
        created_at: act.now,
        updated_at: act.now,
    };
    queries::insert(act.connection, &row, new.permissions.patterns()).map_err(taken)?;
    let role = find(act.connection, id)?;
    let changes = Changes::none()
        .field("name", (), &role.name)
        .field("description", "", &role.description)
        .field("permissions", [(); 0], &role.permissions)
        .field("mfa_required", false, role.mfa_required);
    act.record("role.created", target(&role), changes)?;
    Ok(role)
}

/// The role of this name; it is created, permitting nothing, where there is none.
///
/// # Errors
/// Faults of the store.
pub fn find_or_create(act: &mut Act<'_>, name: &RoleName) -> Result<Role, Problem> {
    if let Some(id) = queries::find_id_by_name(act.connection, &name.normalized())? {
        return find(act.connection, id);
    }
    let (description, permissions) = (RoleDescription::default(), GrantedPermissions::default());
    create(act, &NewRole { name: name.clone(), description, permissions, mfa_required: false })
}

/// What is to change about a role: `None` stays.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)]
pub struct RoleChange {
    pub name: Option<RoleName>,
    pub description: Option<RoleDescription>,
    pub permissions: Option<GrantedPermissions>,
    pub mfa_required: Option<bool>,
}

/// Changes a role, if it still is what the caller believes.
///
/// # Errors
/// `not_found`, `precondition_failed`, `role_name_taken`; `privilege_escalation` if the role permits more than the caller may
/// do, before or after; `protected_role` for renaming or weakening a built-in role; `reauthentication_required` for what it
/// permits and whether it takes a second factor.
pub fn change(act: &mut Act<'_>, id: Uuid, precondition: &Precondition, change: &RoleChange) -> Result<Role, Problem> {
    let before = subject(act, "role.updated", id)?;
    precondition.check(&before.entity_tag())?;
    if let Some(permissions) = &change.permissions {
        act.must_cover(permissions.patterns())?;
    }
    let name = change.name.as_ref().filter(|name| name.as_str() != before.name);
    let permissions = change.permissions.as_ref().filter(|granted| granted.patterns() != before.permissions);
    let description = change.description.as_ref().filter(|description| description.as_str() != before.description);
    let weakened = permissions.is_some_and(|granted| !granted.patterns().contains(&PermissionPattern::everything()));
    if before.protected && (name.is_some() || weakened) {
        return Err(Problem::new(Code::ProtectedRole));
    }
    let mfa_required = change.mfa_required.filter(|required| *required != before.mfa_required);
    if permissions.is_some() || mfa_required.is_some() {
        act.require_fresh()?;
    }
    if name.is_none() && permissions.is_none() && description.is_none() && mfa_required.is_none() {
        return Ok(before);
    }
    if let Some(permissions) = permissions {
        queries::replace_permissions(act.connection, id, permissions.patterns())?;
    }
    let update = RoleUpdate {
        name: name.map(|name| name.as_str().to_owned()),
        name_normalized: name.map(RoleName::normalized),
        description: description.map(|description| description.as_str().to_owned()),
        mfa_required,
    };
    queries::update(act.connection, id, &update, act.now).map_err(taken)?;
    let after = find(act.connection, id)?;
    if name.is_some() || permissions.is_some() {
        act.changes.add(Change::Roles);
    }
    let changes = Changes::none()
        .field("name", &before.name, &after.name)
        .field("description", &before.description, &after.description)
        .field("permissions", &before.permissions, &after.permissions)
        .field("mfa_required", before.mfa_required, after.mfa_required);
    act.record("role.updated", target(&after), changes)?;
    Ok(after)
}

/// Deletes a role, and so takes it from its users.
///
/// # Errors
/// `not_found`, `precondition_failed`, `privilege_escalation`, `protected_role`.
pub fn delete(act: &mut Act<'_>, id: Uuid, precondition: &Precondition) -> Result<(), Problem> {
    let role = subject(act, "role.deleted", id)?;
    precondition.check(&role.entity_tag())?;
    if role.protected {
        return Err(Problem::new(Code::ProtectedRole));
    }
    queries::delete(act.connection, id)?;
    act.changes.add(Change::Roles);
    let changes = Changes::none().field("name", &role.name, ()).field("permissions", &role.permissions, ()).field(
        "user_count",
        role.user_count,
        (),
    );
    act.record("role.deleted", target(&role), changes)?;
    Ok(())
}

/// The role that is to be acted on, by somebody who may do all that it permits.
fn subject(act: &mut Act<'_>, action: &'static str, id: Uuid) -> Result<Role, Problem> {
    let role = queries::find(act.connection, id)?.ok_or_else(Problem::not_found)?;
    act.attempt(action, target(&role));
    act.must_cover(&role.permissions)?;
    Ok(role)
}

fn find(connection: &mut DbConnection, id: Uuid) -> Result<Role, Problem> {
    queries::find(connection, id)?.ok_or_else(|| Problem::internal("a role that was just written is not there"))
}

fn target(role: &Role) -> Target {
    Target::new("role", role.id, role.name.clone())
}

fn taken(error: diesel::result::Error) -> Problem {
    match DatabaseError::from(error) {
        DatabaseError::UniqueViolation(name) if name.contains("name_normalized") => {
            Problem::of_field(Code::RoleNameTaken, "name")
        }
        other => other.into(),
    }
}

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::Bool;
use uuid::Uuid;

use super::list::Roles;
use super::model::{AssignableRole, Role, RoleRow};
use crate::access::PermissionPattern;
use crate::config::EmailVerification;
use crate::db::{DbConnection, Timestamp, insert_many, natively, role_permissions, roles, user_roles, users};
use crate::http::list::{List, Page};

/// A role with what it permits and how many have it.
pub(super) fn find(connection: &mut DbConnection, id: Uuid) -> QueryResult<Option<Role>> {
    let row = roles::table.find(id.to_string()).select(RoleRow::as_select()).first(connection).optional()?;
    complete(connection, row.into_iter().collect()).map(|mut roles| roles.pop())
}

/// A role with what it permits, by its normalized name.
pub(super) fn find_by_name(connection: &mut DbConnection, normalized: &str) -> QueryResult<Option<AssignableRole>> {
    let found: Option<(String, String)> = roles::table
        .filter(roles::name_normalized.eq(normalized))
        .select((roles::id, roles::name))
        .first(connection)
        .optional()?;
    let Some((id, name)) = found else { return Ok(None) };
    let permissions: Vec<String> = role_permissions::table
        .filter(role_permissions::role_id.eq(&id))
        .select(role_permissions::permission)
        .load(connection)?;
    Ok(Some(AssignableRole {
        id: Uuid::try_parse(&id).unwrap_or_default(),
        name,
        permissions: permissions.into_iter().map(PermissionPattern::stored).collect(),
    }))
}

pub(super) fn list(connection: &mut DbConnection, list: &List<Roles>) -> QueryResult<Page<Role>> {
    let page: Page<RoleRow> = list.request.load(connection, roles::table, RoleRow::as_select())?;
    let Page { items, total, total_is_estimate, next_cursor } = page;
    Ok(Page { items: complete(connection, items)?, total, total_is_estimate, next_cursor })
}

/// All roles by name.
pub(crate) fn all(connection: &mut DbConnection) -> QueryResult<Vec<Role>> {
    let rows = roles::table.order(roles::name_normalized).select(RoleRow::as_select()).load(connection)?;
    complete(connection, rows)
}

/// Adds to roles what they permit: one query, however many roles there are.
fn complete(connection: &mut DbConnection, rows: Vec<RoleRow>) -> QueryResult<Vec<Role>> {
    let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let granted: Vec<(String, String)> = role_permissions::table
        .filter(role_permissions::role_id.eq_any(&ids))
        .select((role_permissions::role_id, role_permissions::permission))
        .load(connection)?;
    let mut permissions: HashMap<String, Vec<PermissionPattern>> = HashMap::new();
    for (role, permission) in granted {
        permissions.entry(role).or_default().push(PermissionPattern::stored(permission));
    }
    let completed = rows.into_iter().map(|row| {
        let permissions = permissions.remove(&row.id);
        Role::from_row(row, permissions.unwrap_or_default())
    });
    Ok(completed.collect())
}

pub(super) fn find_id_by_name(connection: &mut DbConnection, normalized: &str) -> QueryResult<Option<Uuid>> {
    let id: Option<String> =
        roles::table.filter(roles::name_normalized.eq(normalized)).select(roles::id).first(connection).optional()?;
    Ok(id.and_then(|id| Uuid::try_parse(&id).ok()))
}

/// What each of a user's roles permits: the role's name and the pattern.
pub(crate) fn grants_of_user(
    connection: &mut DbConnection,
    user_id: Uuid,
) -> QueryResult<Vec<(String, PermissionPattern)>> {
    let rows: Vec<(String, String)> = user_roles::table
        .inner_join(roles::table)
        .inner_join(role_permissions::table.on(role_permissions::role_id.eq(user_roles::role_id)))
        .filter(user_roles::user_id.eq(user_id.to_string()))
        .order((roles::name, role_permissions::permission))
        .select((roles::name, role_permissions::permission))
        .load(connection)?;
    Ok(rows.into_iter().map(|(role, pattern)| (role, PermissionPattern::stored(pattern))).collect())
}

/// A role to be stored.
#[derive(Insertable)]
#[diesel(table_name = roles, treat_none_as_default_value = false)]
pub(super) struct NewRoleRow<'a> {
    pub(super) id: String,
    pub(super) name: &'a str,
    pub(super) name_normalized: String,
    pub(super) description: &'a str,
    pub(super) protected: bool,
    pub(super) mfa_required: bool,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
}

pub(super) fn insert(
    connection: &mut DbConnection,
    role: &NewRoleRow<'_>,
    permissions: &[PermissionPattern],
) -> QueryResult<()> {
    diesel::insert_into(roles::table).values(role).execute(connection)?;
    insert_permissions(connection, &role.id, permissions)
}

fn insert_permissions(
    connection: &mut DbConnection,
    role_id: &str,
    permissions: &[PermissionPattern],
) -> QueryResult<()> {
    for permission in permissions {
        let row = (role_permissions::role_id.eq(role_id), role_permissions::permission.eq(permission.as_str()));
        diesel::insert_into(role_permissions::table).values(row).execute(connection)?;
    }
    Ok(())
}

/// What is to change about a role: `None` stays.
#[derive(AsChangeset, Default)]
#[diesel(table_name = roles)]
pub(super) struct RoleUpdate {
    pub(super) name: Option<String>,
    pub(super) name_normalized: Option<String>,
    pub(super) description: Option<String>,
    pub(super) mfa_required: Option<bool>,
}

pub(super) fn update(connection: &mut DbConnection, id: Uuid, update: &RoleUpdate, now: Timestamp) -> QueryResult<()> {
    diesel::update(roles::table.find(id.to_string()))
        .set((update, roles::version.eq(roles::version + 1), roles::updated_at.eq(now)))
        .execute(connection)?;
    Ok(())
}

pub(super) fn replace_permissions(
    connection: &mut DbConnection,
    id: Uuid,
    permissions: &[PermissionPattern],
) -> QueryResult<()> {
    let id = id.to_string();
    diesel::delete(role_permissions::table.filter(role_permissions::role_id.eq(&id))).execute(connection)?;
    insert_permissions(connection, &id, permissions)
}

pub(super) fn delete(connection: &mut DbConnection, id: Uuid) -> QueryResult<()> {
    diesel::delete(roles::table.find(id.to_string())).execute(connection)?;
    Ok(())
}

/// Gives a role to a user; whether they did not have it before.
pub(crate) fn give(connection: &mut DbConnection, user_id: Uuid, role_id: Uuid) -> QueryResult<bool> {
    let (user_id, role_id) = (user_id.to_string(), role_id.to_string());
    let existing: i64 = user_roles::table.find((&user_id, &role_id)).count().get_result(connection)?;
    if existing > 0 {
        return Ok(false);
    }
    diesel::insert_into(user_roles::table)
        .values((user_roles::user_id.eq(&user_id), user_roles::role_id.eq(&role_id)))
        .execute(connection)?;
    Ok(true)
}

/// Gives roles to users who have none yet: pairs of a user's and a role's id.
pub(crate) fn give_all(connection: &mut DbConnection, pairs: &[(Uuid, Uuid)]) -> QueryResult<()> {
    let rows: Vec<_> = pairs
        .iter()
        .map(|(user, role)| (user_roles::user_id.eq(user.to_string()), user_roles::role_id.eq(role.to_string())))
        .collect();
    insert_many!(connection, user_roles::table, rows);
    Ok(())
}

/// Takes a role from a user; whether they had it.
pub(crate) fn take(connection: &mut DbConnection, user_id: Uuid, role_id: Uuid) -> QueryResult<bool> {
    let taken =
        diesel::delete(user_roles::table.find((user_id.to_string(), role_id.to_string()))).execute(connection)?;
    Ok(taken > 0)
}

/// Whether a user who may sign in has the role of this normalized name.
pub(super) fn somebody_able_has(
    connection: &mut DbConnection,
    normalized: &str,
    verification: EmailVerification,
) -> QueryResult<bool> {
    let is_verified_enough = users::email_verified.eq(true).or(verification.is_satisfied(false).into_sql::<Bool>());
    let holder = user_roles::table
        .inner_join(users::table)
        .inner_join(roles::table)
        .filter(roles::name_normalized.eq(normalized))
        .filter(users::active.eq(true))
        .filter(users::approved.eq(true))
        .filter(is_verified_enough)
        // Who has no password, or is a service, holds the role but can't sign in to use it.
        .filter(users::kind.eq("person"))
        .filter(users::password_hash.is_not_null())
        .select(user_roles::user_id);
    let holder: Option<String> = natively!(connection, |native| holder.first(native)).optional()?;
    Ok(holder.is_some())
}

use diesel::prelude::*;
use uuid::Uuid;

use crate::db::{DbConnection, Timestamp, role_permissions, roles, user_roles, users};

pub(super) fn find_id_by_name(connection: &mut DbConnection, normalized: &str) -> QueryResult<Option<Uuid>> {
    let id: Option<String> =
        roles::table.filter(roles::name_normalized.eq(normalized)).select(roles::id).first(connection).optional()?;
    Ok(id.and_then(|id| Uuid::try_parse(&id).ok()))
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
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
}

pub(super) fn insert(connection: &mut DbConnection, role: &NewRoleRow<'_>, permissions: &[&str]) -> QueryResult<()> {
    diesel::insert_into(roles::table).values(role).execute(connection)?;
    for permission in permissions {
        let row = (role_permissions::role_id.eq(&role.id), role_permissions::permission.eq(*permission));
        diesel::insert_into(role_permissions::table).values(row).execute(connection)?;
    }
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

/// How many users who may sign in have this role.
pub(super) fn count_able_holders(connection: &mut DbConnection, role_id: Uuid) -> QueryResult<i64> {
    user_roles::table
        .inner_join(users::table)
        .filter(user_roles::role_id.eq(role_id.to_string()))
        .filter(users::active.eq(true))
        .filter(users::approved.eq(true))
        .count()
        .get_result(connection)
}

use diesel::prelude::*;
use uuid::Uuid;

use super::model::{User, UserRow};
use crate::db::{DbConnection, roles, user_roles, users};

/// A user with their roles.
pub(crate) fn find(connection: &mut DbConnection, id: Uuid) -> QueryResult<Option<User>> {
    let id = id.to_string();
    let row = users::table.find(&id).select(UserRow::as_select()).first(connection).optional()?;
    let Some(row) = row else { return Ok(None) };
    let names = user_roles::table
        .inner_join(roles::table)
        .filter(user_roles::user_id.eq(&id))
        .select(roles::name)
        .load(connection)?;
    Ok(Some(User::from_row(row, names)))
}

use diesel::prelude::*;
use uuid::Uuid;

use super::model::{User, UserRow, Username};
use crate::db::{DbConnection, Timestamp, roles, user_roles, users};

/// A user with their roles.
pub(crate) fn find(connection: &mut DbConnection, id: Uuid) -> QueryResult<Option<User>> {
    let id = id.to_string();
    let row = users::table.find(&id).select(UserRow::as_select()).first(connection).optional()?;
    let Some(row) = row else { return Ok(None) };
    let names = role_names(connection, &id)?;
    Ok(Some(User::from_row(row, names)))
}

fn role_names(connection: &mut DbConnection, user_id: &str) -> QueryResult<Vec<String>> {
    user_roles::table
        .inner_join(roles::table)
        .filter(user_roles::user_id.eq(user_id))
        .select(roles::name)
        .load(connection)
}

/// Whether a username belongs to somebody, in any case.
pub(crate) fn username_is_taken(connection: &mut DbConnection, username: &Username) -> QueryResult<bool> {
    let found: i64 =
        users::table.filter(users::username_normalized.eq(username.normalized())).count().get_result(connection)?;
    Ok(found > 0)
}

/// Stores the hash of a new password.
pub(crate) fn store_password(
    connection: &mut DbConnection,
    id: Uuid,
    password_hash: &str,
    must_change: bool,
    now: Timestamp,
) -> QueryResult<()> {
    diesel::update(users::table.find(id.to_string()))
        .set((
            users::password_hash.eq(password_hash),
            users::must_change_password.eq(must_change),
            users::version.eq(users::version + 1),
            users::updated_at.eq(now),
        ))
        .execute(connection)?;
    Ok(())
}

/// The id of the user with this email, or with this username, both normalized.
pub(crate) fn find_id_by_identifier(connection: &mut DbConnection, identifier: &str) -> QueryResult<Option<Uuid>> {
    let by_email: Option<String> =
        users::table.filter(users::email_normalized.eq(identifier)).select(users::id).first(connection).optional()?;
    let id = match by_email {
        Some(id) => Some(id),
        None => users::table
            .filter(users::username_normalized.eq(identifier))
            .select(users::id)
            .first(connection)
            .optional()?,
    };
    Ok(id.and_then(|id| Uuid::try_parse(&id).ok()))
}

/// A user to be stored.
#[derive(Insertable)]
#[diesel(table_name = users, treat_none_as_default_value = false)]
pub(super) struct NewUserRow<'a> {
    pub(super) id: String,
    pub(super) kind: &'a str,
    pub(super) email: &'a str,
    pub(super) email_normalized: String,
    pub(super) username: Option<&'a str>,
    pub(super) username_normalized: Option<String>,
    pub(super) display_name: Option<&'a str>,
    pub(super) display_name_folded: String,
    pub(super) locale: Option<&'a str>,
    pub(super) search_text: String,
    pub(super) password_hash: Option<&'a str>,
    pub(super) must_change_password: bool,
    pub(super) active: bool,
    pub(super) approved: bool,
    pub(super) email_verified: bool,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
}

pub(super) fn insert(connection: &mut DbConnection, user: &NewUserRow<'_>) -> QueryResult<()> {
    diesel::insert_into(users::table).values(user).execute(connection)?;
    Ok(())
}

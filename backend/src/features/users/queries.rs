use std::collections::{HashMap, HashSet};

use diesel::dsl::not;
use diesel::prelude::*;
use uuid::Uuid;

use super::fields::{Email, Username};
use super::model::{User, UserCounts, UserRow};
use crate::db::{
    DbConnection, KeepPrepared, Timestamp, insert_many, natively, padded, password_history, roles, row_counts, update,
    user_roles, users,
};
use crate::features::auth::AcceptedHash;
use crate::http::list::{ListRequest, Page};

/// How many values one query looks for at once.
const CHUNK: usize = 500;

/// A user with their roles.
pub(crate) fn find(connection: &mut DbConnection, id: Uuid) -> QueryResult<Option<User>> {
    let id = id.to_string();
    let row = natively!(connection, |native| users::table.find(&id).select(UserRow::as_select()).first(native));
    let row = row.optional()?;
    let Some(row) = row else { return Ok(None) };
    let names = role_names(connection, &id)?;
    Ok(Some(User::from_row(row, names)))
}

fn role_names(connection: &mut DbConnection, user_id: &str) -> QueryResult<Vec<String>> {
    let names = user_roles::table.inner_join(roles::table).filter(user_roles::user_id.eq(user_id)).select(roles::name);
    natively!(connection, |native| names.load(native))
}

/// The page of all users that `request` asks for.
pub(super) fn list(connection: &mut DbConnection, request: &ListRequest) -> QueryResult<Page<User>> {
    let page: Page<UserRow> = request.load(connection, users::table, UserRow::as_select())?;
    with_roles(connection, page)
}

/// The page of the users who have a role that `request` asks for.
pub(crate) fn list_of_role(
    connection: &mut DbConnection,
    role_id: Uuid,
    request: &ListRequest,
) -> QueryResult<Page<User>> {
    let holders = users::table.inner_join(user_roles::table).filter(user_roles::role_id.eq(role_id.to_string()));
    let page: Page<UserRow> = request.load(connection, holders, UserRow::as_select())?;
    with_roles(connection, page)
}

/// One chunk of an export, each user with their position.
pub(super) fn list_chunk(connection: &mut DbConnection, request: &ListRequest) -> QueryResult<Vec<(User, String)>> {
    let rows: Vec<(UserRow, String)> = request.load_chunk(connection, users::table, UserRow::as_select())?;
    let ids: Vec<&str> = rows.iter().map(|(row, _)| row.id.as_str()).collect();
    let mut names = role_names_of(connection, &ids)?;
    let complete = |(row, position): (UserRow, String)| {
        let roles = names.remove(&row.id).unwrap_or_default();
        (User::from_row(row, roles), position)
    };
    Ok(rows.into_iter().map(complete).collect())
}

fn with_roles(connection: &mut DbConnection, page: Page<UserRow>) -> QueryResult<Page<User>> {
    let ids: Vec<&str> = page.items.iter().map(|row| row.id.as_str()).collect();
    let mut names = role_names_of(connection, &ids)?;
    Ok(page.map(|row| {
        let roles = names.remove(&row.id).unwrap_or_default();
        User::from_row(row, roles)
    }))
}

/// The names of the roles of many users, by the users' ids.
pub(super) fn role_names_of(connection: &mut DbConnection, ids: &[&str]) -> QueryResult<HashMap<String, Vec<String>>> {
    let held: Vec<(String, String)> = natively!(connection, |native| {
        user_roles::table
            .inner_join(roles::table)
            .filter(user_roles::user_id.eq_any(padded(ids)))
            .select((user_roles::user_id, roles::name))
            .keep_prepared()
            .load(native)
    })?;
    let mut names: HashMap<String, Vec<String>> = HashMap::new();
    for (user_id, name) in held {
        names.entry(user_id).or_default().push(name);
    }
    Ok(names)
}

/// How many users there are. The total is kept; the others are few, and have an index each.
pub(crate) fn counts(connection: &mut DbConnection, now: Timestamp) -> QueryResult<UserCounts> {
    let total: i64 =
        row_counts::table.find("users").select(row_counts::row_count).first(connection).optional()?.unwrap_or_default();
    // As the indexes say it: SQLite takes them for no other condition.
    let inactive: i64 = users::table.filter(not(users::active)).count().get_result(connection)?;
    let pending = users::table.filter(not(users::approved)).count().get_result(connection)?;
    let locked = users::table.filter(users::locked_until.gt(now)).count().get_result(connection)?;
    Ok(UserCounts { total, active: total - inactive, pending, locked })
}

/// Whether an email belongs to somebody, in any case.
pub(crate) fn email_is_taken(connection: &mut DbConnection, email: &Email) -> QueryResult<bool> {
    let found: i64 =
        users::table.filter(users::email_normalized.eq(email.normalized())).count().get_result(connection)?;
    Ok(found > 0)
}

/// Whether a username belongs to somebody, in any case.
pub(crate) fn username_is_taken(connection: &mut DbConnection, username: &Username) -> QueryResult<bool> {
    let found: i64 =
        users::table.filter(users::username_normalized.eq(username.normalized())).count().get_result(connection)?;
    Ok(found > 0)
}

/// Stores the hash of a new password, and of the former ones the last `history`.
pub(crate) fn store_password(
    connection: &mut DbConnection,
    id: Uuid,
    password_hash: &AcceptedHash,
    must_change: bool,
    history: u8,
    now: Timestamp,
) -> QueryResult<()> {
    if history > 0 {
        keep_present_password(connection, id, now)?;
    }
    forget_former_passwords(connection, id, history)?;
    diesel::update(users::table.find(id.to_string()))
        .set((
            users::password_hash.eq(password_hash.as_str()),
            users::must_change_password.eq(must_change),
            users::version.eq(users::version + 1),
            users::updated_at.eq(now),
        ))
        .execute(connection)?;
    Ok(())
}

fn keep_present_password(connection: &mut DbConnection, id: Uuid, now: Timestamp) -> QueryResult<()> {
    let present: Option<Option<String>> =
        users::table.find(id.to_string()).select(users::password_hash).first(connection).optional()?;
    let Some(hash) = present.flatten() else { return Ok(()) };
    diesel::insert_into(password_history::table)
        .values((
            password_history::id.eq(Uuid::now_v7().to_string()),
            password_history::user_id.eq(id.to_string()),
            password_history::password_hash.eq(hash),
            password_history::replaced_at.eq(now),
        ))
        .execute(connection)?;
    Ok(())
}

/// Deletes all but the last few.
fn forget_former_passwords(connection: &mut DbConnection, id: Uuid, but: u8) -> QueryResult<()> {
    let kept: Vec<String> = former_passwords(connection, id, but)?.into_iter().map(|(id, _)| id).collect();
    diesel::delete(
        password_history::table
            .filter(password_history::user_id.eq(id.to_string()))
            .filter(password_history::id.ne_all(kept)),
    )
    .execute(connection)?;
    Ok(())
}

/// The hash of somebody's password, and those of the last few before it, the newest first.
pub(crate) fn password_hashes(connection: &mut DbConnection, id: Uuid, former: u8) -> QueryResult<Vec<String>> {
    let present: Option<Option<String>> =
        users::table.find(id.to_string()).select(users::password_hash).first(connection).optional()?;
    let mut hashes: Vec<String> = present.flatten().into_iter().collect();
    hashes.extend(former_passwords(connection, id, former)?.into_iter().map(|(_, hash)| hash));
    Ok(hashes)
}

/// The last few, the newest first: the row and the hash.
fn former_passwords(connection: &mut DbConnection, id: Uuid, number: u8) -> QueryResult<Vec<(String, String)>> {
    password_history::table
        .filter(password_history::user_id.eq(id.to_string()))
        .order((password_history::replaced_at.desc(), password_history::id.desc()))
        .limit(number.into())
        .select((password_history::id, password_history::password_hash))
        .load(connection)
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

pub(super) fn insert(connection: &mut DbConnection, new: &[NewUserRow<'_>]) -> QueryResult<()> {
    insert_many!(connection, users::table, new);
    Ok(())
}

/// Which of these normalized emails, and which of these normalized usernames, belong to somebody.
pub(super) fn taken_names(
    connection: &mut DbConnection,
    emails: &[&str],
    usernames: &[&str],
) -> QueryResult<(HashSet<String>, HashSet<String>)> {
    let (mut taken_emails, mut taken_usernames) = (HashSet::new(), HashSet::new());
    for emails in emails.chunks(CHUNK) {
        let found: Vec<String> = users::table
            .filter(users::email_normalized.eq_any(emails))
            .select(users::email_normalized)
            .load(connection)?;
        taken_emails.extend(found);
    }
    for usernames in usernames.chunks(CHUNK) {
        let found: Vec<Option<String>> = users::table
            .filter(users::username_normalized.eq_any(usernames))
            .select(users::username_normalized)
            .load(connection)?;
        taken_usernames.extend(found.into_iter().flatten());
    }
    Ok((taken_emails, taken_usernames))
}

/// What is to change about a user: `None` stays, `Some(None)` empties.
#[derive(AsChangeset, Clone, Debug, Default)]
#[diesel(table_name = users)]
pub(super) struct UserUpdate {
    pub(super) email: Option<String>,
    pub(super) email_normalized: Option<String>,
    pub(super) username: Option<Option<String>>,
    pub(super) username_normalized: Option<Option<String>>,
    pub(super) display_name: Option<Option<String>>,
    pub(super) display_name_folded: Option<String>,
    pub(super) locale: Option<Option<String>>,
    pub(super) search_text: Option<String>,
    pub(super) must_change_password: Option<bool>,
    pub(super) active: Option<bool>,
    pub(super) approved: Option<bool>,
    pub(super) email_verified: Option<bool>,
    pub(super) locked_until: Option<Option<Timestamp>>,
}

/// Changes a user, and notes that and when.
pub(super) fn update(connection: &mut DbConnection, id: Uuid, update: &UserUpdate, now: Timestamp) -> QueryResult<()> {
    let set = (update, users::version.eq(users::version + 1), users::updated_at.eq(now));
    update!(connection, diesel::update(users::table.find(id.to_string())).set(set))?;
    Ok(())
}

/// Notes whether a user has a second factor.
pub(crate) fn set_mfa_enabled(
    connection: &mut DbConnection,
    id: Uuid,
    enabled: bool,
    now: Timestamp,
) -> QueryResult<()> {
    diesel::update(users::table.find(id.to_string()))
        .set((users::mfa_enabled.eq(enabled), users::version.eq(users::version + 1), users::updated_at.eq(now)))
        .execute(connection)?;
    Ok(())
}

/// Shows until when a user can't sign in. Nobody edits that, so it is no change of theirs.
pub(crate) fn set_locked_until(connection: &mut DbConnection, id: Uuid, until: Option<Timestamp>) -> QueryResult<()> {
    diesel::update(users::table.find(id.to_string())).set(users::locked_until.eq(until)).execute(connection)?;
    Ok(())
}

pub(super) fn delete(connection: &mut DbConnection, id: Uuid) -> QueryResult<()> {
    diesel::delete(users::table.find(id.to_string())).execute(connection)?;
    Ok(())
}

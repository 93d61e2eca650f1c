use diesel::prelude::*;
use uuid::Uuid;

use super::one_time_token::{Holder, Purpose};
use crate::access::RequestOrigin;
use crate::db::{DbConnection, Timestamp, link_requests, one_time_tokens, role_permissions, update, user_roles, users};
use crate::features::users::UserKind;
use crate::mail::Recipient;

/// Makes one token the only one of its purpose.
pub(super) fn replace_one_time_token(
    connection: &mut DbConnection,
    hash: &str,
    purpose: Purpose,
    now: Timestamp,
    expires_at: Timestamp,
) -> QueryResult<()> {
    diesel::delete(one_time_tokens::table.filter(one_time_tokens::purpose.eq(purpose.as_str()))).execute(connection)?;
    diesel::insert_into(one_time_tokens::table)
        .values((
            one_time_tokens::token_hash.eq(hash),
            one_time_tokens::purpose.eq(purpose.as_str()),
            one_time_tokens::created_at.eq(now),
            one_time_tokens::expires_at.eq(expires_at),
        ))
        .execute(connection)?;
    Ok(())
}

pub(super) fn is_valid_token(
    connection: &mut DbConnection,
    hash: &str,
    purpose: Purpose,
    now: Timestamp,
) -> QueryResult<bool> {
    let found: i64 = one_time_tokens::table
        .filter(one_time_tokens::token_hash.eq(hash))
        .filter(one_time_tokens::purpose.eq(purpose.as_str()))
        .filter(one_time_tokens::expires_at.gt(now))
        .count()
        .get_result(connection)?;
    Ok(found > 0)
}

/// Uses a token up; whether it was valid. Of two that try at once, one is told so.
pub(super) fn use_token(
    connection: &mut DbConnection,
    hash: &str,
    purpose: Purpose,
    now: Timestamp,
) -> QueryResult<bool> {
    let used = diesel::delete(
        one_time_tokens::table
            .filter(one_time_tokens::token_hash.eq(hash))
            .filter(one_time_tokens::purpose.eq(purpose.as_str()))
            .filter(one_time_tokens::expires_at.gt(now)),
    )
    .execute(connection)?;
    Ok(used > 0)
}

/// Deletes whatever tokens of a user are outstanding.
pub(crate) fn void_tokens_of_user(connection: &mut DbConnection, user_id: Uuid) -> QueryResult<()> {
    let theirs = one_time_tokens::table.filter(one_time_tokens::user_id.eq(user_id.to_string()));
    diesel::delete(theirs).execute(connection)?;
    Ok(())
}

/// Deletes the tokens of a user that are for certain purposes.
pub(super) fn void_tokens(connection: &mut DbConnection, user_id: Uuid, purposes: &[Purpose]) -> QueryResult<()> {
    let purposes = purposes.iter().map(|purpose| purpose.as_str());
    let theirs = one_time_tokens::table
        .filter(one_time_tokens::user_id.eq(user_id.to_string()))
        .filter(one_time_tokens::purpose.eq_any(purposes));
    diesel::delete(theirs).execute(connection)?;
    Ok(())
}

/// Deletes tokens that nobody can use any more.
pub(crate) fn forget_expired_tokens(connection: &mut DbConnection, now: Timestamp) -> QueryResult<usize> {
    diesel::delete(one_time_tokens::table.filter(one_time_tokens::expires_at.le(now))).execute(connection)
}

/// Notes a sign-in: what was the current one becomes the last one.
pub(super) fn note_sign_in(
    connection: &mut DbConnection,
    user_id: Uuid,
    ip: Option<String>,
    now: Timestamp,
) -> QueryResult<()> {
    let set = (
        users::last_login_at.eq(users::current_login_at),
        users::last_login_ip.eq(users::current_login_ip),
        users::current_login_at.eq(now),
        users::current_login_ip.eq(ip),
        users::login_count.eq(users::login_count + 1),
    );
    update!(connection, diesel::update(users::table.find(user_id.to_string())).set(set))?;
    Ok(())
}

/// Replaces the hash of the same password by a stronger one: for its owner nothing has changed.
pub(super) fn replace_hash(connection: &mut DbConnection, user_id: Uuid, hash: &str) -> QueryResult<()> {
    diesel::update(users::table.find(user_id.to_string())).set(users::password_hash.eq(hash)).execute(connection)?;
    Ok(())
}

/// Stores a token that belongs to one user.
pub(super) fn insert_token(
    connection: &mut DbConnection,
    hash: &str,
    purpose: Purpose,
    user_id: Uuid,
    subject: Option<&str>,
    now: Timestamp,
    expires_at: Timestamp,
) -> QueryResult<()> {
    diesel::insert_into(one_time_tokens::table)
        .values((
            one_time_tokens::token_hash.eq(hash),
            one_time_tokens::purpose.eq(purpose.as_str()),
            one_time_tokens::user_id.eq(user_id.to_string()),
            one_time_tokens::subject.eq(subject),
            one_time_tokens::created_at.eq(now),
            one_time_tokens::expires_at.eq(expires_at),
        ))
        .execute(connection)?;
    Ok(())
}

/// Whom a valid token belongs to, and what it is about.
pub(super) fn holder_of_token(
    connection: &mut DbConnection,
    hash: &str,
    purpose: Purpose,
    now: Timestamp,
) -> QueryResult<Option<Holder>> {
    let found: Option<(Option<String>, Option<String>)> = one_time_tokens::table
        .filter(one_time_tokens::token_hash.eq(hash))
        .filter(one_time_tokens::purpose.eq(purpose.as_str()))
        .filter(one_time_tokens::expires_at.gt(now))
        .select((one_time_tokens::user_id, one_time_tokens::subject))
        .first(connection)
        .optional()?;
    Ok(found.and_then(|(user_id, subject)| Some(Holder { user_id: user_id?.parse().ok()?, subject })))
}

pub(crate) fn has_password(connection: &mut DbConnection, user_id: Uuid) -> QueryResult<bool> {
    let found: Option<Option<String>> =
        users::table.find(user_id.to_string()).select(users::password_hash).first(connection).optional()?;
    Ok(found.flatten().is_some())
}

/// Those who may approve, as far as they can sign in.
pub(super) fn who_may_approve(connection: &mut DbConnection, limit: i64) -> QueryResult<Vec<Recipient>> {
    let holders = user_roles::table
        .inner_join(role_permissions::table.on(role_permissions::role_id.eq(user_roles::role_id)))
        .filter(role_permissions::permission.eq_any(["*", "users:*", "*:write", "users:write"]))
        .select(user_roles::user_id);
    let found: Vec<(String, Option<String>, Option<String>)> = users::table
        .filter(users::id.eq_any(holders))
        .filter(users::kind.eq(UserKind::Person.as_str()))
        .filter(users::active.eq(true))
        .filter(users::approved.eq(true))
        .order(users::created_at)
        .limit(limit)
        .select((users::email, users::display_name, users::locale))
        .load(connection)?;
    Ok(found.into_iter().map(|(email, name, locale)| Recipient { email, name, locale, is_person: true }).collect())
}

/// Takes a request for a link in.
pub(super) fn insert_link_request(
    connection: &mut DbConnection,
    purpose: &str,
    email: &str,
    origin: &RequestOrigin,
    now: Timestamp,
) -> QueryResult<()> {
    diesel::insert_into(link_requests::table)
        .values((
            link_requests::id.eq(Uuid::now_v7().to_string()),
            link_requests::purpose.eq(purpose),
            link_requests::email.eq(email),
            link_requests::ip.eq(origin.ip.map(|ip| ip.to_string())),
            link_requests::user_agent.eq(origin.user_agent.as_deref()),
            link_requests::request_id.eq(origin.request_id.to_string()),
            link_requests::created_at.eq(now),
        ))
        .execute(connection)?;
    Ok(())
}

/// A request for a link, as it was taken in.
#[derive(Queryable, Selectable)]
#[diesel(table_name = link_requests)]
pub(super) struct LinkRequestRow {
    pub(super) id: String,
    pub(super) purpose: String,
    pub(super) email: String,
    pub(super) ip: Option<String>,
    pub(super) user_agent: Option<String>,
    pub(super) request_id: String,
}

/// Requests for links that wait, the oldest first.
pub(super) fn link_requests(connection: &mut DbConnection, limit: i64) -> QueryResult<Vec<LinkRequestRow>> {
    let waiting = link_requests::table.order(link_requests::id).limit(limit);
    waiting.select(LinkRequestRow::as_select()).load(connection)
}

/// Takes a request off the list; whether it was still on it.
pub(super) fn delete_link_request(connection: &mut DbConnection, id: &str) -> QueryResult<bool> {
    Ok(diesel::delete(link_requests::table.find(id)).execute(connection)? > 0)
}

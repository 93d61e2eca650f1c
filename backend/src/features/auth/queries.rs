use diesel::prelude::*;
use uuid::Uuid;

use super::refusal::Reason;
use crate::db::{DbConnection, Timestamp, one_time_tokens, users};
use crate::features::users::UserKind;

/// Makes one token the only one of its purpose.
pub(super) fn replace_one_time_token(
    connection: &mut DbConnection,
    hash: &str,
    purpose: &str,
    now: Timestamp,
    expires_at: Timestamp,
) -> QueryResult<()> {
    diesel::delete(one_time_tokens::table.filter(one_time_tokens::purpose.eq(purpose))).execute(connection)?;
    diesel::insert_into(one_time_tokens::table)
        .values((
            one_time_tokens::token_hash.eq(hash),
            one_time_tokens::purpose.eq(purpose),
            one_time_tokens::created_at.eq(now),
            one_time_tokens::expires_at.eq(expires_at),
        ))
        .execute(connection)?;
    Ok(())
}

pub(super) fn is_valid_token(
    connection: &mut DbConnection,
    hash: &str,
    purpose: &str,
    now: Timestamp,
) -> QueryResult<bool> {
    let found: i64 = one_time_tokens::table
        .filter(one_time_tokens::token_hash.eq(hash))
        .filter(one_time_tokens::purpose.eq(purpose))
        .filter(one_time_tokens::expires_at.gt(now))
        .count()
        .get_result(connection)?;
    Ok(found > 0)
}

/// Uses a token up; whether it was valid. Of two that try at once, one is told so.
pub(super) fn use_token(connection: &mut DbConnection, hash: &str, purpose: &str, now: Timestamp) -> QueryResult<bool> {
    let used = diesel::delete(
        one_time_tokens::table
            .filter(one_time_tokens::token_hash.eq(hash))
            .filter(one_time_tokens::purpose.eq(purpose))
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

/// What signing in needs to know of a user.
#[derive(Clone)]
pub(super) struct Credentials {
    pub(super) id: Uuid,
    pub(super) email: String,
    pub(super) password_hash: Option<String>,
    pub(super) must_change_password: bool,
    is_person: bool,
    active: bool,
    approved: bool,
}

impl Credentials {
    /// Whether the user may sign in by password at all.
    pub(super) fn may_sign_in(&self) -> bool {
        self.hindrance().is_none()
    }

    /// Why the user may not sign in by password, if so.
    pub(super) fn hindrance(&self) -> Option<Reason> {
        match self {
            Self { is_person: false, .. } => Some(Reason::NotAPerson),
            Self { active: false, .. } => Some(Reason::Inactive),
            Self { approved: false, .. } => Some(Reason::Unapproved),
            _ => None,
        }
    }
}

type CredentialColumns = (
    users::id,
    users::email,
    users::password_hash,
    users::must_change_password,
    users::kind,
    users::active,
    users::approved,
);
const CREDENTIAL_COLUMNS: CredentialColumns = (
    users::id,
    users::email,
    users::password_hash,
    users::must_change_password,
    users::kind,
    users::active,
    users::approved,
);

fn credentials(
    (id, email, password_hash, must_change_password, kind, active, approved): (
        String,
        String,
        Option<String>,
        bool,
        String,
        bool,
        bool,
    ),
) -> Credentials {
    Credentials {
        id: Uuid::try_parse(&id).unwrap_or_default(),
        email,
        password_hash,
        must_change_password,
        is_person: kind == UserKind::Person.as_str(),
        active,
        approved,
    }
}

pub(super) fn credentials_by_id(connection: &mut DbConnection, id: Uuid) -> QueryResult<Option<Credentials>> {
    let found = users::table.find(id.to_string()).select(CREDENTIAL_COLUMNS).first(connection).optional()?;
    Ok(found.map(credentials))
}

/// By a normalized email or username: an email is told from a username by its `@`, so one query finds it.
pub(super) fn credentials_by_identifier(
    connection: &mut DbConnection,
    identifier: &str,
) -> QueryResult<Option<Credentials>> {
    let found = if identifier.contains('@') {
        users::table.filter(users::email_normalized.eq(identifier)).select(CREDENTIAL_COLUMNS).first(connection)
    } else {
        users::table.filter(users::username_normalized.eq(identifier)).select(CREDENTIAL_COLUMNS).first(connection)
    };
    Ok(found.optional()?.map(credentials))
}

/// Notes a sign-in: what was the current one becomes the last one.
pub(super) fn note_sign_in(
    connection: &mut DbConnection,
    user_id: Uuid,
    ip: Option<String>,
    now: Timestamp,
) -> QueryResult<()> {
    diesel::update(users::table.find(user_id.to_string()))
        .set((
            users::last_login_at.eq(users::current_login_at),
            users::last_login_ip.eq(users::current_login_ip),
            users::current_login_at.eq(now),
            users::current_login_ip.eq(ip),
            users::login_count.eq(users::login_count + 1),
        ))
        .execute(connection)?;
    Ok(())
}

/// Replaces the hash of the same password by a stronger one: for its owner nothing has changed.
pub(super) fn replace_hash(connection: &mut DbConnection, user_id: Uuid, hash: &str) -> QueryResult<()> {
    diesel::update(users::table.find(user_id.to_string())).set(users::password_hash.eq(hash)).execute(connection)?;
    Ok(())
}

/// Stores a token that belongs to one user.
pub(super) fn insert_token_of_user(
    connection: &mut DbConnection,
    hash: &str,
    purpose: &str,
    user_id: Uuid,
    now: Timestamp,
    expires_at: Timestamp,
) -> QueryResult<()> {
    diesel::insert_into(one_time_tokens::table)
        .values((
            one_time_tokens::token_hash.eq(hash),
            one_time_tokens::purpose.eq(purpose),
            one_time_tokens::user_id.eq(user_id.to_string()),
            one_time_tokens::created_at.eq(now),
            one_time_tokens::expires_at.eq(expires_at),
        ))
        .execute(connection)?;
    Ok(())
}

/// The user whom a valid token belongs to.
pub(super) fn user_of_token(
    connection: &mut DbConnection,
    hash: &str,
    purpose: &str,
    now: Timestamp,
) -> QueryResult<Option<Uuid>> {
    let found: Option<Option<String>> = one_time_tokens::table
        .filter(one_time_tokens::token_hash.eq(hash))
        .filter(one_time_tokens::purpose.eq(purpose))
        .filter(one_time_tokens::expires_at.gt(now))
        .select(one_time_tokens::user_id)
        .first(connection)
        .optional()?;
    Ok(found.flatten().and_then(|id| Uuid::try_parse(&id).ok()))
}

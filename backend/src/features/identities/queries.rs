use diesel::prelude::*;
use uuid::Uuid;

use super::model::{IdentityRow, NewIdentity};
use crate::db::{DbConnection, Timestamp, identities};

/// Whom an issuer means by a subject.
pub(crate) fn find_by_subject(
    connection: &mut DbConnection,
    issuer: &str,
    subject: &str,
) -> QueryResult<Option<IdentityRow>> {
    identities::table
        .filter(identities::issuer.eq(issuer))
        .filter(identities::subject.eq(subject))
        .select(IdentityRow::as_select())
        .first(connection)
        .optional()
}

/// A user's identities.
pub(super) fn of_user(connection: &mut DbConnection, user_id: Uuid) -> QueryResult<Vec<IdentityRow>> {
    identities::table
        .filter(identities::user_id.eq(user_id.to_string()))
        .select(IdentityRow::as_select())
        .load(connection)
}

pub(super) fn insert(
    connection: &mut DbConnection,
    id: Uuid,
    user_id: Uuid,
    new: &NewIdentity<'_>,
    now: Timestamp,
) -> QueryResult<()> {
    diesel::insert_into(identities::table)
        .values((
            identities::id.eq(id.to_string()),
            identities::user_id.eq(user_id.to_string()),
            identities::provider.eq(new.provider),
            identities::issuer.eq(new.issuer),
            identities::subject.eq(new.subject),
            identities::email.eq(new.email),
            identities::created_at.eq(now),
            identities::last_used_at.eq(now),
        ))
        .execute(connection)?;
    Ok(())
}

/// Notes that an identity has signed in, and what the provider calls it by now.
pub(crate) fn touch(
    connection: &mut DbConnection,
    identity: &IdentityRow,
    email: Option<&str>,
    now: Timestamp,
) -> QueryResult<()> {
    diesel::update(identities::table.find(&identity.id))
        .set((identities::last_used_at.eq(now), identities::email.eq(email)))
        .execute(connection)?;
    Ok(())
}

pub(super) fn delete(connection: &mut DbConnection, identity: &IdentityRow) -> QueryResult<()> {
    diesel::delete(identities::table.find(&identity.id)).execute(connection)?;
    Ok(())
}

/// Unlinks all of a user's identities.
pub(crate) fn delete_all_of_user(connection: &mut DbConnection, user_id: Uuid) -> QueryResult<()> {
    diesel::delete(identities::table.filter(identities::user_id.eq(user_id.to_string()))).execute(connection)?;
    Ok(())
}

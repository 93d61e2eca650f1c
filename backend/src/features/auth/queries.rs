use diesel::prelude::*;

use crate::db::{DbConnection, Timestamp, one_time_tokens};

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

use diesel::prelude::*;
use uuid::Uuid;

use super::model::ApiKeyRow;
use crate::db::{DbConnection, api_keys};

pub(super) fn of_user(connection: &mut DbConnection, user_id: Uuid) -> QueryResult<Vec<ApiKeyRow>> {
    api_keys::table
        .filter(api_keys::user_id.eq(user_id.to_string()))
        .order((api_keys::created_at.desc(), api_keys::id.desc()))
        .select(ApiKeyRow::as_select())
        .load(connection)
}

pub(super) fn count_of_user(connection: &mut DbConnection, user_id: Uuid) -> QueryResult<i64> {
    api_keys::table.filter(api_keys::user_id.eq(user_id.to_string())).count().get_result(connection)
}

pub(super) fn find(connection: &mut DbConnection, user_id: Uuid, id: Uuid) -> QueryResult<Option<ApiKeyRow>> {
    api_keys::table
        .find(id.to_string())
        .filter(api_keys::user_id.eq(user_id.to_string()))
        .select(ApiKeyRow::as_select())
        .first(connection)
        .optional()
}

pub(super) fn insert(connection: &mut DbConnection, key: &ApiKeyRow) -> QueryResult<()> {
    diesel::insert_into(api_keys::table).values(key).execute(connection)?;
    Ok(())
}

pub(super) fn delete(connection: &mut DbConnection, id: Uuid) -> QueryResult<()> {
    diesel::delete(api_keys::table.find(id.to_string())).execute(connection)?;
    Ok(())
}

//! What can be done with roles, each act in the caller's transaction.

use diesel::QueryResult;
use uuid::Uuid;

use super::queries::{self, NewRoleRow};
use crate::db::{DbConnection, Timestamp};

/// The built-in role that permits everything.
pub const ADMIN: &str = "admin";

/// The built-in role's id; the role is made if the store is new.
pub fn ensure_admin_role(connection: &mut DbConnection, now: Timestamp) -> QueryResult<Uuid> {
    if let Some(id) = queries::find_id_by_name(connection, ADMIN)? {
        return Ok(id);
    }
    let id = Uuid::now_v7();
    let row = NewRoleRow {
        id: id.to_string(),
        name: ADMIN,
        name_normalized: ADMIN.to_owned(),
        description: "May do everything. Built in.",
        protected: true,
        created_at: now,
        updated_at: now,
    };
    queries::insert(connection, &row, &["*"])?;
    Ok(id)
}

/// Whether the built-in role has been made.
pub fn has_administrator_role(connection: &mut DbConnection) -> QueryResult<bool> {
    Ok(queries::find_id_by_name(connection, ADMIN)?.is_some())
}

/// Whether somebody can sign in who may do everything.
pub fn has_active_administrator(connection: &mut DbConnection) -> QueryResult<bool> {
    match queries::find_id_by_name(connection, ADMIN)? {
        Some(role) => Ok(queries::count_able_holders(connection, role)? > 0),
        None => Ok(false),
    }
}

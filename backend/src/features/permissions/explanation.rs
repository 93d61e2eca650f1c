//! Why somebody may do something, or that they may not.

use diesel::QueryResult;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::PermissionPattern;
use crate::db::DbConnection;
use crate::features::{roles, users};
use crate::request_body;

request_body! {
    /// A question about what somebody may do.
    #[schema(example = json!({"user_id": "01939d3c-0000-7000-8000-000000000000", "permission": "users:write"}))]
    pub(super) struct Question {
        /// The user.
        user_id: Uuid,
        /// What they want to do.
        permission: PermissionPattern,
    }
}

/// Whether somebody may do something, and why.
#[derive(Serialize, ToSchema)]
pub(super) struct Explanation {
    /// Whether they may.
    allowed: bool,
    /// What it comes from; empty if they may not, as whoever is inactive or not approved may do nothing.
    because: Vec<Reason>,
}

/// One reason why somebody may do something.
#[derive(Serialize, ToSchema)]
pub(super) struct Reason {
    /// The name of a role that they have.
    #[schema(examples("editor"))]
    role: String,
    /// What of that which the role permits covers it.
    #[schema(value_type = String, examples("users:*"))]
    permission: PermissionPattern,
}

/// Answers a question; `None` for a user who does not exist.
pub(super) fn explain(connection: &mut DbConnection, question: &Question) -> QueryResult<Option<Explanation>> {
    let Some(user) = users::find(connection, question.user_id)? else { return Ok(None) };
    let granted = roles::grants_of_user(connection, user.id)?;
    let because: Vec<Reason> = granted
        .into_iter()
        .filter(|(_, pattern)| user.active && user.approved && pattern.covers(&question.permission))
        .map(|(role, permission)| Reason { role, permission })
        .collect();
    Ok(Some(Explanation { allowed: !because.is_empty(), because }))
}

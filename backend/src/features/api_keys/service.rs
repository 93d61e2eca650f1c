//! How keys are made and taken away.

use diesel::QueryResult;
use serde_json::{Value, json};
use uuid::Uuid;

use super::bodies::ApiKeyCreation;
use super::model::{ApiKey, ApiKeyRow, NewApiKey};
use super::queries;
use crate::access::{Act, Caller, Change, PermissionSet, permissions_of};
use crate::crypto::api_key::ApiKeySecret;
use crate::db::{DbConnection, Timestamp};
use crate::features::audit::{Changes, Target};
use crate::features::users::{self, User};
use crate::http::list::{ListRequest, Page, in_memory};
use crate::mail::Message;
use crate::problem::{Code, FieldError, Problem};
use crate::state::AppState;

/// Nobody keeps an eye on more of them.
const MOST: i64 = 100;
const CREATED: &str = "api_key.created";
const DELETED: &str = "api_key.deleted";

/// The keys of a user, as people see them.
pub fn views_of_user(connection: &mut DbConnection, user_id: Uuid) -> QueryResult<Vec<ApiKey>> {
    let permitted = permissions_of(connection, user_id)?;
    let rows = queries::of_user(connection, user_id)?;
    Ok(rows.into_iter().map(|row| ApiKey::from_row(row, &permitted)).collect())
}

/// The keys of a user, a page of them.
///
/// # Errors
/// `not_found` for a user that does not exist; `permission_denied` for an API key that is used on its owner.
pub(super) async fn list(
    state: &AppState,
    caller: &Caller,
    user_id: Uuid,
    request: ListRequest,
) -> Result<Page<ApiKey>, Problem> {
    caller.must_not_reach_owner(user_id)?;
    let found = state
        .database
        .read(move |connection| match users::find(connection, user_id)? {
            Some(_) => views_of_user(connection, user_id).map(Some),
            None => Ok(None),
        })
        .await?;
    in_memory(&request, found.ok_or_else(Problem::not_found)?)
}

/// Makes a key for the caller.
///
/// # Errors
/// Those of [`create`].
pub(super) async fn create_own(state: &AppState, caller: Caller, body: ApiKeyCreation) -> Result<NewApiKey, Problem> {
    let id = caller.user_id().ok_or_else(|| Problem::new(Code::Unauthenticated))?;
    state.act_on_oneself(caller, move |act| create(act, id, body)).await
}

/// Makes a key for a user, by somebody who may do all that the user may.
///
/// # Errors
/// `not_found`; `privilege_escalation` for more than the user or the caller may do; `conflict` for too many keys;
/// `validation_failed`.
pub(super) fn create(act: &mut Act<'_>, user_id: Uuid, body: ApiKeyCreation) -> Result<NewApiKey, Problem> {
    let owner = users::find(act.connection, user_id)?.ok_or_else(Problem::not_found)?;
    act.attempt(CREATED, Target::user(&owner));
    act.must_cover_user(user_id)?;
    let expires_at = body.expires_at.map(|expiry| expiry.0);
    if expires_at.is_some_and(|expires_at| expires_at <= act.now) {
        let error = FieldError::new("expires_at", "in_the_past", "This moment has passed.");
        return Err(Problem::invalid(vec![error]));
    }
    let permitted = permissions_of(act.connection, user_id)?;
    if let Some(permissions) = &body.permissions {
        act.must_cover(permissions.patterns())?;
        if !permitted.covers(permissions.patterns()) {
            return Err(Problem::new(Code::PrivilegeEscalation));
        }
    }
    if queries::count_of_user(act.connection, user_id)? >= MOST {
        return Err(Problem::with_detail(Code::Conflict, format!("A user has at most {MOST} API keys")));
    }
    let secret = ApiKeySecret::generate();
    let row = row(&owner, body, &secret, act.now)?;
    queries::insert(act.connection, &row)?;
    let key = ApiKey::from_row(row, &permitted);
    let changes = facts(&owner, &key).into_iter().fold(Changes::none(), |all, (name, fact)| all.field(name, (), fact));
    act.record(CREATED, target(&key), changes)?;
    let message = Message::ApiKeyCreated { name: key.name.clone(), prefix: key.prefix.clone() };
    act.state.mailer.queue(act.connection, &(&owner).into(), &message, act.now)?;
    Ok(NewApiKey::new(key, &secret))
}

fn row(owner: &User, body: ApiKeyCreation, secret: &ApiKeySecret, now: Timestamp) -> Result<ApiKeyRow, Problem> {
    let networks = body.allowed_networks.unwrap_or_default().0;
    let networks: Vec<String> = networks.iter().map(ToString::to_string).collect();
    let permissions = body.permissions.map(|permissions| serde_json::to_string(permissions.patterns())).transpose();
    Ok(ApiKeyRow {
        id: Uuid::now_v7().to_string(),
        user_id: owner.id.to_string(),
        name: body.name.0,
        prefix: secret.prefix().to_owned(),
        key_hash: secret.hash(),
        permissions: permissions.map_err(Problem::internal)?,
        allowed_networks: serde_json::to_string(&networks).map_err(Problem::internal)?,
        created_at: now,
        expires_at: body.expires_at.map(|expiry| expiry.0),
        last_used_at: None,
    })
}

/// Takes one of the caller's own keys away.
///
/// # Errors
/// Those of [`delete`].
pub(super) async fn delete_own(state: &AppState, caller: Caller, id: Uuid) -> Result<(), Problem> {
    let user_id = caller.user_id().ok_or_else(|| Problem::new(Code::Unauthenticated))?;
    state.act_on_oneself(caller, move |act| delete(act, user_id, id)).await
}

/// Takes a key of a user away.
///
/// # Errors
/// `not_found`, `privilege_escalation`.
pub(super) fn delete(act: &mut Act<'_>, user_id: Uuid, id: Uuid) -> Result<(), Problem> {
    let owner = users::find(act.connection, user_id)?.ok_or_else(Problem::not_found)?;
    act.attempt(DELETED, Target::user(&owner));
    act.must_cover_user(user_id)?;
    let row = queries::find(act.connection, user_id, id)?.ok_or_else(Problem::not_found)?;
    let permitted = permissions_of(act.connection, user_id)?;
    forget(act, &owner, &permitted, row)
}

/// Takes all keys of a user away, as part of an act on them.
///
/// # Errors
/// Faults of the store.
pub fn delete_all_of_user(act: &mut Act<'_>, owner: &User) -> Result<(), Problem> {
    let permitted = permissions_of(act.connection, owner.id)?;
    for row in queries::of_user(act.connection, owner.id)? {
        forget(act, owner, &permitted, row)?;
    }
    Ok(())
}

fn forget(act: &mut Act<'_>, owner: &User, permitted: &PermissionSet, row: ApiKeyRow) -> Result<(), Problem> {
    let key = ApiKey::from_row(row, permitted);
    queries::delete(act.connection, key.id)?;
    act.changes.add(Change::ApiKey(key.id));
    let changes = facts(owner, &key).into_iter().fold(Changes::none(), |all, (name, fact)| all.field(name, fact, ()));
    Ok(act.record(DELETED, target(&key), changes)?)
}

fn target(key: &ApiKey) -> Target {
    Target::new("api_key", key.id, key.name.as_str())
}

/// What the audit trail tells of a key.
fn facts(owner: &User, key: &ApiKey) -> Vec<(&'static str, Value)> {
    vec![
        ("owner", json!(owner.email)),
        ("owner_id", json!(owner.id)),
        ("name", json!(key.name)),
        ("prefix", json!(key.prefix)),
        ("permissions", json!(key.permissions)),
        ("all_permissions", json!(key.all_permissions)),
        ("allowed_networks", json!(key.allowed_networks)),
        ("expires_at", json!(key.expires_at)),
    ]
}

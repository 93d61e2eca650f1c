use diesel::prelude::*;
use uuid::Uuid;

use super::model::DeviceRow;
use super::service::Device;
use crate::access::RequestOrigin;
use crate::db::{DbConnection, Timestamp, devices, update};

/// The device that holds a token, if it is one of this very user.
pub(crate) fn find(connection: &mut DbConnection, token_hash: &str, user_id: Uuid) -> QueryResult<Option<Device>> {
    let found: Option<(String, Option<Timestamp>)> = devices::table
        .filter(devices::token_hash.eq(token_hash))
        .filter(devices::user_id.eq(user_id.to_string()))
        .select((devices::id, devices::trusted_until))
        .first(connection)
        .optional()?;
    Ok(found.map(|(id, trusted_until)| Device { id, trusted_until }))
}

/// The ids of a user's devices.
pub(crate) fn ids_of_user(connection: &mut DbConnection, user_id: Uuid) -> QueryResult<Vec<String>> {
    devices::table.filter(devices::user_id.eq(user_id.to_string())).select(devices::id).load(connection)
}

/// Asks on all of a user's devices for a second factor again.
pub(crate) fn distrust_all_of_user(connection: &mut DbConnection, user_id: Uuid) -> QueryResult<()> {
    let theirs = devices::table.filter(devices::user_id.eq(user_id.to_string()));
    let trusted = theirs.filter(devices::trusted_until.is_not_null());
    diesel::update(trusted).set(devices::trusted_until.eq(None::<Timestamp>)).execute(connection)?;
    Ok(())
}

/// Asks on a device for no second factor until then.
pub(crate) fn trust(connection: &mut DbConnection, device: &Device, until: Timestamp) -> QueryResult<()> {
    diesel::update(devices::table.find(&device.id)).set(devices::trusted_until.eq(until)).execute(connection)?;
    Ok(())
}

/// Forgets a user's devices.
pub(crate) fn delete_all_of_user(connection: &mut DbConnection, user_id: Uuid) -> QueryResult<()> {
    delete_others(connection, user_id, None).map(drop)
}

/// A user's devices.
pub(super) fn of_user(connection: &mut DbConnection, user_id: Uuid) -> QueryResult<Vec<DeviceRow>> {
    devices::table.filter(devices::user_id.eq(user_id.to_string())).select(DeviceRow::as_select()).load(connection)
}

/// Forgets one device, if it is one of this very user; which it was.
pub(super) fn delete(connection: &mut DbConnection, id: Uuid, user_id: Uuid) -> QueryResult<Option<DeviceRow>> {
    let found = devices::table
        .filter(devices::id.eq(id.to_string()))
        .filter(devices::user_id.eq(user_id.to_string()))
        .select(DeviceRow::as_select())
        .first(connection)
        .optional()?;
    let Some(device) = found else { return Ok(None) };
    let deleted = diesel::delete(devices::table.find(&device.id)).execute(connection)?;
    Ok((deleted > 0).then_some(device))
}

/// Forgets a user's devices but the one that holds a token; how many there were.
pub(crate) fn delete_others(
    connection: &mut DbConnection,
    user_id: Uuid,
    kept_token_hash: Option<&str>,
) -> QueryResult<usize> {
    let theirs = devices::table.filter(devices::user_id.eq(user_id.to_string()));
    // No hash is the empty text.
    let others = theirs.filter(devices::token_hash.ne(kept_token_hash.unwrap_or_default()));
    diesel::delete(others).execute(connection)
}

pub(super) fn insert(
    connection: &mut DbConnection,
    token_hash: &str,
    user_id: Uuid,
    origin: &RequestOrigin,
    now: Timestamp,
) -> QueryResult<()> {
    diesel::insert_into(devices::table)
        .values((
            devices::id.eq(Uuid::now_v7().to_string()),
            devices::user_id.eq(user_id.to_string()),
            devices::token_hash.eq(token_hash),
            devices::created_at.eq(now),
            devices::last_used_at.eq(now),
            devices::ip.eq(origin.ip.map(|ip| ip.to_string())),
            devices::user_agent.eq(origin.user_agent.as_deref()),
        ))
        .execute(connection)?;
    Ok(())
}

/// Notes that a device was used; whether it is still there.
pub(super) fn touch(
    connection: &mut DbConnection,
    device: &Device,
    origin: &RequestOrigin,
    now: Timestamp,
) -> QueryResult<bool> {
    let touch = diesel::update(devices::table.find(&device.id)).set((
        devices::last_used_at.eq(now),
        devices::ip.eq(origin.ip.map(|ip| ip.to_string())),
        devices::user_agent.eq(origin.user_agent.as_deref()),
    ));
    Ok(update!(connection, touch)? > 0)
}

/// Keeps the devices of a user that were used last.
pub(super) fn keep_newest(connection: &mut DbConnection, user_id: Uuid, number: i64) -> QueryResult<()> {
    let kept: Vec<String> = devices::table
        .filter(devices::user_id.eq(user_id.to_string()))
        .order((devices::last_used_at.desc(), devices::id.desc()))
        .select(devices::id)
        .limit(number)
        .load(connection)?;
    let surplus = devices::table.filter(devices::user_id.eq(user_id.to_string())).filter(devices::id.ne_all(kept));
    diesel::delete(surplus).execute(connection)?;
    Ok(())
}

pub(super) fn delete_unused_since(connection: &mut DbConnection, moment: Timestamp) -> QueryResult<()> {
    diesel::delete(devices::table.filter(devices::last_used_at.lt(moment))).execute(connection)?;
    Ok(())
}

//! Up to where the trail was cut off because it was older than it has to be kept, signed.

use std::time::Duration;

use diesel::QueryResult;

use super::queries::{self, Checkpoint, Cut};
use super::statement;
use crate::crypto::key_ring::KeyRing;
use crate::db::{DbConnection, Timestamp};

const KIND: &str = "reeve-audit-cut+jwt";

impl Cut {
    /// Signs that the chain begins after `position`, where `hash` stood; `None` while there is no key to sign with.
    pub(super) fn sign(keys: &KeyRing, position: i64, hash: String, now: Timestamp) -> Option<Self> {
        let signed = statement::sign(keys, KIND, position, &hash, now)?;
        Some(Self { position, at: now, hash, public_key: signed.public_key, statement: signed.statement })
    }

    /// Whether its key signed what it says.
    pub(super) fn is_signed(&self) -> bool {
        statement::stated_hash(&self.statement, &self.public_key, KIND, self.position).as_ref() == Some(&self.hash)
    }
}

/// Where the chain is to be cut so that it begins with the first event that is to be kept, with the hash that stands there; `None`
/// if nothing goes, or if the newest cut was made after `not_since`. The last link stays, for the next one to follow from.
pub(in super::super) fn due_cut(
    connection: &mut DbConnection,
    kept_from: Timestamp,
    not_since: Timestamp,
) -> QueryResult<Option<DueCut>> {
    let newest = queries::newest_cut(connection)?;
    if newest.as_ref().is_some_and(|cut| cut.at > not_since) {
        return Ok(None);
    }
    let former = newest.map_or(0, |cut| cut.position);
    let Some(head) = queries::head(connection)? else { return Ok(None) };
    let first_kept = queries::first_kept(connection, former, kept_from)?.unwrap_or(head);
    let position = first_kept.position - 1;
    Ok((position > former).then_some(DueCut { former, position, hash: first_kept.prev_hash }))
}

/// A cut that is to be made.
pub(in super::super) struct DueCut {
    pub(in super::super) former: i64,
    pub(in super::super) position: i64,
    pub(in super::super) hash: String,
}

impl DueCut {
    /// Makes it. Answers whether it was made: not while there is no key to sign with, or while another process links.
    pub(in super::super) fn make(
        &self,
        connection: &mut DbConnection,
        keys: &KeyRing,
        now: Timestamp,
    ) -> QueryResult<bool> {
        if !queries::may_link(connection)? {
            return Ok(false);
        }
        let Some(cut) = Cut::sign(keys, self.position, self.hash.clone(), now) else { return Ok(false) };
        queries::replace_cut(connection, &cut)?;
        Ok(true)
    }
}

/// Whether the newest cut covers something that is still there.
pub(in super::super) fn is_something_cut(connection: &mut DbConnection) -> QueryResult<bool> {
    let Some(cut) = queries::newest_cut(connection)? else { return Ok(false) };
    Ok(queries::first_position(connection)?.is_some_and(|first| first <= cut.position))
}

/// Deletes one batch of what the newest cut covers.
pub(in super::super) fn delete_cut(connection: &mut DbConnection, batch: i64) -> QueryResult<()> {
    let (Some(cut), Some(first)) = (queries::newest_cut(connection)?, queries::first_position(connection)?) else {
        return Ok(());
    };
    queries::delete_until(connection, cut.position.min(first + batch - 1))
}

/// Signs the newest cut anew, once its key is no longer the one that signs: keys that were rotated away are deleted.
pub(super) fn renew(
    connection: &mut DbConnection,
    keys: &KeyRing,
    checkpoint: &Checkpoint,
    now: Timestamp,
) -> QueryResult<()> {
    let outdated = queries::newest_cut(connection)?.filter(|cut| cut.public_key != checkpoint.public_key);
    if let Some(cut) = outdated
        // Newer than the one before, whatever the clock says.
        && let Some(renewed) = Cut::sign(keys, cut.position, cut.hash, now.max(cut.at.plus(Duration::from_micros(1))))
    {
        queries::replace_cut(connection, &renewed)?;
    }
    Ok(())
}

//! Verifying the chain in the store: chunk by chunk, in memory that does not grow with the trail.

use std::time::Duration;

use super::super::model::EventRow;
use super::canonical::{GENESIS, link_hash};
use super::queries::{self, Checkpoint, Cut, Link};
use super::report::Report;
use crate::db::DatabaseError;
use crate::state::AppState;

const CHUNK: i64 = 1_000;
/// An event that is older and was passed over by the chain did not come there through Reeve.
const LINKED_WITHIN: Duration = Duration::from_secs(60);

/// Verifies all of the chain, and that it holds `head` if one is given; `progress` hears how many links are done.
///
/// # Errors
/// Faults of the store. What is wrong with the trail is in the report.
pub async fn verify(state: &AppState, head: Option<&str>, progress: impl Fn(i64)) -> Result<Report, DatabaseError> {
    let newest_cut = || state.database.read(queries::newest_cut);
    let mut cut = newest_cut().await?;
    loop {
        let report = verify_after(state, cut.as_ref(), head, &progress).await?;
        let newest = newest_cut().await?;
        // What was deleted meanwhile would seem to be missing.
        if newest == cut {
            return Ok(report);
        }
        cut = newest;
    }
}

async fn verify_after(
    state: &AppState,
    cut: Option<&Cut>,
    head: Option<&str>,
    progress: &impl Fn(i64),
) -> Result<Report, DatabaseError> {
    let mut walk =
        Walk { position: 0, hash: GENESIS.to_owned(), last_seq: 0, held: head.is_none(), report: Report::default() };
    if let Some(cut) = cut {
        let key = cut.public_key.clone();
        if cut.is_signed() && state.database.read(move |connection| queries::has_key(connection, &key)).await? {
            walk.begin_after(cut, head);
        } else {
            walk.report.add(
                Some(cut.position),
                None,
                "the statement that the trail was cut here has no valid signature",
            );
        }
    }
    loop {
        let after = walk.position;
        let chunk = state.database.read(move |connection| queries::links_after(connection, after, CHUNK)).await?;
        let Some(last) = chunk.last().map(|(link, _)| link.position) else { break };
        let signed = state.database.read(move |connection| queries::checkpoints_in(connection, after, last)).await?;
        for (link, event) in &chunk {
            walk.link(link, event.as_ref(), head);
        }
        for checkpoint in &signed {
            walk.checkpoint(
                checkpoint,
                chunk.iter().map(|(link, _)| link).find(|link| link.position == checkpoint.position),
            );
        }
        progress(walk.report.links);
    }
    let end = walk.position;
    for checkpoint in state.database.read(move |connection| queries::checkpoints_in(connection, end, i64::MAX)).await? {
        walk.report.checkpoints += 1;
        walk.report.add(
            Some(checkpoint.position),
            None,
            "the end of the chain was cut off: a checkpoint was signed here",
        );
    }
    // Keys are deleted some time after they were rotated away. The newest checkpoint covers all before it, and is never so old.
    let newest = state.database.read(|connection| {
        let Some(newest) = queries::last_checkpoint(connection)? else { return Ok(None) };
        Ok(Some((newest.position, queries::has_key(connection, &newest.public_key)?)))
    });
    if let Some((position, false)) = newest.await? {
        walk.report.add(Some(position), None, "the newest checkpoint was signed by a key that is none of this store's");
    }
    let (mut from, last_seq, now) = (i64::MIN, walk.last_seq, state.clock.now());
    loop {
        let chunk = state.database.read(move |connection| queries::unlinked(connection, from, CHUNK)).await?;
        let Some(last) = chunk.last() else { break };
        from = last.seq;
        for event in &chunk {
            walk.report.unlinked += 1;
            if event.seq < last_seq && event.at.plus(LINKED_WITHIN) < now {
                walk.report.add(
                    None,
                    Some((event.seq, &event.id)),
                    "the event is not in the chain, though later ones are",
                );
            }
        }
    }
    if !walk.held {
        walk.report.add(None, None, "the hash that was given is nowhere in the chain");
    }
    walk.report.head = (walk.position > 0).then_some(walk.hash);
    Ok(walk.report)
}

/// How far the chain was followed.
struct Walk {
    position: i64,
    hash: String,
    last_seq: i64,
    held: bool,
    report: Report,
}

impl Walk {
    /// What was older was deleted, as the configuration says, and is not looked for.
    fn begin_after(&mut self, cut: &Cut, head: Option<&str>) {
        self.position = cut.position;
        self.hash.clone_from(&cut.hash);
        self.held |= head == Some(cut.hash.as_str());
        self.report.begins_after = cut.position;
    }

    fn link(&mut self, link: &Link, event: Option<&EventRow>, head: Option<&str>) {
        let place = (Some(link.position), Some((link.event_seq, link.event_id.as_str())));
        if link.position != self.position + 1 {
            self.report.add(Some(self.position + 1), None, "links are missing from here on");
        } else if link.prev_hash != self.hash {
            self.report.add(place.0, place.1, "the link does not follow from the one before");
        }
        match event {
            None => self.report.add(place.0, place.1, "the event was removed"),
            Some(event) if event.id != link.event_id => {
                self.report.add(place.0, place.1, "the event has another id than its link says");
            }
            Some(event) if link_hash(link.position, &link.prev_hash, event) != link.hash => {
                self.report.add(place.0, place.1, "the event or its link was changed");
            }
            Some(_) => {}
        }
        self.report.links += 1;
        self.held |= head == Some(link.hash.as_str());
        self.last_seq = self.last_seq.max(link.event_seq);
        self.position = link.position;
        // Going on from what is stored names each damage once.
        self.hash.clone_from(&link.hash);
    }

    fn checkpoint(&mut self, checkpoint: &Checkpoint, link: Option<&Link>) {
        self.report.checkpoints += 1;
        let event = link.map(|link| (link.event_seq, link.event_id.as_str()));
        match (checkpoint.stated_hash(), link) {
            (None, _) => self.report.add(Some(checkpoint.position), event, "the checkpoint has no valid signature"),
            (Some(hash), Some(link)) if hash == link.hash => {}
            _ => self.report.add(Some(checkpoint.position), event, "the chain differs from what a checkpoint signed"),
        }
    }
}

//! Linking what was committed: in batches, by one process at a time, beside the writes and never in their way.

use std::time::{Duration, Instant};

use super::canonical::{GENESIS, link_hash};
use super::cut;
use super::queries::{self, Checkpoint, Link};
use crate::db::{DatabaseError, DbConnection, Timestamp};
use crate::state::AppState;

const INTERVAL: Duration = Duration::from_millis(500);
const BATCH: i64 = 500;
/// Transactions commit in another order than they took their numbers: events of one that takes so long are linked when it is done.
const RECENT: Duration = Duration::from_secs(30);
/// They are looked for every so many rounds: under load there are a hundred thousand linked ones among them.
const RECENT_EVERY: u32 = 4;
/// Those of a longer one are found so many numbers back, which is looked for every so many rounds.
const WINDOW: i64 = 20_000;
const WINDOW_EVERY: u32 = 120;
/// Every so many rounds all of the trail is looked through, for the first time when the start is over.
const WHOLE_EVERY: u32 = 7_200;
const FIRST_WHOLE: u32 = 240;
/// A checkpoint is signed after so many links, or after so long.
const CHECKPOINT_LINKS: i64 = 1_000;
const CHECKPOINT_AFTER: Duration = Duration::from_secs(60);

/// Links what is committed, again and again, for as long as the process runs.
pub async fn keep_linked(state: AppState) {
    let (mut rounds, mut recent) = (0_u32, Recent::default());
    loop {
        let range = match recent.start {
            _ if rounds % WHOLE_EVERY == FIRST_WHOLE => Range::Whole,
            _ if rounds % WINDOW_EVERY == WINDOW_EVERY - 1 => Range::Window,
            Some(start) if rounds % RECENT_EVERY == 0 => Range::After(start),
            _ => Range::Newest,
        };
        match link(&state, range, false).await {
            Ok(head) => {
                rounds = rounds.wrapping_add(1);
                recent.note(head, Instant::now());
            }
            Err(error) => tracing::debug!(%error, "audit events could not be linked"),
        }
        tokio::time::sleep(INTERVAL).await;
    }
}

/// The highest number that was linked a while ago. Looking further back in every round costs an idle server as much as a busy one.
#[derive(Default)]
struct Recent {
    start: Option<i64>,
    noted: Option<(Instant, i64)>,
}

impl Recent {
    fn note(&mut self, head: i64, now: Instant) {
        match self.noted {
            Some((at, _)) if now.duration_since(at) < RECENT => {}
            noted => {
                self.start = Some(noted.map_or(head, |(_, head)| head));
                self.noted = Some((now, head));
            }
        }
    }
}

/// Where events without a link are looked for.
#[derive(Clone, Copy)]
enum Range {
    Whole,
    Window,
    /// After the end of the chain.
    Newest,
    /// After this number.
    After(i64),
}

/// Links all that is committed and signs where the chain then stands: at the end of a command.
///
/// # Errors
/// Faults of the store.
pub async fn link_all(state: &AppState) -> Result<(), DatabaseError> {
    link(state, Range::Window, true).await.map(|_| ())
}

/// Links what is found in a range. Answers the number of the event that the chain then ends with.
async fn link(state: &AppState, range: Range, sign: bool) -> Result<i64, DatabaseError> {
    let (from, head, is_done) = state.database.read_aside(move |connection| look(connection, range)).await?;
    if !is_done {
        link_after(state, from).await?;
    }
    sign_if_due(state, sign).await?;
    Ok(head)
}

/// Links the events after a number, batch by batch, until there are none without a link.
async fn link_after(state: &AppState, mut from: i64) -> Result<(), DatabaseError> {
    loop {
        let batch = state.database.read_aside(move |connection| Batch::read(connection, from)).await?;
        let Some(last) = batch.links.last().map(|link| link.event_seq) else { return Ok(()) };
        let is_full = batch.is_full();
        match state.database.write(move |connection| batch.append(connection)).await? {
            // What lies before the last one of a full batch has been looked through.
            Appended::Done if is_full => from = last,
            Appended::Overtaken => {}
            Appended::Done | Appended::Busy => return Ok(()),
        }
    }
}

/// From which number on there is something to look for, where the chain ends, and whether all is linked.
fn look(connection: &mut DbConnection, range: Range) -> diesel::QueryResult<(i64, i64, bool)> {
    let head = queries::head(connection)?.map_or(i64::MIN, |head| head.event_seq);
    let from = match range {
        Range::Whole => i64::MIN,
        Range::Window => head.saturating_sub(WINDOW),
        Range::Newest => head,
        Range::After(seq) => seq,
    };
    Ok((from, head, !queries::is_unlinked_after(connection, from)?))
}

/// Links that are to be appended. They are made beside the writes, which wait for no more than their being written down.
struct Batch {
    /// What the chain ended with when they were made.
    head: Option<Link>,
    links: Vec<Link>,
}

impl Batch {
    fn read(connection: &mut DbConnection, from: i64) -> diesel::QueryResult<Self> {
        let head = queries::head(connection)?;
        let (mut position, mut prev_hash) =
            head.as_ref().map_or((0, GENESIS.to_owned()), |head| (head.position, head.hash.clone()));
        let events = queries::unlinked(connection, from, BATCH)?;
        let mut links = Vec::with_capacity(events.len());
        for event in events {
            position += 1;
            let hash = link_hash(position, &prev_hash, &event);
            links.push(Link { position, event_seq: event.seq, event_id: event.id, prev_hash, hash: hash.clone() });
            prev_hash = hash;
        }
        Ok(Self { head, links })
    }

    fn is_full(&self) -> bool {
        i64::try_from(self.links.len()) == Ok(BATCH)
    }

    fn append(self, connection: &mut DbConnection) -> Result<Appended, DatabaseError> {
        if !queries::may_link(connection)? {
            return Ok(Appended::Busy);
        }
        if queries::head(connection)? != self.head {
            return Ok(Appended::Overtaken);
        }
        queries::insert_links(connection, &self.links)?;
        Ok(Appended::Done)
    }
}

/// What came of appending a batch.
enum Appended {
    Done,
    /// Another process has linked since the batch was made: what it left is to be looked for anew.
    Overtaken,
    /// Another process is linking, and will find what is left.
    Busy,
}

async fn sign_if_due(state: &AppState, at_once: bool) -> Result<(), DatabaseError> {
    let now = state.clock.now();
    let due = state.database.read_aside(move |connection| due_head(connection, at_once, now)).await?;
    if due.is_none() {
        return Ok(());
    }
    let keys = state.access_tokens.keys().clone();
    state
        .database
        .write(move |connection| {
            if queries::may_link(connection)?
                && let Some(head) = due_head(connection, at_once, now)?
                && let Some(checkpoint) = Checkpoint::sign(&keys, &head, now)
            {
                queries::insert_checkpoint(connection, &checkpoint)?;
                cut::renew(connection, &keys, &checkpoint, now)?;
            }
            Ok(())
        })
        .await
}

/// The head, if it is to be signed.
fn due_head(connection: &mut DbConnection, at_once: bool, now: Timestamp) -> diesel::QueryResult<Option<Link>> {
    let Some(head) = queries::head(connection)? else { return Ok(None) };
    let last = queries::last_checkpoint(connection)?;
    let due = last.is_none_or(|last| {
        head.position > last.position
            && (at_once || head.position - last.position >= CHECKPOINT_LINKS || last.at.plus(CHECKPOINT_AFTER) <= now)
    });
    Ok(due.then_some(head))
}

use std::collections::HashMap;

use diesel::prelude::*;

use super::super::model::EventRow;
use crate::db::{
    DbConnection, Timestamp, audit_checkpoints, audit_cuts, audit_events, audit_links, insert_many, signing_keys,
};

/// One link of the chain.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_links)]
pub(in super::super) struct Link {
    pub(in super::super) position: i64,
    pub(in super::super) event_seq: i64,
    pub(in super::super) event_id: String,
    pub(in super::super) prev_hash: String,
    pub(in super::super) hash: String,
}

/// A signed statement of which hash stood at a position.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_checkpoints)]
pub(super) struct Checkpoint {
    pub(super) position: i64,
    pub(super) at: Timestamp,
    pub(super) public_key: String,
    pub(super) statement: String,
}

/// A signed statement of up to where the chain was cut off: it begins after `position`, where `hash` stood.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_cuts)]
pub(in super::super) struct Cut {
    pub(in super::super) position: i64,
    pub(super) at: Timestamp,
    pub(in super::super) hash: String,
    pub(super) public_key: String,
    pub(super) statement: String,
}

/// The links of events that were read, by the events' `seq`.
pub(in super::super) fn links_of(
    connection: &mut DbConnection,
    events: &[EventRow],
) -> QueryResult<HashMap<i64, Link>> {
    let numbers: Vec<i64> = events.iter().map(|event| event.seq).collect();
    let links: Vec<Link> =
        audit_links::table.filter(audit_links::event_seq.eq_any(numbers)).select(Link::as_select()).load(connection)?;
    Ok(links.into_iter().map(|link| (link.event_seq, link)).collect())
}

/// Whether this transaction may link: at most one on all nodes does at a time. On SQLite writing itself is exclusive.
pub(super) fn may_link(connection: &mut DbConnection) -> QueryResult<bool> {
    const LOCK: i64 = 0x7265_6576_6561;
    match connection {
        DbConnection::Sqlite(_) => Ok(true),
        DbConnection::Postgres(postgres) => {
            let lock = diesel::dsl::sql::<diesel::sql_types::Bool>(&format!("pg_try_advisory_xact_lock({LOCK})"));
            diesel::RunQueryDsl::get_result(diesel::select(lock), postgres)
        }
    }
}

/// Events after number `seq` that have no link yet, the oldest first.
pub(super) fn unlinked(connection: &mut DbConnection, seq: i64, limit: i64) -> QueryResult<Vec<EventRow>> {
    let link = audit_links::table.filter(audit_links::event_seq.eq(audit_events::seq));
    audit_events::table
        .filter(audit_events::seq.gt(seq))
        .filter(diesel::dsl::not(diesel::dsl::exists(link)))
        .order(audit_events::seq)
        .limit(limit)
        .select(EventRow::as_select())
        .load(connection)
}

/// Whether [`unlinked`] would find anything: only numbers are looked at.
pub(super) fn is_unlinked_after(connection: &mut DbConnection, seq: i64) -> QueryResult<bool> {
    let link = audit_links::table.filter(audit_links::event_seq.eq(audit_events::seq));
    let unlinked =
        audit_events::table.filter(audit_events::seq.gt(seq)).filter(diesel::dsl::not(diesel::dsl::exists(link)));
    diesel::select(diesel::dsl::exists(unlinked)).get_result(connection)
}

pub(super) fn head(connection: &mut DbConnection) -> QueryResult<Option<Link>> {
    audit_links::table.order(audit_links::position.desc()).select(Link::as_select()).first(connection).optional()
}

/// Appends links. On SQLite their events can then be found by their terms.
pub(super) fn insert_links(connection: &mut DbConnection, links: &[Link]) -> QueryResult<()> {
    const INDEX: &str = "INSERT INTO audit_terms (rowid, terms) SELECT audit_events.seq, audit_events.terms \
        FROM audit_links INNER JOIN audit_events ON audit_events.seq = audit_links.event_seq \
        WHERE audit_links.position >= $1";
    insert_many!(connection, audit_links::table, links);
    if let (DbConnection::Sqlite(sqlite), Some(first)) = (connection, links.first()) {
        diesel::sql_query(INDEX).bind::<diesel::sql_types::BigInt, _>(first.position).execute(sqlite)?;
    }
    Ok(())
}

/// Links after `position`, each with its event if that is there.
pub(super) fn links_after(
    connection: &mut DbConnection,
    position: i64,
    limit: i64,
) -> QueryResult<Vec<(Link, Option<EventRow>)>> {
    audit_links::table
        .left_join(audit_events::table.on(audit_events::seq.eq(audit_links::event_seq)))
        .filter(audit_links::position.gt(position))
        .order(audit_links::position)
        .limit(limit)
        .select((Link::as_select(), Option::<EventRow>::as_select()))
        .load(connection)
}

pub(super) fn last_checkpoint(connection: &mut DbConnection) -> QueryResult<Option<Checkpoint>> {
    audit_checkpoints::table
        .order(audit_checkpoints::position.desc())
        .select(Checkpoint::as_select())
        .first(connection)
        .optional()
}

/// Whether the store has the key that signed a checkpoint.
pub(super) fn has_key(connection: &mut DbConnection, public_key: &str) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(signing_keys::table.filter(signing_keys::public_key.eq(public_key.to_owned()))))
        .get_result(connection)
}

pub(super) fn insert_checkpoint(connection: &mut DbConnection, checkpoint: &Checkpoint) -> QueryResult<()> {
    diesel::insert_into(audit_checkpoints::table).values(checkpoint.clone()).execute(connection)?;
    Ok(())
}

/// The checkpoints from after `position` up to `last`.
pub(super) fn checkpoints_in(connection: &mut DbConnection, position: i64, last: i64) -> QueryResult<Vec<Checkpoint>> {
    audit_checkpoints::table
        .filter(audit_checkpoints::position.gt(position))
        .filter(audit_checkpoints::position.le(last))
        .order(audit_checkpoints::position)
        .select(Checkpoint::as_select())
        .load(connection)
}

pub(super) fn newest_cut(connection: &mut DbConnection) -> QueryResult<Option<Cut>> {
    audit_cuts::table
        .order((audit_cuts::position.desc(), audit_cuts::at.desc()))
        .select(Cut::as_select())
        .first(connection)
        .optional()
}

/// Takes the place of all cuts before.
pub(super) fn replace_cut(connection: &mut DbConnection, cut: &Cut) -> QueryResult<()> {
    diesel::insert_into(audit_cuts::table).values(cut.clone()).execute(connection)?;
    let is_older = audit_cuts::position.ne(cut.position).or(audit_cuts::at.ne(cut.at));
    diesel::delete(audit_cuts::table.filter(is_older)).execute(connection)?;
    Ok(())
}

/// The first link after `position` whose event happened at `kept_from` or later.
pub(super) fn first_kept(
    connection: &mut DbConnection,
    position: i64,
    kept_from: Timestamp,
) -> QueryResult<Option<Link>> {
    audit_links::table
        .inner_join(audit_events::table.on(audit_events::seq.eq(audit_links::event_seq)))
        .filter(audit_links::position.gt(position))
        .filter(audit_events::at.ge(kept_from))
        .order(audit_links::position)
        .select(Link::as_select())
        .first(connection)
        .optional()
}

pub(super) fn first_position(connection: &mut DbConnection) -> QueryResult<Option<i64>> {
    audit_links::table.select(diesel::dsl::min(audit_links::position)).first(connection)
}

/// Deletes events up to `position` with their links and checkpoints. An event without its link would be linked anew.
pub(super) fn delete_until(connection: &mut DbConnection, position: i64) -> QueryResult<()> {
    let links = audit_links::table.filter(audit_links::position.le(position));
    let linked = links.select(audit_links::event_seq);
    diesel::delete(audit_events::table.filter(audit_events::seq.eq_any(linked))).execute(connection)?;
    diesel::delete(links).execute(connection)?;
    diesel::delete(audit_checkpoints::table.filter(audit_checkpoints::position.le(position))).execute(connection)?;
    Ok(())
}

use diesel::prelude::*;
use uuid::Uuid;

use super::chain;
use super::model::{AuditEvent, EventRow};
use super::terms;
use crate::db::{DbConnection, Timestamp, audit_events, insert_many};
use crate::http::list::{ListRequest, Page};

pub(super) fn list(connection: &mut DbConnection, request: &ListRequest) -> QueryResult<Page<AuditEvent>> {
    let page: Page<EventRow> = request.load(connection, audit_events::table, EventRow::as_select())?;
    let links = chain::links_of(connection, &page.items)?;
    Ok(page.map(|row| AuditEvent::new(row, &links)))
}

/// What a user did and what was done to them, the newest first, as they may be told it.
pub(crate) fn events_about(connection: &mut DbConnection, user_id: Uuid, limit: i64) -> QueryResult<Vec<AuditEvent>> {
    let id = user_id.to_string();
    let is_about = audit_events::actor_id.eq(&id).or(audit_events::target_id.eq(&id));
    let mut events = audit_events::table.filter(is_about).into_boxed();
    if let DbConnection::Sqlite(_) = connection {
        events = events.filter(terms::may_be_about(&id));
    }
    let rows: Vec<EventRow> =
        events.order(audit_events::seq.desc()).limit(limit).select(EventRow::as_select()).load(connection)?;
    let links = chain::links_of(connection, &rows)?;
    Ok(rows.into_iter().map(|row| AuditEvent::new(row, &links).told_to(&id)).collect())
}

/// One chunk of an export, each event with its position.
pub(super) fn list_chunk(
    connection: &mut DbConnection,
    request: &ListRequest,
) -> QueryResult<Vec<(AuditEvent, String)>> {
    let rows: Vec<(EventRow, String)> = request.load_chunk(connection, audit_events::table, EventRow::as_select())?;
    let (rows, positions): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
    let links = chain::links_of(connection, &rows)?;
    Ok(rows.into_iter().map(|row| AuditEvent::new(row, &links)).zip(positions).collect())
}

/// A row to be appended.
#[derive(Insertable)]
#[diesel(table_name = audit_events, treat_none_as_default_value = false)]
pub(super) struct NewEvent<'a> {
    pub(super) id: String,
    pub(super) at: Timestamp,
    pub(super) actor_id: Option<String>,
    pub(super) actor_email: Option<String>,
    pub(super) actor_kind: Option<String>,
    pub(super) impersonator_id: Option<String>,
    pub(super) impersonator_email: Option<String>,
    pub(super) action: &'a str,
    pub(super) target_type: Option<&'a str>,
    pub(super) target_id: Option<&'a str>,
    pub(super) target_label: Option<&'a str>,
    pub(super) outcome: &'a str,
    pub(super) ip: Option<String>,
    pub(super) user_agent: Option<&'a str>,
    pub(super) request_id: String,
    pub(super) session_id: Option<String>,
    pub(super) changes: String,
}

pub(super) fn insert(connection: &mut DbConnection, events: &[NewEvent<'_>]) -> QueryResult<()> {
    insert_many!(connection, audit_events::table, events);
    Ok(())
}

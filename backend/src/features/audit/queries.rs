use diesel::prelude::*;

use super::model::{AuditEvent, EventRow};
use crate::db::{DbConnection, Timestamp, audit_events};
use crate::http::list::{ListRequest, Page};

pub(super) fn list(connection: &mut DbConnection, request: &ListRequest) -> QueryResult<Page<AuditEvent>> {
    let page: Page<EventRow> = request.load(connection, audit_events::table, EventRow::as_select())?;
    Ok(page.map(AuditEvent::from))
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
    pub(super) action: &'a str,
    pub(super) target_type: Option<&'a str>,
    pub(super) target_id: Option<&'a str>,
    pub(super) target_label: Option<&'a str>,
    pub(super) outcome: &'a str,
    pub(super) ip: Option<String>,
    pub(super) user_agent: Option<&'a str>,
    pub(super) request_id: &'a str,
    pub(super) changes: String,
}

pub(super) fn insert(connection: &mut DbConnection, event: &NewEvent<'_>) -> QueryResult<()> {
    diesel::insert_into(audit_events::table).values(event).execute(connection)?;
    Ok(())
}

//! By which terms SQLite finds events: the names that the migration `audit_terms` gives them.

use std::sync::LazyLock;

use diesel::BoxableExpression;
use diesel::dsl::sql;
use diesel::sql_types::{Bool, Text};

use crate::db::{DbBackend, audit_events};
use crate::http::list::Terms;

/// What was done.
pub(super) static ACTION: LazyLock<Terms> =
    LazyLock::new(|| Terms::new("n", BY_TERMS, UNINDEXED, "audit_events.action"));
/// What it was done to.
pub(super) static TARGET: LazyLock<Terms> =
    LazyLock::new(|| Terms::new("t", BY_TERMS, UNINDEXED, "audit_events.target_id"));
/// Who did it, by their id and by the email that they had then.
pub(super) static ACTOR: LazyLock<Terms> =
    LazyLock::new(|| Terms::new("a", BY_TERMS, UNINDEXED_ACTORS, "unindexed.name"));

const BY_TERMS: &str = "SELECT audit_terms.rowid AS key FROM audit_terms WHERE audit_terms MATCH";

/// Events that come into the index with their links: those after the end of the chain, as on SQLite events are linked in the order of
/// their numbers.
macro_rules! unindexed {
    ($columns:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM audit_events WHERE audit_events.seq > (SELECT COALESCE(MAX(event_seq), -1) FROM audit_links)"
        )
    };
}

const UNINDEXED: &str = concat!(unindexed!("audit_events.seq AS key"), " AND");
const UNINDEXED_ACTORS: &str = concat!(
    "SELECT unindexed.seq AS key FROM (",
    unindexed!("seq, actor_id AS name"),
    " UNION ALL ",
    unindexed!("seq, LOWER(actor_email)"),
    ") AS unindexed WHERE"
);

/// Whether an event may be one that a user did or that was done to them: nobody but SQLite is asked so.
pub(super) fn may_be_about(
    user_id: &str,
) -> Box<dyn BoxableExpression<audit_events::table, DbBackend, SqlType = Bool>> {
    let terms = format!("{} OR {}", ACTOR.of(user_id), TARGET.of(user_id));
    let events = sql::<Bool>("audit_events.seq IN (SELECT rowid FROM audit_terms WHERE audit_terms MATCH ")
        .bind::<Text, _>(terms)
        .sql(concat!(" UNION ALL ", unindexed!("seq"), ")"));
    Box::new(events)
}

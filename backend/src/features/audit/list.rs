//! The audit trail as a list: what it can be asked.

use std::sync::LazyLock;

use super::terms::{ACTION, ACTOR, TARGET};
use crate::http::list::{Field, ListSpec, Listed, fold};

/// The list of all events.
pub(super) struct AuditTrail;

impl Listed for AuditTrail {
    fn spec() -> &'static ListSpec {
        &SPEC
    }
}

/// As [`AuditTrail`], read as a whole.
pub(super) struct AuditExport;

impl Listed for AuditExport {
    const OTHERS: &'static [&'static str] = &["format"];
    const WHOLE: bool = true;

    fn spec() -> &'static ListSpec {
        &SPEC
    }
}

/// So many events are gathered as fast as the newest of so many are found among ten million.
const GATHERED: i64 = 10_000;

const BY_COLUMN: &str = "SELECT audit_events.seq AS key FROM audit_events WHERE";

static SPEC: LazyLock<ListSpec> = LazyLock::new(|| {
    // An actor is found by their id and by the email that they had then.
    let actor = Field::many(
        "actor",
        "SELECT 1 FROM (SELECT audit_events.actor_id AS name UNION ALL SELECT audit_events.actor_email) AS actors \
         WHERE actors.name IS NOT NULL",
    );
    ListSpec::new("audit", Field::integer("seq").column("audit_events.seq"))
        .field(Field::uuid("id").column("audit_events.id"))
        .field(Field::timestamp("at").column("audit_events.at"))
        .field(
            actor
                .column("actors.name")
                .folded("LOWER(actors.name)", fold)
                .indexed(BY_COLUMN, "audit_events.actor_id")
                .indexed(BY_COLUMN, "LOWER(audit_events.actor_email)")
                .found_by_terms(ACTOR.clone()),
        )
        .field(Field::text("action").column("audit_events.action").found_by_terms(ACTION.clone()))
        .field(Field::text("target_type").column("audit_events.target_type").nullable())
        .field(Field::text("target").column("audit_events.target_id").nullable().found_by_terms(TARGET.clone()))
        .field(Field::text("outcome").column("audit_events.outcome"))
        .field(Field::text("ip").column("audit_events.ip").nullable())
        .field(Field::text("request_id").column("audit_events.request_id").nullable())
        .searched_in(Field::text("action").column("audit_events.action"))
        .searched_in(Field::text("actor_email").column("audit_events.actor_email").nullable())
        .searched_in(Field::text("target_label").column("audit_events.target_label").nullable())
        .gathered_up_to(GATHERED)
        .sorted_by("-seq")
});

//! What the audit trail costs those who write: the same changes with it, and with a store that takes in no events.

use super::{Bench, fields, median};
use crate::Result;
use crate::client::Client;
use crate::database::{Database, execute};
use crate::figure::{Bound, Figure};
use crate::load::{Pace, run};
use crate::report::Report;
use crate::script::Changes;
use crate::store::Store;

/// How many connections change users at once, and how many different users they change.
const CHANGING: usize = 16;
const USERS: usize = 2_000;

pub(super) fn measure(bench: &Bench, report: &mut Report) -> Result<()> {
    let reeve = bench.serve()?;
    let token = Store::administrator(&reeve)?;
    let ids = fields(&Client::with_token(reeve.address, &token), "", USERS, "id")?;
    let changes = || Changes::of(CHANGING, &token, &ids);
    let (mut with, mut without) = (Vec::new(), Vec::new());
    run(reeve.address, changes(), Pace::Closed, bench.duration() / 2)?;
    for _ in 0..bench.arguments.rounds {
        execute(&bench.store.url, without_trail(bench.database))?;
        without.push(run(reeve.address, changes(), Pace::Closed, bench.duration())?.rate());
        execute(&bench.store.url, with_trail(bench.database))?;
        with.push(run(reeve.address, changes(), Pace::Closed, bench.duration())?.rate());
    }
    let ratio = median(with.iter().zip(&without).map(|(with, without)| with / without).collect());
    report.add(
        Figure::new(bench.database.name(), "PATCH /users/{id}, with the audit trail to without", "/s", median(with))
            .against(median(without), ratio)
            .bound(Bound::AtLeast(0.9)),
    );
    Ok(())
}

/// Reeve has no such switch: the store passes the events over.
fn without_trail(database: &Database) -> &'static str {
    match database {
        Database::Sqlite(_) => {
            "CREATE TRIGGER bench_without_trail BEFORE INSERT ON audit_events BEGIN SELECT RAISE(IGNORE); END"
        }
        Database::Postgres(_) => {
            "CREATE OR REPLACE FUNCTION bench_pass_over() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
             CREATE TRIGGER bench_without_trail BEFORE INSERT ON audit_events
             FOR EACH ROW EXECUTE FUNCTION bench_pass_over()"
        }
    }
}

fn with_trail(database: &Database) -> &'static str {
    match database {
        Database::Sqlite(_) => "DROP TRIGGER bench_without_trail",
        Database::Postgres(_) => "DROP TRIGGER bench_without_trail ON audit_events",
    }
}

//! Lists of very many users, against the same of a thousand.

use super::paths;
use crate::client::Client;
use crate::database::Database;
use crate::figure::{Bound, Figure};
use crate::load::{Pace, run};
use crate::process::Process;
use crate::report::Report;
use crate::script::Reads;
use crate::store::Store;
use crate::{Arguments, Result};

const FEW: u32 = 1_000;
/// How deep the last of the pages lies; a small store has it near its end.
const DEEP: u32 = 10_000;
const PAGE: u32 = 25;

/// The pages that are read, as queries; the last one by cursor besides.
const PAGES: [(&str, &str); 7] = [
    ("first page", ""),
    ("first page, newest first", "sort=-created_at&"),
    ("first page, by email", "sort=email&"),
    ("filtered by one field", "filter=active:eq:true&"),
    ("filtered by two fields", "filter=active:eq:true&filter=roles:eq:editor&"),
    ("filtered by part of the email", "filter=email:contains:smith&"),
    ("searched", "q=smith&"),
];

pub(super) fn measure(arguments: &Arguments, database: &Database, report: &mut Report) -> Result<()> {
    let few = pages_of(arguments, database, "few", FEW)?;
    let many = pages_of(arguments, database, "very_many", arguments.many_users)?;
    for ((what, many), (_, few)) in many.into_iter().zip(few) {
        let name = format!("{what}: {} users to {FEW}", arguments.many_users);
        let figure = Figure::new(database.name(), name, "µs", many).against(few, many / few);
        report.add(figure.bound(Bound::AtMost(1.5)));
    }
    Ok(())
}

/// The median time of each page, in microseconds.
fn pages_of(arguments: &Arguments, database: &Database, name: &str, users: u32) -> Result<Vec<(String, f64)>> {
    let store = Store::fill(database, &arguments.binaries, name, users)?;
    let reeve = Process::reeve(&arguments.binaries, &store.url)?;
    let token = Store::administrator(&reeve)?;
    let client = Client::with_token(reeve.address, &token);
    let mut pages: Vec<(String, String)> =
        PAGES.iter().map(|(what, query)| ((*what).to_owned(), format!("/api/v1/users?{query}limit={PAGE}"))).collect();
    let row = DEEP.min(users - 2 * PAGE);
    let cursor = cursor_at(&client, row)?;
    pages.push((format!("row {DEEP} by cursor"), format!("/api/v1/users?limit={PAGE}&cursor={cursor}")));

    let mut medians = Vec::new();
    for (what, path) in pages {
        let ask = |duration| {
            run(reeve.address, Reads::of(std::slice::from_ref(&token), &paths([path.clone()])), Pace::Closed, duration)
        };
        let duration = std::time::Duration::from_secs(arguments.seconds);
        ask(duration / 3)?;
        medians.push((what, ask(duration)?.latency.value_at_quantile(0.5) as f64));
    }
    Ok(medians)
}

/// The cursor of the page that begins after so many rows.
fn cursor_at(client: &Client, rows: u32) -> Result<String> {
    let (mut passed, mut cursor) = (0, String::new());
    loop {
        let limit = (rows - passed).min(200);
        let query = if cursor.is_empty() { String::new() } else { format!("&cursor={cursor}") };
        let page = client.get_json(&format!("/api/v1/users?limit={limit}{query}"))?;
        page["next_cursor"].as_str().ok_or("the list ended early")?.clone_into(&mut cursor);
        passed += limit;
        if passed >= rows {
            return Ok(cursor);
        }
    }
}

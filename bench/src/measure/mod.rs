//! What is measured, one file a subject.

mod audit;
mod lists;
mod reads;
mod sign_in;
mod start;

use std::sync::Arc;
use std::time::Duration;

use crate::client::Client;
use crate::database::Database;
use crate::process::Process;
use crate::report::Report;
use crate::store::Store;
use crate::{Arguments, Result};

/// How many connections read at once.
const CONNECTIONS: usize = 64;
/// After so long without sign-ins a server has given back the memory that they took.
const SETTLED: Duration = Duration::from_secs(6);

/// What every measurement needs.
struct Bench<'a> {
    arguments: &'a Arguments,
    database: &'a Database,
    store: Store,
}

/// Takes every figure on one database.
pub(crate) fn all(arguments: &Arguments, database: &Database, report: &mut Report) -> Result<()> {
    if ["start", "reads", "sign-in", "audit"].into_iter().any(|part| arguments.wants(part)) {
        let store = Store::fill(database, &arguments.binaries, "many", arguments.users)?;
        let bench = Bench { arguments, database, store };
        if arguments.wants("start") {
            start::measure(&bench, report)?;
        }
        if arguments.wants("reads") {
            reads::measure(&bench, report)?;
        }
        if arguments.wants("sign-in") {
            sign_in::measure(&bench, report)?;
        }
        if arguments.wants("audit") {
            audit::measure(&bench, report)?;
        }
    }
    if arguments.wants("lists") {
        lists::measure(arguments, database, report)?;
    }
    Ok(())
}

impl Bench<'_> {
    fn serve(&self) -> Result<Process> {
        Process::reeve(&self.arguments.binaries, &self.store.url)
    }

    fn duration(&self) -> Duration {
        Duration::from_secs(self.arguments.seconds)
    }

    /// Users who may read users, and can sign in: the demo makes one in forty an owner.
    fn owners(process: &Process, number: usize) -> Result<Vec<String>> {
        let administrator = Store::administrator(process)?;
        people(&Client::with_token(process.address, &administrator), "filter=roles:eq:owner&", number)
    }

    /// Access tokens of so many owners.
    fn tokens(process: &Process, number: usize) -> Result<Vec<String>> {
        let client = Client::new(process.address);
        let owners = Self::owners(process, number)?;
        owners.iter().map(|email| Ok(client.sign_in(email)?.access_token)).collect()
    }
}

/// The email addresses of so many users.
fn people(client: &Client, filter: &str, number: usize) -> Result<Vec<String>> {
    fields(client, filter, number, "email")
}

/// One field of so many users.
fn fields(client: &Client, filter: &str, number: usize, field: &str) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut cursor = String::new();
    while found.len() < number {
        let page = client.get_json(&format!("/api/v1/users?{filter}limit=200{cursor}"))?;
        let items = page["items"].as_array().ok_or("a page without items")?;
        found.extend(items.iter().filter_map(|user| user[field].as_str().map(str::to_owned)));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return Err(format!("there are only {} such users", found.len()).into()),
        }
    }
    found.truncate(number);
    Ok(found)
}

fn paths(paths: impl IntoIterator<Item = String>) -> Arc<[String]> {
    paths.into_iter().collect()
}

/// The middle one; the mean of the two in the middle of an even number.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len().is_multiple_of(2) { f64::midpoint(values[middle - 1], values[middle]) } else { values[middle] }
}

//! Reads, in turn with what the same machine does without Reeve.

use std::sync::Arc;
use std::thread::sleep;

use super::{Bench, CONNECTIONS, SETTLED, fields, median, paths};
use crate::Result;
use crate::client::Client;
use crate::figure::{Bound, Figure};
use crate::load::{Outcome, Pace, run};
use crate::process::Process;
use crate::report::Report;
use crate::script::{Reads, Refreshes};

/// How many different users are read.
const USERS: usize = 2_000;

pub(super) fn measure(bench: &Bench, report: &mut Report) -> Result<()> {
    let name = bench.database.name();
    let reeve = bench.serve()?;
    let tokens = Bench::tokens(&reeve, CONNECTIONS)?;
    let client = Client::with_token(reeve.address, &tokens[0]);
    let ids = fields(&client, "", USERS, "id")?;
    let one_user = format!("/api/v1/users/{}", ids[0]);
    let list = "/api/v1/users?limit=25".to_owned();
    let sizes = [client.get("/api/v1/me")?.len(), client.get(&list)?.len(), client.get(&one_user)?.len()];
    let limits = Process::limits(&bench.arguments.binaries, &bench.store.url, sizes)?;

    let me = paths(["/api/v1/me".to_owned()]);
    let list = paths([list]);
    let users = paths(ids.iter().map(|id| format!("/api/v1/users/{id}")));
    // What signing in took is given back when nobody has signed in for a while.
    sleep(SETTLED);
    reeve.forget_most_resident()?;
    for (what, paths) in [("GET /me", me), ("GET /users?limit=25", list), ("GET /users/{id}", users)] {
        compare(bench, report, what, &reeve, &limits, &tokens, &paths)?;
    }
    report.add(
        Figure::new(
            name,
            format!("memory, most under {CONNECTIONS} connections of reads"),
            "MiB",
            reeve.most_resident()?,
        )
        .bound(Bound::AtMost(48.0)),
    );
    report.add(Figure::new(name, "threads, under reads", "", reeve.threads()?));
    refresh(bench, report, &reeve)
}

/// One path on Reeve and on the limits, in turn.
fn compare(
    bench: &Bench,
    report: &mut Report,
    what: &str,
    reeve: &Process,
    limits: &Process,
    tokens: &[String],
    paths: &Arc<[String]>,
) -> Result<()> {
    let name = bench.database.name();
    let (mut ours, mut theirs) = (Taken::default(), Taken::default());
    for process in [reeve, limits] {
        run(process.address, Reads::of(tokens, paths), Pace::Closed, bench.duration() / 2)?;
    }
    for _ in 0..bench.arguments.rounds {
        theirs.take(bench, limits, tokens, paths)?;
        ours.take(bench, reeve, tokens, paths)?;
    }
    let ratio = |of: fn(&Taken) -> &Vec<f64>| {
        median(of(&ours).iter().zip(of(&theirs)).map(|(ours, theirs)| ours / theirs).collect())
    };
    report.add(
        Figure::new(name, what, "/s", median(ours.rates.clone()))
            .against(median(theirs.rates.clone()), ratio(|taken| &taken.rates))
            .bound(Bound::AtLeast(0.85)),
    );
    report.add(
        Figure::new(name, format!("{what}: processor time of the server"), "µs", median(ours.costs.clone()))
            .against(median(theirs.costs.clone()), ratio(|taken| &taken.costs)),
    );
    let (spread, of_the_limit) = (ours.spread()?, theirs.spread()?);
    report.add(Figure::new(name, format!("{what}: p99 to median"), "", spread).bound(Bound::AtMost(5.0)));
    report.add(Figure::new(name, format!("{what}: p99 to median of the limit"), "", of_the_limit));
    Ok(())
}

/// What the rounds of one server gave.
#[derive(Default)]
struct Taken {
    rates: Vec<f64>,
    /// Processor time of the server for one request, in microseconds.
    costs: Vec<f64>,
    outcome: Option<Outcome>,
}

impl Taken {
    /// How many times the median the 99th percentile is.
    fn spread(&self) -> Result<f64> {
        let latency = &self.outcome.as_ref().ok_or("nothing was measured")?.latency;
        Ok(latency.value_at_quantile(0.99) as f64 / latency.value_at_quantile(0.5) as f64)
    }

    fn take(&mut self, bench: &Bench, process: &Process, tokens: &[String], paths: &Arc<[String]>) -> Result<()> {
        let before = process.processor_time()?;
        let outcome = run(process.address, Reads::of(tokens, paths), Pace::Closed, bench.duration())?;
        let used = process.processor_time()?.saturating_sub(before);
        self.rates.push(outcome.rate());
        self.costs.push(used.as_secs_f64() * 1e6 / outcome.latency.len() as f64);
        match &mut self.outcome {
            Some(sum) => sum.add(&outcome)?,
            None => self.outcome = Some(outcome),
        }
        Ok(())
    }
}

fn refresh(bench: &Bench, report: &mut Report, reeve: &Process) -> Result<()> {
    let client = Client::new(reeve.address);
    let owners = Bench::owners(reeve, CONNECTIONS)?;
    let scripts = owners
        .iter()
        .map(|email| Ok(Refreshes { refresh_token: client.sign_in(email)?.refresh_token }))
        .collect::<Result<Vec<_>>>()?;
    let outcome = run(reeve.address, scripts, Pace::Closed, bench.duration())?;
    report.add(Figure::new(bench.database.name(), "POST /auth/refresh", "/s", outcome.rate()));
    let p99 = outcome.latency.value_at_quantile(0.99) as f64 / 1000.0;
    report.add(Figure::new(bench.database.name(), "POST /auth/refresh: p99", "ms", p99));
    Ok(())
}

//! How fast it is there, and how little it takes while nobody asks.

use std::thread::sleep;

use super::{Bench, SETTLED, median};
use crate::Result;
use crate::figure::{Bound, Figure};
use crate::process::Process;
use crate::report::Report;

const STARTS: usize = 11;

pub(super) fn measure(bench: &Bench, report: &mut Report) -> Result<()> {
    let name = bench.database.name();
    let starts = (0..STARTS).map(|_| Process::cold_start(&bench.arguments.binaries, &bench.store.url));
    let starts = starts.map(|taken| Ok(taken?.as_secs_f64() * 1000.0)).collect::<Result<Vec<_>>>()?;
    report.add(Figure::new(name, "cold start until ready", "ms", median(starts)).bound(Bound::AtMost(150.0)));

    let process = bench.serve()?;
    sleep(SETTLED);
    report.add(Figure::new(name, "memory, idle", "MiB", process.resident()?).bound(Bound::AtMost(25.0)));
    report.add(Figure::new(name, "threads, idle", "", process.threads()?));
    Ok(())
}

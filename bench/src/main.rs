//! Measures Reeve against what the same machine can do without it, and prints the ratios.
//!
//! What is measured, how, and what the figures mean is in `docs/performance.md`.

// Figures are rounded for people anyway.
#![allow(clippy::cast_precision_loss)]

mod client;
mod database;
mod figure;
mod load;
mod measure;
mod process;
mod report;
mod script;
mod store;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use crate::report::Report;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// Measures Reeve against what the same machine can do without it.
#[derive(Parser)]
struct Arguments {
    /// The folder of the binaries `reeve` and `limits`, of the same build
    #[arg(long, default_value = "target/release")]
    binaries: PathBuf,
    /// Where the results are written
    #[arg(long, default_value = "bench/results")]
    results: PathBuf,
    /// How long one measurement takes, in seconds
    #[arg(long, default_value_t = 3)]
    seconds: u64,
    /// How often each measurement and its limit are taken in turn
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// How many users the store has
    #[arg(long, default_value_t = 100_000)]
    users: u32,
    /// How many users the large store has, whose lists are compared with those of a store of a thousand
    #[arg(long, default_value_t = 1_000_000)]
    many_users: u32,
    /// Only these: start, reads, sign-in, audit, lists
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Only this database: sqlite or postgres
    #[arg(long)]
    database: Option<String>,
}

impl Arguments {
    fn wants(&self, part: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|name| name == part)
    }
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::from(2)
        }
    }
}

/// Whether every bound was kept.
fn run(arguments: &Arguments) -> Result<bool> {
    let folder = tempfile::tempdir()?;
    let mut report = Report::default();
    for database in database::available(folder.path())? {
        if arguments.database.as_deref().is_some_and(|name| name != database.name()) {
            continue;
        }
        measure::all(arguments, &database, &mut report)?;
    }
    report.print();
    let all_kept = report.all_kept();
    report.write(&arguments.results)?;
    Ok(all_kept)
}

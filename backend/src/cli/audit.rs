//! `reeve audit`.

use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;

use clap::Subcommand;

use super::{Context, Failure, output};
use crate::features::audit::{self, Report};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Look for events that were changed, removed, inserted or reordered
    Verify {
        /// Verify an ndjson export instead of the store
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
        /// A hash that was noted earlier and has to be in the chain
        #[arg(long, value_name = "HASH")]
        head: Option<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

pub(super) async fn run(context: &Context, command: Command) -> Result<(), Failure> {
    let Command::Verify { file, head, json } = command;
    let head = head.as_deref();
    let report = match file {
        Some(path) => {
            let file = File::open(&path)
                .map_err(|error| Failure::new(format!("{} can't be read: {error}", path.display())))?;
            audit::verify_file(BufReader::new(file), head).map_err(Failure::new)?
        }
        None => {
            let progress = |links: i64| {
                if links % 100_000 == 0 {
                    eprintln!("{links} links verified");
                }
            };
            audit::verify(&context.state()?, head, progress).await?
        }
    };
    print(&report, json)?;
    if report.is_sound() {
        return Ok(());
    }
    Err(Failure::new(match report.problems {
        1 => "a problem was found in the audit trail".to_owned(),
        problems => format!("{problems} problems were found in the audit trail"),
    }))
}

fn print(report: &Report, json: bool) -> Result<(), Failure> {
    if json {
        return output::json(report);
    }
    if !report.is_sound() {
        let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
        let rows: Vec<_> = report
            .findings
            .iter()
            .map(|finding| {
                let id = finding.id.clone().unwrap_or_default();
                [number(finding.position), number(finding.seq), id, finding.problem.to_owned()]
            })
            .collect();
        return output::table(["POSITION", "SEQ", "ID", "WHAT IS WRONG"], &rows);
    }
    let head = report.head.as_deref().unwrap_or("none");
    let counted = format!(
        "{} links and {} checkpoints hold, {} events wait to be linked",
        report.links, report.checkpoints, report.unlinked
    );
    let begins = match report.begins_after {
        0 => String::new(),
        gone => format!("{gone} older ones were deleted, as audit.retention says\n"),
    };
    output::text(format!("{counted}\n{begins}head {head}\n").as_bytes())
}

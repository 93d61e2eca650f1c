//! `reeve migrate`.

use super::{Context, Failure, output};
use crate::db::{applied_migrations, migrate, pending_migrations};

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Only show what was applied and what is missing
    #[arg(long)]
    status: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> Result<(), Failure> {
    let state = context.state()?;
    if !arguments.status {
        for step in state.database.administer(migrate).await? {
            eprintln!("applied {step}");
        }
    }
    let (applied, pending) = state
        .database
        .administer(|connection| {
            // The missing steps first: looking for them makes the table that the applied ones are kept in.
            let pending = pending_migrations(connection)?;
            Ok((applied_migrations(connection)?, pending))
        })
        .await?;
    if arguments.json {
        return output::json(&serde_json::json!({ "applied": applied, "pending": pending }));
    }
    let rows = applied.into_iter().map(|step| [step, "applied".to_owned()]);
    let rows: Vec<_> = rows.chain(pending.into_iter().map(|step| [step, "missing".to_owned()])).collect();
    output::table(["STEP", "STATE"], &rows)
}

//! `reeve config`.

use clap::Subcommand;

use super::{Context, Failure, output};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Check the configuration and print what holds, secrets hidden
    Check {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

pub(super) fn run(context: &Context, command: &Command) -> Result<(), Failure> {
    let Command::Check { json } = command;
    context.settings()?;
    let effective = context.document.effective();
    if *json {
        let keys: serde_json::Map<_, _> = effective
            .into_iter()
            .map(|(name, value, origin)| (name, serde_json::json!({ "value": value, "from": origin })))
            .collect();
        return output::json(&keys);
    }
    let rows: Vec<_> = effective
        .into_iter()
        .map(|(name, value, origin)| [name, value.unwrap_or_else(|| "(unset)".to_owned()), origin])
        .collect();
    output::table(["KEY", "VALUE", "FROM"], &rows)
}

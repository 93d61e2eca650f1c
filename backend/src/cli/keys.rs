//! `reeve keys`.

use clap::Subcommand;

use super::{Context, Failure, output};
use crate::access::{Caller, Change};
use crate::crypto::key_ring::{self, StoredKeys};
use crate::features::audit::{self, Changes, Event, Target};

#[derive(Subcommand)]
pub(super) enum Command {
    /// List the keys that sign and verify access tokens
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Let the next key sign; tokens of the old one stay good until they expire
    Rotate,
}

pub(super) async fn run(context: &Context, command: Command) -> Result<(), Failure> {
    let state = context.prepared_state().await?;
    match command {
        Command::List { json } => {
            let keys = state.database.read(StoredKeys::load).await?.describe();
            if json {
                return output::json(&keys);
            }
            let rows: Vec<_> = keys.into_iter().map(|key| [key.kid, key.state, key.created_at.to_string()]).collect();
            output::table(["KEY", "STATE", "CREATED"], &rows)
        }
        Command::Rotate => {
            let (now, lifetime, sealer) = (state.clock.now(), state.access_tokens.lifetime(), state.sealer.clone());
            let signing = state
                .change_access(move |connection, changes| {
                    let signing = key_ring::rotate(connection, &sealer, lifetime, now)?;
                    changes.add(Change::Keys);
                    let event = Event::done("keys.rotated", Target::new("key", &signing, &signing), Changes::none());
                    audit::record(connection, &Caller::operator(), event, now)?;
                    Ok(signing)
                })
                .await?;
            output::text(format!("{signing} signs from now on\n").as_bytes())
        }
    }
}

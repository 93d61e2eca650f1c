//! `reeve keys`.

use clap::Subcommand;

use super::{Context, Failure, output};
use crate::access::{Caller, Change};
use crate::crypto::key_ring::{self, StoredKeys};
use crate::crypto::sealing::{self, Sealer, StoredSealingKeys};
use crate::features::audit::{self, Changes, Event, Target};
use crate::state::AppState;

#[derive(Subcommand)]
pub(super) enum Command {
    /// List the keys that sign and verify access tokens
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Let the next key sign; tokens of the old one stay good until they expire
    Rotate {
        /// Rotate the key that seals secrets in the store instead
        #[arg(long)]
        sealing: bool,
    },
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
        Command::Rotate { sealing: true } => rotate_sealing(&state).await,
        Command::Rotate { sealing: false } => {
            let (now, lifetime, sealer) =
                (state.clock.now(), state.access_tokens.longest_lifetime(), state.sealer.clone());
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

/// Seals from now on, and what signs at once, by a new key. The older keys go on opening what they sealed.
async fn rotate_sealing(state: &AppState) -> Result<(), Failure> {
    let (now, wrapping) = (state.clock.now(), state.settings.secret_keys.clone());
    state
        .change_access(move |connection, changes| {
            sealing::add(connection, wrapping.first(), now)?;
            // One of its own: what this transaction has made is nothing to others before it is committed.
            let sealer = Sealer::default();
            sealer.replace(&StoredSealingKeys::load(connection)?, &wrapping)?;
            key_ring::seal_again(connection, &sealer)?;
            changes.add(Change::Keys);
            let event = Event::done("keys.sealing_rotated", Target::new("key", "sealing", "sealing"), Changes::none());
            audit::record(connection, &Caller::operator(), event, now)?;
            Ok(())
        })
        .await?;
    output::text(b"a new key seals from now on\n")
}

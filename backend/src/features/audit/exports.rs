//! Lists that leave as a file: personal data that nothing in here can call back, so the trail tells who has it.

use super::service::{self, Changes, Event, Target};
use crate::access::{Authorized, Permission};
use crate::http::export::ExportFile;
use crate::problem::Problem;
use crate::state::AppState;

/// Writes down that somebody takes a list away. To be called when its first rows were read and before any of it is sent:
/// what failed was no export, and what can't be written down is not given out.
///
/// Of the filters only whether there were any is told, as their values may be personal data too.
///
/// # Errors
/// Faults of the store.
pub async fn record_export<P: Permission>(
    state: &AppState,
    proof: Authorized<P>,
    action: &'static str,
    file: ExportFile,
    filtered: bool,
) -> Result<(), Problem> {
    let (caller, now) = (proof.into_caller(), state.clock.now());
    let changes = Changes::none().field("format", (), file.format.as_str()).field("filtered", (), filtered);
    let event = Event::done(action, Target::file(format!("{}.{}", file.name, file.format)), changes);
    state.database.write(move |connection| Ok(service::record(connection, &caller, event, now)?)).await
}

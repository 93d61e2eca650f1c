//! Passwords that somebody has, or had, themselves.

use uuid::Uuid;

use super::{EnteredPassword, Refusal};
use crate::crypto::password_hash::Verdict;
use crate::features::users;
use crate::problem::Problem;
use crate::state::AppState;

/// What a new password must differ from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// Nothing: it is somebody's first, or chosen by an administrator, who must not learn what it was before.
    Nothing,
    /// The present and the former ones of this user, as far as a history is kept.
    Past(Uuid),
    /// The present one of this user, because it has to go, and the former ones as far as a history is kept.
    PresentAndPast(Uuid),
}

/// Why a password may not be chosen again.
pub(super) async fn refusal(
    state: &AppState,
    entered: &EnteredPassword,
    comparison: Comparison,
) -> Result<Option<Refusal>, Problem> {
    let kept = state.settings.password.history;
    let id = match comparison {
        Comparison::Past(id) if kept > 0 => id,
        Comparison::PresentAndPast(id) => id,
        Comparison::Nothing | Comparison::Past(_) => return Ok(None),
    };
    let hashes = state.database.read(move |connection| users::password_hashes(connection, id, kept)).await?;
    // One after the other: nobody takes more than one place among those who sign in.
    for hash in hashes {
        if state.hasher.verify(entered.clone().into_secret(), Some(hash)).await? != Verdict::Wrong {
            return Ok(Some(("password_used_before", "Choose a password that you have not had before.".to_owned())));
        }
    }
    Ok(None)
}

//! What an authenticator was asked, and by whom. It lies in the store, so that any node can take the answer, and it is good once.

use std::time::Duration;

use diesel::QueryResult;
use uuid::Uuid;

use super::queries;
use crate::crypto::opaque_token::OpaqueToken;
use crate::db::{DbConnection, Timestamp};

/// So long a browser waits for its user, and the answer is taken.
const LIFETIME: Duration = Duration::from_secs(300);

/// What an answer is good for. None is good for anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To add a passkey.
    Register,
    /// To sign in by a passkey alone.
    SignIn,
    /// To prove the second factor that signing in asks for.
    SecondFactor,
    /// To prove once more who one is.
    Reauthenticate,
}

impl Purpose {
    /// As the store keeps it.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::SignIn => "sign_in",
            Self::SecondFactor => "second_factor",
            Self::Reauthenticate => "reauthenticate",
        }
    }
}

/// Keeps what the answer will be compared with; what the client names it by. `user_id`: whose answer is expected, if that is known.
pub(super) fn begin(
    connection: &mut DbConnection,
    purpose: Purpose,
    user_id: Option<Uuid>,
    state: &str,
    now: Timestamp,
) -> QueryResult<OpaqueToken> {
    let token = OpaqueToken::generate();
    queries::insert_ceremony(connection, &token.hash(), purpose, user_id, state, now.plus(LIFETIME))?;
    Ok(token)
}

/// Takes what was kept. Of two who try at once, one gets it; at a wrong door nobody does, and it stays.
pub(super) fn redeem(
    connection: &mut DbConnection,
    purpose: Purpose,
    user_id: Option<Uuid>,
    token: &OpaqueToken,
    now: Timestamp,
) -> QueryResult<Option<String>> {
    let hash = token.hash();
    let Some((of, state)) = queries::find_ceremony(connection, &hash, purpose, now)? else { return Ok(None) };
    let is_theirs = of == user_id.map(|id| id.to_string());
    Ok((is_theirs && queries::delete_ceremony(connection, &hash)?).then_some(state))
}

/// Deletes what no answer will be taken for any more.
pub(crate) fn purge(connection: &mut DbConnection, now: Timestamp) -> QueryResult<()> {
    queries::delete_expired_ceremonies(connection, now)
}

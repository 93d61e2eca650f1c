//! Passwords that administrators choose for others: checked and hashed before the transaction, which would wait for the hash otherwise.

use uuid::Uuid;

use super::administration;
use super::bodies::UserCreation;
use super::fields::{DisplayName, Username};
use super::model::UserKind;
use super::queries;
use super::service::NewUser;
use crate::access::{Authorized, UsersWrite};
use crate::features::auth::{self, AcceptedHash, Comparison, EnteredPassword, Owner};
use crate::features::roles::RoleName;
use crate::problem::{Code, Problem};
use crate::state::AppState;

/// What a new user is to be, password hashed, and which roles they are to have.
///
/// # Errors
/// Those of a password that is not acceptable; `email_taken` and `username_taken`, before it is hashed in vain.
pub(super) async fn new_user(state: &AppState, body: UserCreation) -> Result<(NewUser, Vec<RoleName>), Problem> {
    let mut new = NewUser {
        kind: body.kind.unwrap_or(UserKind::Person),
        username: body.username,
        display_name: body.display_name,
        locale: body.locale,
        active: body.active.unwrap_or(true),
        ..NewUser::person(body.email)
    };
    if let Some(entered) = body.password {
        new.password_hash = Some(hash_password(state, &new, entered).await?);
    }
    Ok((new, body.roles.unwrap_or_default()))
}

/// The hash of a new user's first password, unless it is not acceptable or the user's names are taken.
///
/// # Errors
/// Those of a password that is not acceptable, `email_taken`, `username_taken`.
pub async fn hash_password(state: &AppState, new: &NewUser, entered: EnteredPassword) -> Result<AcceptedHash, Problem> {
    let owner = Owner {
        email: new.email.as_str(),
        username: new.username.as_ref().map(Username::as_str),
        display_name: new.display_name.as_ref().map(DisplayName::as_str),
    };
    let accepted = auth::accept(state, entered, "password", owner, Comparison::Nothing).await?;
    refuse_taken(state, new).await?;
    accepted.hash(&state.hasher).await
}

async fn refuse_taken(state: &AppState, new: &NewUser) -> Result<(), Problem> {
    let (email, username) = (new.email.clone(), new.username.clone());
    let (email_taken, username_taken) = state
        .database
        .read(move |connection| {
            let username_taken = match &username {
                Some(username) => queries::username_is_taken(connection, username)?,
                None => false,
            };
            Ok((queries::email_is_taken(connection, &email)?, username_taken))
        })
        .await?;
    if email_taken {
        return Err(Problem::of_field(Code::EmailTaken, "email"));
    }
    if username_taken {
        return Err(Problem::of_field(Code::UsernameTaken, "username"));
    }
    Ok(())
}

/// Sets a user's password.
///
/// # Errors
/// `not_found`, `privilege_escalation`, and those of a password that is not acceptable.
pub async fn set(
    state: &AppState,
    proof: Authorized<UsersWrite>,
    id: Uuid,
    entered: EnteredPassword,
    must_change: bool,
) -> Result<(), Problem> {
    let user = state.database.read(move |connection| queries::find(connection, id)).await?;
    let user = user.ok_or_else(Problem::not_found)?;
    let accepted = auth::accept(state, entered, "password", (&user).into(), Comparison::Nothing).await?;
    let hash = accepted.hash(&state.hasher).await?;
    state.act(proof, move |act| administration::set_password(act, id, &hash, must_change)).await
}

//! The first administrator: from the configuration, or through a one-time link.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use uuid::Uuid;

use super::one_time_token::Purpose;
use super::password_policy::{self, Comparison, EnteredPassword, Owner};
use super::queries;
use crate::access::{AccessChanges, Caller, Change};
use crate::config::Bootstrap;
use crate::crypto::opaque_token::OpaqueToken;
use crate::db::{DatabaseError, DbConnection, Timestamp};
use crate::features::audit::{self, Changes, Event, Target};
use crate::features::roles;
use crate::features::users::{self, Email, NewUser, User};
use crate::problem::{Code, FieldError, Problem};
use crate::state::AppState;

const PURPOSE: Purpose = Purpose::SetUp;

/// Whether there is a first administrator. Once there was one there always is ([`crate::access::Act`]), so that the store is asked until then.
#[derive(Default)]
pub struct FirstAdministrator {
    exists: AtomicBool,
}

impl FirstAdministrator {
    /// Whether nobody can administer yet. It is not known while the store does not answer; then nobody is told so.
    pub async fn is_awaited(&self, state: &AppState) -> bool {
        if self.exists.load(Relaxed) {
            return false;
        }
        let exists = exists(state).await.unwrap_or(true);
        self.exists.store(exists, Relaxed);
        !exists
    }
}

async fn exists(state: &AppState) -> Result<bool, DatabaseError> {
    let verification = state.settings.email_verification;
    state.database.read(move |connection| roles::has_active_administrator(connection, verification)).await
}

/// Sees to it that somebody can administer: creates whom the configuration names, or answers a link by which
/// the first administrator creates themselves. `None`: there is one already.
///
/// # Errors
/// When the configured email or password is not acceptable, and faults of the store.
pub async fn provide(state: &AppState) -> Result<Option<String>, Problem> {
    let now = state.clock.now();
    if exists(state).await? {
        return Ok(None);
    }
    if let Some(Bootstrap { email, password }) = state.settings.bootstrap.clone() {
        use secrecy::ExposeSecret;
        let email = Email::parse(&email)
            .map_err(|(code, message)| Problem::invalid(vec![FieldError::new("bootstrap.email", code, message)]))?;
        let entered = EnteredPassword::new(password.expose_secret());
        create(state, Caller::operator(), email, entered, "bootstrap.password", None).await?;
        return Ok(None);
    }
    let token = OpaqueToken::generate();
    let (hash, until) = (token.hash(), now.plus(PURPOSE.lifetime(&state.settings.links)));
    state
        .database
        .write(move |connection| {
            queries::replace_one_time_token(connection, &hash, PURPOSE, now, until).map_err(Problem::from)
        })
        .await?;
    Ok(Some(state.mailer.link("setup", token.expose())))
}

/// Creates the first administrator for whoever holds the one-time token.
///
/// # Errors
/// `invalid_token`, also when there is an administrator by now; those of an email or password that is not acceptable.
pub async fn set_up(
    state: &AppState,
    caller: Caller,
    token: OpaqueToken,
    email: Email,
    password: EnteredPassword,
) -> Result<User, Problem> {
    let (hash, now) = (token.hash(), state.clock.now());
    // A look before the expensive hash; what counts is the second look, in the transaction.
    let looked_for = hash.clone();
    let valid =
        state.database.read(move |connection| queries::is_valid_token(connection, &looked_for, PURPOSE, now)).await?;
    if !valid {
        return Err(Problem::new(Code::InvalidToken));
    }
    create(state, caller, email, password, "password", Some(hash)).await
}

async fn create(
    state: &AppState,
    caller: Caller,
    email: Email,
    password: EnteredPassword,
    field: &str,
    token_hash: Option<String>,
) -> Result<User, Problem> {
    let owner = Owner { email: email.as_str(), ..Owner::default() };
    let accepted = password_policy::accept(state, password, field, owner, Comparison::Nothing).await?;
    let password_hash = accepted.hash(&state.hasher).await?;
    let (now, verification) = (state.clock.now(), state.settings.email_verification);
    state
        .change_access(move |connection, changes| {
            if let Some(hash) = token_hash
                && !queries::use_token(connection, &hash, PURPOSE, now)?
            {
                return Err(Problem::new(Code::InvalidToken));
            }
            if roles::has_active_administrator(connection, verification)? {
                return Err(Problem::new(Code::InvalidToken));
            }
            let new = NewUser { password_hash: Some(password_hash), ..NewUser::person(email) };
            let user = users::create(connection, &caller, "user.created", &new, now)?;
            make_administrator(connection, changes, &caller, &user, now)
        })
        .await
}

fn make_administrator(
    connection: &mut DbConnection,
    changes: &mut AccessChanges,
    caller: &Caller,
    user: &User,
    now: Timestamp,
) -> Result<User, Problem> {
    let role: Uuid = roles::ensure_admin_role(connection, now)?;
    roles::give(connection, user.id, role)?;
    let roles_changed = Changes::none().field("roles", &user.roles, [roles::ADMIN]);
    audit::record(connection, caller, Event::done("user.roles_changed", Target::user(user), roles_changed), now)?;
    changes.add(Change::User(user.id));
    users::find(connection, user.id)?.ok_or_else(|| Problem::internal("a new user is not there"))
}

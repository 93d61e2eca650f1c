//! What can be done with users, each act in the caller's transaction.

use uuid::Uuid;

use super::fields::{DisplayName, Email, Locale, Username, normalize};
use super::model::{User, UserKind};
use super::queries::{self, NewUserRow, UserUpdate};
use crate::access::Caller;
use crate::db::{DatabaseError, DbConnection, Timestamp};
use crate::features::audit::{self, Changes, Event, Target};
use crate::features::auth::AcceptedHash;
use crate::problem::{Code, Problem};

/// What a new user is to be. Its password is hashed already.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct NewUser {
    pub kind: UserKind,
    pub email: Email,
    pub username: Option<Username>,
    pub display_name: Option<DisplayName>,
    pub locale: Option<Locale>,
    pub password_hash: Option<AcceptedHash>,
    pub must_change_password: bool,
    pub active: bool,
    pub approved: bool,
    pub email_verified: bool,
}

impl NewUser {
    /// A person of whom only the email is known: active, approved and verified, as whom an administrator creates.
    pub fn person(email: Email) -> Self {
        Self {
            kind: UserKind::Person,
            email,
            username: None,
            display_name: None,
            locale: None,
            password_hash: None,
            must_change_password: false,
            active: true,
            approved: true,
            email_verified: true,
        }
    }
}

impl NewUser {
    pub(super) fn row(&self, id: Uuid, now: Timestamp) -> NewUserRow<'_> {
        let username = self.username.as_ref().map(Username::as_str);
        // No name and an empty one are the same.
        let display_name = self.display_name.as_ref().map(DisplayName::as_str).filter(|name| !name.is_empty());
        NewUserRow {
            id: id.to_string(),
            kind: self.kind.as_str(),
            email: self.email.as_str(),
            email_normalized: self.email.normalized(),
            username,
            username_normalized: username.map(normalize),
            display_name,
            display_name_folded: display_name.map(normalize).unwrap_or_default(),
            locale: self.locale.as_ref().map(Locale::as_str),
            search_text: search_text(self.email.as_str(), username, display_name),
            password_hash: self.password_hash.as_ref().map(AcceptedHash::as_str),
            must_change_password: self.must_change_password,
            active: self.active,
            approved: self.approved,
            email_verified: self.email_verified,
            created_at: now,
            updated_at: now,
        }
    }
}

/// Stores a new user without roles, and the event `action` about it.
///
/// # Errors
/// `email_taken` or `username_taken`.
pub fn create(
    connection: &mut DbConnection,
    caller: &Caller,
    action: &'static str,
    new: &NewUser,
    now: Timestamp,
) -> Result<User, Problem> {
    let id = Uuid::now_v7();
    store(connection, id, new, now)?;
    let user = find_written(connection, id)?;
    audit::record(connection, caller, Event::done(action, Target::user(&user), first_state(&user)), now)?;
    Ok(user)
}

/// Stores a new user, and nothing else.
pub(super) fn store(connection: &mut DbConnection, id: Uuid, new: &NewUser, now: Timestamp) -> Result<(), Problem> {
    queries::insert(connection, &[new.row(id, now)]).map_err(taken)
}

/// A user who was written in this transaction.
pub(super) fn find_written(connection: &mut DbConnection, id: Uuid) -> Result<User, Problem> {
    queries::find(connection, id)?.ok_or_else(|| Problem::internal("a user who was just written is not there"))
}

/// What the audit trail tells of a new user.
pub(super) fn first_state(user: &User) -> Changes {
    Changes::none()
        .field("email", (), &user.email)
        .field("username", (), &user.username)
        .field("display_name", (), &user.display_name)
        .field("active", (), user.active)
        .field("approved", (), user.approved)
        .field("roles", [(); 0], &user.roles)
}

/// Notes that a user's address is theirs.
///
/// # Errors
/// Faults of the store.
pub(crate) fn mark_verified(connection: &mut DbConnection, id: Uuid, now: Timestamp) -> Result<(), Problem> {
    let update = UserUpdate { email_verified: Some(true), ..UserUpdate::default() };
    Ok(queries::update(connection, id, &update, now)?)
}

/// Puts an address that was shown to be the user's in the place of the present one.
///
/// # Errors
/// `email_taken`.
pub(crate) fn replace_email(
    connection: &mut DbConnection,
    user: &User,
    email: &Email,
    now: Timestamp,
) -> Result<(), Problem> {
    let update = UserUpdate {
        email: Some(email.as_str().to_owned()),
        email_normalized: Some(email.normalized()),
        email_verified: Some(true),
        search_text: Some(search_text(email.as_str(), user.username.as_deref(), user.display_name.as_deref())),
        ..UserUpdate::default()
    };
    queries::update(connection, user.id, &update, now).map_err(taken)
}

/// Writes down what an invited user calls themselves; what they leave open stays as it was. Their address is theirs:
/// the invitation reached them there.
///
/// # Errors
/// `username_taken`.
pub(crate) fn take_up(
    connection: &mut DbConnection,
    user: &User,
    username: Option<&Username>,
    display_name: Option<&DisplayName>,
    now: Timestamp,
) -> Result<(), Problem> {
    let username = username.map(Username::as_str);
    let display_name = display_name.map(DisplayName::as_str).filter(|name| !name.is_empty());
    let update = UserUpdate {
        email_verified: Some(true),
        username: username.map(|name| Some(name.to_owned())),
        username_normalized: username.map(|name| Some(normalize(name))),
        display_name: display_name.map(|name| Some(name.to_owned())),
        display_name_folded: display_name.map(normalize),
        search_text: Some(search_text(
            &user.email,
            username.or(user.username.as_deref()),
            display_name.or(user.display_name.as_deref()),
        )),
        ..UserUpdate::default()
    };
    queries::update(connection, user.id, &update, now).map_err(taken)
}

/// All that the free-text search looks at: one column, so that each word is looked for once.
pub(super) fn search_text(email: &str, username: Option<&str>, display_name: Option<&str>) -> String {
    let parts: Vec<String> = [Some(email), username, display_name].into_iter().flatten().map(normalize).collect();
    parts.join("\n")
}

/// Which name was taken, told by the constraint that refused it.
pub(super) fn taken(error: diesel::result::Error) -> Problem {
    match DatabaseError::from(error) {
        DatabaseError::UniqueViolation(name) if name.contains("email_normalized") => {
            Problem::of_field(Code::EmailTaken, "email")
        }
        DatabaseError::UniqueViolation(name) if name.contains("username_normalized") => {
            Problem::of_field(Code::UsernameTaken, "username")
        }
        other => other.into(),
    }
}

//! What can be done with users, each act in the caller's transaction.

use uuid::Uuid;

use super::model::{DisplayName, Email, Locale, User, UserKind, Username, normalize};
use super::queries::{self, NewUserRow};
use crate::access::Caller;
use crate::db::{DatabaseError, DbConnection, Timestamp};
use crate::features::audit::{self, Changes, Event, Target};
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
    pub password_hash: Option<String>,
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
    let (username, display_name) = (new.username.as_ref(), new.display_name.as_ref());
    let username_normalized = username.map(Username::normalized);
    let row = NewUserRow {
        id: id.to_string(),
        kind: new.kind.as_str(),
        email: new.email.as_str(),
        email_normalized: new.email.normalized(),
        username: username.map(Username::as_str),
        display_name: display_name.map(DisplayName::as_str),
        display_name_folded: display_name.map(|name| normalize(name.as_str())).unwrap_or_default(),
        locale: new.locale.as_ref().map(Locale::as_str),
        search_text: search_text(&new.email, username, display_name),
        username_normalized,
        password_hash: new.password_hash.as_deref(),
        must_change_password: new.must_change_password,
        active: new.active,
        approved: new.approved,
        email_verified: new.email_verified,
        created_at: now,
        updated_at: now,
    };
    queries::insert(connection, &row).map_err(taken)?;
    let user = queries::find(connection, id)?.ok_or_else(|| Problem::internal("a new user is not there"))?;
    let changes = Changes::none()
        .field("email", (), &user.email)
        .field("username", (), &user.username)
        .field("display_name", (), &user.display_name)
        .field("active", (), user.active)
        .field("approved", (), user.approved);
    audit::record(connection, caller, Event::done(action, Target::user(&user), changes), now)?;
    Ok(user)
}

/// All that the free-text search looks at: one column, so that each word is looked for once.
pub(super) fn search_text(email: &Email, username: Option<&Username>, display_name: Option<&DisplayName>) -> String {
    let mut text = email.normalized();
    for part in
        [username.map(Username::normalized), display_name.map(|name| normalize(name.as_str()))].into_iter().flatten()
    {
        text.push('\n');
        text.push_str(&part);
    }
    text
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

//! What signing in needs to know of a user, and how it is found.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;
use uuid::Uuid;

use super::refusal::Reason;
use crate::config::EmailVerification;
use crate::db::{DbConnection, KeepPrepared, natively, users};
use crate::features::users::UserKind;

/// What signing in needs to know of a user.
#[derive(Clone)]
pub(super) struct Credentials {
    pub(super) id: Uuid,
    pub(super) email: String,
    pub(super) password_hash: Option<String>,
    pub(super) must_change_password: bool,
    is_person: bool,
    active: bool,
    approved: bool,
    email_verified: bool,
}

impl Credentials {
    /// Whether the user may sign in by password at all.
    pub(super) fn may_sign_in(&self, verification: EmailVerification) -> bool {
        self.hindrance(verification).is_none()
    }

    /// Why the user may not sign in by password, if so.
    pub(super) fn hindrance(&self, verification: EmailVerification) -> Option<Reason> {
        match self {
            Self { is_person: false, .. } => Some(Reason::NotAPerson),
            Self { active: false, .. } => Some(Reason::Inactive),
            Self { approved: false, .. } => Some(Reason::Unapproved),
            Self { email_verified, .. } if !verification.is_satisfied(*email_verified) => Some(Reason::Unverified),
            _ => None,
        }
    }
}

/// The columns that they are made of.
#[derive(Queryable, QueryableByName, Selectable)]
#[diesel(table_name = users)]
struct CredentialsRow {
    id: String,
    email: String,
    password_hash: Option<String>,
    must_change_password: bool,
    kind: String,
    active: bool,
    approved: bool,
    email_verified: bool,
}

impl From<CredentialsRow> for Credentials {
    fn from(row: CredentialsRow) -> Self {
        Self {
            id: Uuid::try_parse(&row.id).unwrap_or_default(),
            email: row.email,
            password_hash: row.password_hash,
            must_change_password: row.must_change_password,
            is_person: row.kind == UserKind::Person.as_str(),
            active: row.active,
            approved: row.approved,
            email_verified: row.email_verified,
        }
    }
}

pub(super) fn by_id(connection: &mut DbConnection, id: Uuid) -> QueryResult<Option<Credentials>> {
    let found = users::table.find(id.to_string()).select(CredentialsRow::as_select()).first(connection).optional()?;
    Ok(found.map(Credentials::from))
}

/// One row, whoever is looked for: to read a row takes longer than to read none, and would tell who exists. Nobody has the id of
/// the other one, which is as large as that of a user.
macro_rules! find_by {
    ($column:literal) => {
        concat!(
            "SELECT id, email, password_hash, must_change_password, kind, active, approved, email_verified \
            FROM users WHERE ",
            $column,
            " = $1 UNION ALL SELECT '00000000-0000-0000-0000-000000000000', 'nobody@example.com', \
            'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', \
            FALSE, 'person', TRUE, TRUE, TRUE ORDER BY id DESC LIMIT 1"
        )
    };
}

/// By a normalized email or username: an email is told from a username by its `@`, so one query finds it.
pub(super) fn by_identifier(connection: &mut DbConnection, identifier: &str) -> QueryResult<Option<Credentials>> {
    let query = if identifier.contains('@') { find_by!("email_normalized") } else { find_by!("username_normalized") };
    let query = sql_query(query).bind::<Text, _>(identifier).keep_prepared();
    let found: Vec<CredentialsRow> = natively!(connection, |native| query.load(native))?;
    Ok(found.into_iter().map(Credentials::from).find(|credentials| !credentials.id.is_nil()))
}

//! What a user is: as stored, as shown, and the values that one is made of.

use diesel::prelude::*;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::{Timestamp, users};
use crate::http::list::fold;
use crate::http::{EntityTag, Field};

/// A person, or a service that signs in for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UserKind {
    /// Somebody.
    Person,
    /// A program.
    Service,
}

impl UserKind {
    /// As it is stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Service => "service",
        }
    }
}

/// A user as the store keeps them, apart from what only signing in and searching need.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = users)]
#[allow(missing_docs)]
pub struct UserRow {
    pub id: String,
    pub kind: String,
    pub email: String,
    pub username: Option<String>,
    pub display_name: Option<String>,
    pub locale: Option<String>,
    pub active: bool,
    pub approved: bool,
    pub email_verified: bool,
    pub version: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub last_login_at: Option<Timestamp>,
    pub last_login_ip: Option<String>,
    pub current_login_at: Option<Timestamp>,
    pub current_login_ip: Option<String>,
    pub login_count: i64,
    pub locked_until: Option<Timestamp>,
}

/// Somebody who can sign in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct User {
    /// The user's id (UUIDv7).
    #[schema(examples("01939d3c-0000-7000-8000-000000000000"))]
    pub id: Uuid,
    /// A person, or a service.
    pub kind: UserKind,
    /// The address that identifies the user, as it was entered.
    #[schema(format = Email, examples("ann@example.com"))]
    pub email: String,
    /// A second name to sign in by.
    #[schema(examples("ann"))]
    pub username: Option<String>,
    /// How the user is called on screens.
    #[schema(examples("Ann Archer"))]
    pub display_name: Option<String>,
    /// The user's language (BCP 47).
    #[schema(examples("en-GB"))]
    pub locale: Option<String>,
    /// Whether the user may sign in at all.
    pub active: bool,
    /// Whether an administrator has let the user in.
    pub approved: bool,
    /// Whether the user has shown that the address is theirs.
    pub email_verified: bool,
    /// The names of the user's roles, sorted.
    #[schema(examples(json!(["editor"])))]
    pub roles: Vec<String>,
    /// When the user was created.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When the user was last changed; signing in is no change.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// When the user signed in the time before the current one.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_login_at: Option<Timestamp>,
    /// From where the user signed in the time before the current one.
    pub last_login_ip: Option<String>,
    /// When the user signed in most recently.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub current_login_at: Option<Timestamp>,
    /// From where the user signed in most recently.
    pub current_login_ip: Option<String>,
    /// How often the user has signed in.
    #[schema(examples(7))]
    pub login_count: i64,
    /// Until when signing in is refused after too many failures.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub locked_until: Option<Timestamp>,
    /// Whether a second factor is set up.
    pub mfa_enabled: bool,
    #[serde(skip)]
    version: i64,
}

impl User {
    /// A stored user with the names of their roles.
    pub fn from_row(row: UserRow, mut roles: Vec<String>) -> Self {
        roles.sort();
        Self {
            id: Uuid::try_parse(&row.id).unwrap_or_default(),
            kind: if row.kind == UserKind::Service.as_str() { UserKind::Service } else { UserKind::Person },
            email: row.email,
            username: row.username,
            display_name: row.display_name,
            locale: row.locale,
            active: row.active,
            approved: row.approved,
            email_verified: row.email_verified,
            roles,
            created_at: row.created_at,
            updated_at: row.updated_at,
            last_login_at: row.last_login_at,
            last_login_ip: row.last_login_ip,
            current_login_at: row.current_login_at,
            current_login_ip: row.current_login_ip,
            login_count: row.login_count,
            locked_until: row.locked_until,
            mfa_enabled: false,
            version: row.version,
        }
    }

    /// Names what an editor may have seen and can change. Signing in changes none of it, so it never spoils an edit.
    pub fn entity_tag(&self) -> EntityTag {
        let (id, version) = (self.id.to_string(), self.version.to_string());
        EntityTag::of([id.as_str(), version.as_str()].into_iter().chain(self.roles.iter().map(String::as_str)))
    }
}

type Invalid = (&'static str, String);

fn bounded(text: &str, longest: usize) -> Result<&str, Invalid> {
    let text = text.trim();
    if text.chars().count() > longest {
        return Err(("too_long", format!("At most {longest} characters are accepted.")));
    }
    if text.chars().any(char::is_control) {
        return Err(("invalid_text", "Control characters are not accepted.".to_owned()));
    }
    Ok(text)
}

/// An email address: the shape is checked (RFC 5321's lengths, one `@`, a host), whether it works only a mail can tell.
#[derive(Clone, Debug, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, format = Email, examples("ann@example.com"), max_length = 254)]
pub struct Email(String);

impl Email {
    /// Reads an address.
    ///
    /// # Errors
    /// `invalid_email`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let refused = || ("invalid_email", "Enter an email address like ann@example.com.".to_owned());
        let text = text.trim();
        let (local, host) = text.rsplit_once('@').ok_or_else(refused)?;
        let plain = |letter: char| !letter.is_whitespace() && !letter.is_control() && !"()<>,;:\\\"[]".contains(letter);
        let is_label = |label: &str| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|letter| letter.is_alphanumeric() || letter == '-')
        };
        let valid = (1..=64).contains(&local.len())
            && text.len() <= 254
            && local.chars().all(|letter| plain(letter) && letter != '@')
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..")
            && host.contains('.')
            && host.split('.').all(is_label);
        if valid { Ok(Self(text.to_owned())) } else { Err(refused()) }
    }

    /// As it was entered.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// By which it is found whatever the case.
    pub fn normalized(&self) -> String {
        normalize(&self.0)
    }
}

/// A name to sign in by: letters, digits, `.`, `_` and `-`; never an `@`, so that it can't pass for an address.
#[derive(Clone, Debug, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, examples("ann"), min_length = 2, max_length = 64)]
pub struct Username(String);

impl Username {
    /// Reads a username.
    ///
    /// # Errors
    /// `invalid_username`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let text = text.trim();
        let valid = (2..=64).contains(&text.chars().count())
            && text.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '.' | '_' | '-'))
            && text.starts_with(char::is_alphanumeric);
        if valid {
            return Ok(Self(text.to_owned()));
        }
        Err(("invalid_username", "Enter 2 to 64 letters, digits, dots, underscores or hyphens.".to_owned()))
    }

    /// As it was entered.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// By which it is found whatever the case.
    pub fn normalized(&self) -> String {
        normalize(&self.0)
    }
}

/// How somebody is called on screens.
#[derive(Clone, Debug, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, examples("Ann Archer"), max_length = 200)]
pub struct DisplayName(String);

impl DisplayName {
    /// Reads a name.
    ///
    /// # Errors
    /// `too_long` or `invalid_text`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        Ok(Self(bounded(text, 200)?.to_owned()))
    }

    /// As it was entered, without the spaces around.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A language tag (BCP 47), by its shape.
#[derive(Clone, Debug, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, examples("en-GB"), max_length = 35)]
pub struct Locale(String);

impl Locale {
    /// Reads a tag.
    ///
    /// # Errors
    /// `invalid_locale`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let subtag =
            |part: &str| (1..=8).contains(&part.len()) && part.chars().all(|letter| letter.is_ascii_alphanumeric());
        let language = text.split('-').next().unwrap_or_default();
        let valid = text.len() <= 35
            && text.split('-').all(subtag)
            && (2..=8).contains(&language.len())
            && language.chars().all(|letter| letter.is_ascii_alphabetic());
        if valid {
            Ok(Self(text.to_owned()))
        } else {
            Err(("invalid_locale", "Enter a language tag like en or pt-BR.".to_owned()))
        }
    }

    /// The tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The form in which emails, usernames and role names are compared, and names are searched.
pub fn normalize(text: &str) -> String {
    fold(text.trim())
}

macro_rules! text_fields {
    ($($type:ident),*) => {
        $(impl Field for $type {
            fn from_json(value: Option<Value>) -> Result<Self, (&'static str, String)> {
                Self::parse(&String::from_json(value)?)
            }
        })*
    };
}

text_fields!(Email, Username, DisplayName, Locale);

impl Field for UserKind {
    fn from_json(value: Option<Value>) -> Result<Self, (&'static str, String)> {
        match String::from_json(value)?.as_str() {
            "person" => Ok(Self::Person),
            "service" => Ok(Self::Service),
            _ => Err(("invalid_kind", "Enter person or service.".to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_what_only_looks_like_one() {
        for good in ["ann@example.com", "a.b+c@sub.example.co.uk", "jörg@exämple.de", "o'neil@example.com"] {
            assert!(Email::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "ann",
            "ann@",
            "@example.com",
            "ann@example",
            "a b@example.com",
            "ann@@example.com",
            "ann@-x.com",
            "a..b@x.com",
            "ann@example.com\0",
            "<ann@example.com>",
        ] {
            assert!(Email::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_username_never_passes_for_an_address() {
        assert!(Username::parse("ann@example.com").is_err());
        assert!(Username::parse("ann.archer-2").is_ok());
    }

    #[test]
    fn names_are_compared_whatever_their_case_and_width() {
        assert_eq!(normalize("Ann@Example.COM"), "ann@example.com");
        assert_eq!(normalize("ＡＮＮ"), "ann");
    }
}

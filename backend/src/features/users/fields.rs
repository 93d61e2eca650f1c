//! The values that a user is made of: read once at the edge, and valid from then on.

use serde_json::Value;
use utoipa::ToSchema;

use crate::http::Field;
use crate::http::list::fold;

type Invalid = (&'static str, String);

fn bounded(text: &str, longest: usize) -> Result<&str, Invalid> {
    let text = text.trim();
    if text.chars().count() > longest {
        return Err(("too_long", format!("At most {longest} characters are accepted.")));
    }
    if text.chars().any(|letter| letter.is_control() || misleads(letter)) {
        return Err(("invalid_text", "Control characters are not accepted.".to_owned()));
    }
    Ok(text)
}

/// What nobody sees and makes the letters around it read as others: overrides of the direction of writing (UAX 9), breaks of
/// lines and blanks without a width. What joins the letters of a script, or of an emoji, is not among it.
fn misleads(letter: char) -> bool {
    matches!(letter, '\u{200b}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// What has no place of its own in an address.
fn is_unseen(letter: char) -> bool {
    misleads(letter) || matches!(letter, '\u{ad}' | '\u{200c}'..='\u{200f}')
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
        let is_sign = |letter: char| "()<>,;:\\\"[]".contains(letter);
        let plain =
            |letter: char| !letter.is_whitespace() && !letter.is_control() && !is_unseen(letter) && !is_sign(letter);
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
            "an\u{200b}n@example.com",
            "ann\u{202e}@example.com",
            "ann\u{ad}@example.com",
        ] {
            assert!(Email::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_name_reads_as_it_is_written_in_every_script() {
        for good in ["Ann Archer", "עדי", "علی\u{200c}رضا", "👩\u{200d}🚀 Ann", "Zoë", "\u{200f}עדי"] {
            assert!(DisplayName::parse(good).is_ok(), "{good}");
        }
        for bad in ["Ann\u{202e}nimdA", "Ann\u{2066}", "Ann\u{2028}Admin", "A\u{200b}nn", "Ann\u{feff}x"] {
            assert!(DisplayName::parse(bad).is_err(), "{bad:?}");
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

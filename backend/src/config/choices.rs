//! Settings that are one of a few words.

use std::path::PathBuf;

use secrecy::SecretString;

use super::values::{Parsed, refused};

/// Who may make an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registration {
    /// Anybody; an administrator approves it before it can be used.
    Approval,
    /// Anybody.
    Open,
    /// Only who was invited.
    Invite,
    /// Nobody.
    Closed,
}

impl Registration {
    pub(super) fn parse(text: &str) -> Parsed<Self> {
        match text {
            "approval" => Ok(Self::Approval),
            "open" => Ok(Self::Open),
            "invite" => Ok(Self::Invite),
            "closed" => Ok(Self::Closed),
            _ => refused(),
        }
    }

    /// As it is configured, and as `GET /config` tells.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Approval => "approval",
            Self::Open => "open",
            Self::Invite => "invite",
            Self::Closed => "closed",
        }
    }
}

/// Whether an address has to be shown to be its user's before they can sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailVerification {
    /// It has to.
    Required,
    /// People are asked, and can sign in all the same.
    Optional,
}

impl EmailVerification {
    pub(super) fn parse(text: &str) -> Parsed<Self> {
        match text {
            "required" => Ok(Self::Required),
            "optional" => Ok(Self::Optional),
            _ => refused(),
        }
    }

    /// Whether a user whose address is, or is not, verified may sign in.
    pub fn is_satisfied(self, verified: bool) -> bool {
        verified || self == Self::Optional
    }
}

/// How mails leave.
#[derive(Clone, Debug)]
pub enum MailTransport {
    /// They are printed.
    Log,
    /// Each becomes a file of this directory.
    File(PathBuf),
    /// They are handed to this server, whose URL holds a password.
    Smtp(SecretString),
}

impl MailTransport {
    pub(super) fn parse(text: &str) -> Parsed<Self> {
        if text == "log:" {
            return Ok(Self::Log);
        }
        if let Some(directory) = text.strip_prefix("file:") {
            return if directory.is_empty() { refused() } else { Ok(Self::File(directory.into())) };
        }
        if crate::mail::is_smtp_url(text) { Ok(Self::Smtp(text.to_owned().into())) } else { refused() }
    }
}

/// How a line of the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl LogFormat {
    pub(super) fn parse(text: &str) -> Parsed<Self> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => refused(),
        }
    }
}

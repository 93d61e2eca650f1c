//! How the text of a setting becomes a value. A refusal needs no words: the table of keys says what is accepted.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use ipnet::IpNet;
use lettre::message::Mailbox;
use secrecy::SecretString;

use crate::crypto::sealing::WrappingKey;

type Parsed<T> = Result<T, String>;

fn refused<T>() -> Parsed<T> {
    Err(String::new())
}

fn number<T: FromStr>(text: &str) -> Parsed<T> {
    text.trim().parse().or_else(|_| refused())
}

pub(super) fn address(text: &str) -> Parsed<SocketAddr> {
    match text.strip_prefix("localhost:") {
        Some(port) => number(&format!("127.0.0.1:{port}")),
        None => number(text),
    }
}

pub(super) fn not_empty(text: &str) -> Parsed<String> {
    if text.is_empty() { refused() } else { Ok(text.to_owned()) }
}

pub(super) fn existing_directory(text: &str) -> Parsed<PathBuf> {
    let path = PathBuf::from(text);
    if path.is_dir() { Ok(path) } else { refused() }
}

pub(super) fn duration(text: &str) -> Parsed<Duration> {
    let text = text.trim();
    let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let seconds: u64 = match &text[digits.len()..] {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return refused(),
    };
    let amount: u64 = number(digits)?;
    match amount.checked_mul(seconds) {
        // A century is past any sense, and far from where times overflow.
        Some(seconds) if (1..=3_155_760_000).contains(&seconds) => Ok(Duration::from_secs(seconds)),
        _ => refused(),
    }
}

/// Sign-ins are counted by day from the trail, and a shorter one would be of little use to anybody.
pub(super) fn retention(text: &str) -> Parsed<Duration> {
    let kept = duration(text)?;
    if kept < Duration::from_secs(7 * 86_400) { refused() } else { Ok(kept) }
}

/// For what must not go on for long.
pub(super) fn half_an_hour_at_most(text: &str) -> Parsed<Duration> {
    let duration = duration(text)?;
    if duration <= Duration::from_secs(1_800) { Ok(duration) } else { refused() }
}

pub(super) fn truth(text: &str) -> Parsed<bool> {
    match text {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => refused(),
    }
}

pub(super) fn size(text: &str) -> Parsed<usize> {
    match number(text)? {
        0 => refused(),
        size => Ok(size),
    }
}

pub(super) fn at_least<const MINIMUM: u32>(text: &str) -> Parsed<u32> {
    let number: u32 = number(text)?;
    if number < MINIMUM { refused() } else { Ok(number) }
}

pub(super) fn at_most<const MAXIMUM: u8>(text: &str) -> Parsed<u8> {
    let number: u8 = number(text)?;
    if number > MAXIMUM { refused() } else { Ok(number) }
}

pub(super) fn password_length(text: &str) -> Parsed<usize> {
    let length: usize = number(text)?;
    if (8..=128).contains(&length) { Ok(length) } else { refused() }
}

pub(super) fn failures(text: &str) -> Parsed<u32> {
    let failures: u32 = number(text)?;
    if (1..=1_000).contains(&failures) { Ok(failures) } else { refused() }
}

pub(super) fn level(text: &str) -> Parsed<tracing::Level> {
    number(text)
}

pub(super) fn network(text: &str) -> Parsed<IpNet> {
    text.parse().or_else(|_| number::<std::net::IpAddr>(text).map(IpNet::from))
}

pub(super) fn secret_key(text: &str) -> Parsed<WrappingKey> {
    if text.chars().count() < 32 { refused() } else { Ok(WrappingKey::new(&text.to_owned().into())) }
}

pub(super) fn product_name(text: &str) -> Parsed<String> {
    let text = text.trim();
    let is_accepted = (1..=60).contains(&text.chars().count()) && !text.contains(char::is_control);
    if is_accepted { Ok(text.to_owned()) } else { refused() }
}

pub(super) fn mailbox(text: &str) -> Parsed<Mailbox> {
    number(text)
}

pub(super) fn relying_party_id(text: &str, public_url: &Origin) -> Parsed<String> {
    let id = text.trim().to_ascii_lowercase();
    if public_url.is_within(&id) && !is_address(public_url.host()) { Ok(id) } else { refused() }
}

/// Whether a host is an IP address and no name; those of version 6 stand in brackets.
pub(super) fn is_address(host: &str) -> bool {
    host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>().is_ok()
}

pub(super) fn list<T>(item: impl Fn(&str) -> Parsed<T>) -> impl Fn(&str) -> Parsed<Vec<T>> {
    move |text| text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(&item).collect()
}

/// A scheme, a host and a port: what a browser sends as `Origin` (RFC 6454), without a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(String);

impl Origin {
    /// Reads an `http` or `https` address; a trailing slash is taken off.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim().trim_end_matches('/');
        let uri: actix_web::http::Uri = text.parse().or_else(|_| refused())?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else { return refused() };
        let plain = matches!(scheme, "http" | "https")
            && matches!(uri.path(), "" | "/")
            && uri.query().is_none()
            && !authority.as_str().contains(['@', '*']);
        if plain { Ok(Self(text.to_ascii_lowercase())) } else { refused() }
    }

    pub(super) fn localhost(port: u16) -> Self {
        Self(format!("http://localhost:{port}"))
    }

    /// As a browser writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name or address of the host, without the port.
    pub fn host(&self) -> &str {
        let authority = self.0.split_once("://").map_or("", |(_, authority)| authority);
        match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => authority,
        }
    }

    /// Whether the host is of this name, or under it.
    pub fn is_within(&self, name: &str) -> bool {
        let above = self.host().strip_suffix(name);
        !name.is_empty() && above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
    }

    /// Whether cookies can be `Secure`.
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }
}

/// Reads an `https` address, or an `http` one of this very machine, and whether it is one of this machine.
pub(super) fn private_url(text: &str) -> Parsed<(url::Url, bool)> {
    let url = url::Url::parse(text.trim()).or_else(|_| refused())?;
    let is_loopback = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => return refused(),
    };
    let is_private = url.scheme() == "https" || (url.scheme() == "http" && is_loopback);
    let is_plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    if !is_private || !is_plain || url.password().is_some() {
        return refused();
    }
    Ok((url, is_loopback))
}

/// A range endpoint for breached passwords: what is asked for is put behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BreachCheckUrl {
    text: String,
    is_loopback: bool,
}

impl BreachCheckUrl {
    /// Reads an `https` address, or an `http` one of this very machine; a slash at its end is added.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (url, is_loopback) = private_url(text)?;
        let text = format!("{}/", url.as_str().trim_end_matches('/'));
        Ok(Self { text, is_loopback })
    }

    /// With a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether its host is this machine.
    pub fn is_loopback(&self) -> bool {
        self.is_loopback
    }
}

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

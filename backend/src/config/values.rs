//! How the text of a setting becomes a value. A refusal needs no words: the table of keys says what is accepted.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use ipnet::IpNet;
use lettre::message::Mailbox;

use super::urls::{Origin, is_address};
use crate::crypto::sealing::WrappingKey;

pub(super) type Parsed<T> = Result<T, String>;

pub(super) fn refused<T>() -> Parsed<T> {
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

pub(super) fn list<T>(item: impl Fn(&str) -> Parsed<T>) -> impl Fn(&str) -> Parsed<Vec<T>> {
    move |text| text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(&item).collect()
}

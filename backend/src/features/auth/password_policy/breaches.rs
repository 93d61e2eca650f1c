//! Whether a password is known from a breach: asked of a range endpoint, which learns five digits of its SHA-1 and nothing
//! else (k-anonymity, as `api.pwnedpasswords.com` has it). An endpoint that does not answer keeps nobody out.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use reqwest::{Client, Response, StatusCode};
use sha1::{Digest, Sha1};
use tokio::sync::Semaphore;

use crate::config::BreachCheckUrl;
use crate::outgoing;

/// The whole of a question, waiting for its turn included.
const TIME_LIMIT: Duration = Duration::from_secs(2);
/// A padded answer is about 40 KB.
const LARGEST_ANSWER: usize = 256 * 1024;
/// So many questions at a time; who waits longer than the limit is not asked for.
const AT_ONCE: usize = 32;
/// Between two lines in the log about an endpoint that does not answer.
const WARNING_INTERVAL: Duration = Duration::from_secs(60);
const PREFIX_DIGITS: usize = 5;
const SUFFIX_DIGITS: usize = 35;

/// The passwords that the configured endpoint knows; none when there is none.
pub struct BreachedPasswords {
    endpoint: Option<Endpoint>,
}

struct Endpoint {
    url: BreachCheckUrl,
    client: Client,
    places: Semaphore,
    started: Instant,
    /// When the log may next say something, in seconds from the start.
    next_warning: AtomicU64,
}

/// Why an endpoint did not answer the question. Nothing in it tells what was asked.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("no answer within two seconds")]
    TooSlow,
    #[error("{0}")]
    Unreachable(String),
    #[error("status {0}")]
    Status(StatusCode),
    #[error("an answer of more than 256 KiB")]
    TooLarge,
    #[error("an answer that is not a list of hashes")]
    Malformed,
}

impl From<reqwest::Error> for Failure {
    /// The address has what was asked in it, so that it goes.
    fn from(error: reqwest::Error) -> Self {
        let error = error.without_url();
        let mut text = error.to_string();
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            text = format!("{text}: {cause}");
            source = cause.source();
        }
        Self::Unreachable(text)
    }
}

impl BreachedPasswords {
    /// Connects to nothing yet.
    ///
    /// # Errors
    /// When the machine's certificates can't be had.
    pub fn new(url: Option<&BreachCheckUrl>) -> std::io::Result<Self> {
        let endpoint = url.map(Endpoint::new).transpose().map_err(std::io::Error::other)?;
        Ok(Self { endpoint })
    }

    /// Whether a password is among them. `false` when that can't be found out.
    pub(super) async fn contain(&self, password: &str) -> bool {
        let Some(endpoint) = &self.endpoint else { return false };
        let digest = format!("{:X}", Sha1::digest(password));
        let (prefix, suffix) = digest.split_at(PREFIX_DIGITS);
        let asked = tokio::time::timeout(TIME_LIMIT, endpoint.knows(prefix, suffix)).await;
        asked.unwrap_or(Err(Failure::TooSlow)).unwrap_or_else(|failure| {
            endpoint.warn(&failure);
            false
        })
    }
}

impl Endpoint {
    fn new(url: &BreachCheckUrl) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self {
            url: url.clone(),
            client: outgoing::client(url.is_loopback())?,
            places: Semaphore::new(AT_ONCE),
            started: Instant::now(),
            next_warning: AtomicU64::new(0),
        })
    }

    async fn knows(&self, prefix: &str, suffix: &str) -> Result<bool, Failure> {
        let _place = self.places.acquire().await.map_err(|_| Failure::TooSlow)?;
        let question = self.client.get(format!("{}{prefix}", self.url.as_str())).header("Add-Padding", "true");
        let answer = question.send().await?;
        if answer.status() != StatusCode::OK {
            return Err(Failure::Status(answer.status()));
        }
        is_listed(&read(answer).await?, suffix)
    }

    fn warn(&self, failure: &Failure) {
        let now = self.started.elapsed().as_secs();
        let is_due = |next: u64| (now >= next).then_some(now + WARNING_INTERVAL.as_secs());
        if self.next_warning.fetch_update(Ordering::Relaxed, Ordering::Relaxed, is_due).is_ok() {
            tracing::warn!(reason = %failure, "new passwords can't be compared with breaches and are accepted without");
        }
    }
}

async fn read(mut answer: Response) -> Result<String, Failure> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        if body.len() + chunk.len() > LARGEST_ANSWER {
            return Err(Failure::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    String::from_utf8(body).map_err(|_| Failure::Malformed)
}

/// Whether one of the lines `SUFFIX:COUNT` is this one. Padding has the count 0.
fn is_listed(list: &str, suffix: &str) -> Result<bool, Failure> {
    let mut found = false;
    for line in list.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (hash, count) = line.split_once(':').ok_or(Failure::Malformed)?;
        let count: u64 = count.parse().map_err(|_| Failure::Malformed)?;
        if hash.len() != SUFFIX_DIGITS || !hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(Failure::Malformed);
        }
        found |= count > 0 && hash.eq_ignore_ascii_case(suffix);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUFFIX: &str = "0018A45C4D1DEF81644B54AB7F969B88D65";

    #[test]
    fn a_hash_is_found_in_any_case_and_padding_is_not() {
        let list = |line: &str| is_listed(&format!("00D4F6E8FA6EECAD2A3AA415EEC418D38EC:2\r\n{line}\r\n"), SUFFIX).ok();
        assert_eq!(list(&format!("{SUFFIX}:1")), Some(true));
        assert_eq!(list(&format!("{}:37", SUFFIX.to_lowercase())), Some(true));
        assert_eq!(list(&format!("{SUFFIX}:0")), Some(false));
        assert_eq!(list(""), Some(false));
    }

    #[test]
    fn what_is_not_a_list_of_hashes_says_nothing() {
        for list in [format!("{SUFFIX}:1\n<html>"), format!("{SUFFIX}:many"), format!("A{SUFFIX}:1"), "x:1".to_owned()]
        {
            assert!(is_listed(&list, SUFFIX).is_err(), "{list}");
        }
    }
}

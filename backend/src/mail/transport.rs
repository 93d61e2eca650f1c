//! The ways by which a mail leaves.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use lettre::transport::smtp::AsyncSmtpTransport;
use lettre::{AsyncTransport, Message, Tokio1Executor};
use secrecy::ExposeSecret;

use crate::config::MailTransport;

const TIMEOUT: Duration = Duration::from_secs(30);

/// Why a mail was not sent.
pub(super) struct Refusal {
    /// Another attempt would end the same.
    pub(super) is_final: bool,
    /// What the other side said.
    pub(super) reason: String,
}

impl Refusal {
    fn passing(error: impl std::fmt::Display) -> Self {
        Self { is_final: false, reason: error.to_string() }
    }
}

pub(super) enum Transport {
    Log,
    File(PathBuf),
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
}

impl Transport {
    pub(super) fn new(configured: &MailTransport) -> Result<Self, String> {
        Ok(match configured {
            MailTransport::Log => Self::Log,
            MailTransport::File(directory) => Self::File(directory.clone()),
            MailTransport::Smtp(url) => Self::Smtp(smtp(url.expose_secret())?),
        })
    }

    pub(super) async fn send(&self, id: &str, message: Message) -> Result<(), Refusal> {
        match self {
            Self::Log => print(&message),
            Self::File(directory) => write_file(directory, id, &message.formatted()).map_err(Refusal::passing),
            Self::Smtp(transport) => match transport.send(message).await {
                Ok(_) => Ok(()),
                Err(error) => Err(Refusal { is_final: error.is_permanent(), reason: reason(&error) }),
            },
        }
    }
}

/// The mail as whoever runs Reeve at a terminal can use it. It is printed, and never a line of the log: it may hold a link that opens an account.
fn print(message: &Message) -> Result<(), Refusal> {
    let mut out = std::io::stdout().lock();
    let text = String::from_utf8_lossy(&message.formatted()).into_owned();
    writeln!(out, "--- a mail that is not sent, for mail.url is log:\n{text}\n---").map_err(Refusal::passing)
}

/// Written beside its place and moved there, so that nobody finds half a mail.
fn write_file(directory: &Path, id: &str, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::create_dir_all(directory)?;
    let mut file = tempfile::NamedTempFile::new_in(directory)?;
    file.write_all(bytes)?;
    file.persist(directory.join(format!("{id}.eml"))).map_err(|error| error.error)?;
    Ok(())
}

fn reason(error: &lettre::transport::smtp::Error) -> String {
    let mut reason = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        let text = error.to_string();
        if !reason.contains(&text) {
            reason = format!("{reason}: {text}");
        }
        source = error.source();
    }
    reason
}

fn smtp(url: &str) -> Result<AsyncSmtpTransport<Tokio1Executor>, String> {
    let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(&with_tls(url)).map_err(|error| error.to_string())?;
    Ok(builder.timeout(Some(TIMEOUT)).build())
}

/// `smtp://` is made to encrypt (RFC 3207), unless the server is on this machine or the URL says how.
fn with_tls(url: &str) -> String {
    let Some(rest) = url.strip_prefix("smtp://") else { return url.to_owned() };
    let (server, query) = rest.split_once('?').unwrap_or((rest, ""));
    if query.split('&').any(|pair| pair.starts_with("tls=")) {
        return url.replace("tls=none", "");
    }
    let host = server.rsplit('@').next().unwrap_or_default();
    let is_local = ["localhost", "127.", "[::1]"].iter().any(|local| host.starts_with(local));
    let separator = if query.is_empty() { "?" } else { "&" };
    let url = url.trim_end_matches('?');
    format!("{url}{separator}tls={}", if is_local { "opportunistic" } else { "required" })
}

/// Whether a URL names a mail server.
pub fn is_smtp_url(url: &str) -> bool {
    let known = url.starts_with("smtp://") || url.starts_with("smtps://");
    known && AsyncSmtpTransport::<Tokio1Executor>::from_url(&with_tls(url)).is_ok()
}

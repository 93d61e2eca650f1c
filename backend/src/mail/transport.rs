//! The ways by which a mail leaves.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use lettre::transport::smtp::response::Code;
use lettre::transport::smtp::{AsyncSmtpTransport, Error};
use lettre::{AsyncTransport, Tokio1Executor};
use secrecy::ExposeSecret;

use super::Outgoing;
use super::smtp::SmtpServer;
use crate::config::MailTransport;

/// How long one answer of a server is waited for.
pub(super) const TIMEOUT: Duration = Duration::from_secs(30);

const LONGEST_REASON: usize = 500;

/// Why a mail was not sent.
pub(super) struct Refusal {
    /// Another attempt would end the same.
    pub(super) is_final: bool,
    /// What the other side said.
    pub(super) reason: String,
}

impl Refusal {
    /// One that may not come again.
    pub(super) fn passing(error: impl std::fmt::Display) -> Self {
        Self { is_final: false, reason: shorten(&error.to_string()) }
    }

    /// One that would come again and again.
    pub(super) fn last(error: impl std::fmt::Display) -> Self {
        Self { is_final: true, ..Self::passing(error) }
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
            MailTransport::Smtp(url) => {
                let server = SmtpServer::parse(url.expose_secret()).ok_or("mail.url names no server")?;
                Self::Smtp(server.transport()?)
            }
        })
    }

    /// Sends a mail; what became of it, in the words of the other side.
    pub(super) async fn send(&self, id: &str, mail: Outgoing) -> Result<String, Refusal> {
        match self {
            Self::Log => {
                print(&mail.readable).map(|()| "it is printed and goes no further, for mail.url is log:".to_owned())
            }
            Self::File(directory) => {
                let path = write_file(directory, id, &mail.message.formatted()).map_err(Refusal::passing)?;
                Ok(format!("written to {}", path.display()))
            }
            Self::Smtp(transport) => {
                // What fails before the mail is offered, a certificate or a password, says nothing about the mail.
                greet(transport).await.map_err(Refusal::passing)?;
                let answer = transport.send(mail.message).await.map_err(|error| {
                    let is_final = error.is_permanent() && !is_about_the_session(error.status());
                    Refusal { is_final, ..Refusal::passing(reason(&error)) }
                })?;
                Ok(format!("{} {}", answer.code(), answer.message().collect::<Vec<_>>().join(" ")))
            }
        }
    }

    /// Whether mails can leave, found out without sending one.
    pub(super) async fn check(&self) -> Result<(), String> {
        match self {
            Self::File(directory) if directory.exists() && !directory.is_dir() => {
                Err(format!("{} is no directory", directory.display()))
            }
            Self::Log | Self::File(_) => Ok(()),
            Self::Smtp(transport) => greet(transport).await,
        }
    }
}

/// Finds out whether a mail can be offered: whether the server is there, encrypted and signed in to as configured.
async fn greet(transport: &AsyncSmtpTransport<Tokio1Executor>) -> Result<(), String> {
    match transport.test_connection().await {
        Ok(true) => Ok(()),
        Ok(false) => Err("the server ended the conversation".to_owned()),
        Err(error) => Err(reason(&error)),
    }
}

/// Refusals that concern who sends rather than what is sent (RFC 4954, section 6): the connection
/// of the mail is another one than that of the greeting, and can bring them too.
fn is_about_the_session(status: Option<Code>) -> bool {
    status.is_some_and(|code| matches!(u16::from(code), 530 | 534 | 535 | 538))
}

/// The mail as whoever runs Reeve at a terminal can use it. It is printed, and never a line of the log: it may hold a link that opens an account.
fn print(readable: &str) -> Result<(), Refusal> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "--- a mail that is not sent, for mail.url is log:\n{readable}\n---").map_err(Refusal::passing)
}

/// Written beside its place and moved there, so that nobody finds half a mail.
fn write_file(directory: &Path, id: &str, bytes: &[u8]) -> std::io::Result<PathBuf> {
    std::fs::create_dir_all(directory)?;
    let mut file = tempfile::NamedTempFile::new_in(directory)?;
    file.write_all(bytes)?;
    let path = directory.join(format!("{id}.eml"));
    file.persist(&path).map_err(|error| error.error)?;
    Ok(path)
}

fn reason(error: &Error) -> String {
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

/// What a server answers is kept and shown: as one line, and no novel.
fn shorten(reason: &str) -> String {
    reason.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).take(LONGEST_REASON).collect()
}

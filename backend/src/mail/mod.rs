//! Mail: put into the outbox in the transaction that is its cause, and sent by a worker, so that no answer waits for it.

mod catalogue;
mod letter;
mod message;
mod outbox;
mod probe;
mod smtp;
mod transport;
mod worker;

use lettre::message::{Mailbox, header};
use lettre::{Address, message::MultiPart};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use message::Message;
pub use outbox::{Waiting, delayed_count, failed_count, list, retry, waiting_count};
pub use probe::{check, send_test};
pub use smtp::is_smtp_url;
pub use worker::work;

use crate::config::{MailSettings, Origin};
use crate::crypto::sealing::Sealer;
use crate::db::{DbConnection, Timestamp};
use crate::features::users::{User, UserKind};
use crate::problem::Problem;

/// Whom a mail goes to.
#[derive(Clone, Debug)]
pub struct Recipient {
    /// The address.
    pub email: String,
    /// How they are called.
    pub name: Option<String>,
    /// The language that they read (BCP 47).
    pub locale: Option<String>,
    /// Whether there is somebody to read it: nobody does for a program.
    pub is_person: bool,
}

impl From<&User> for Recipient {
    fn from(user: &User) -> Self {
        Self {
            email: user.email.clone(),
            name: user.display_name.clone(),
            locale: user.locale.clone(),
            is_person: user.kind == UserKind::Person,
        }
    }
}

/// Writes mails into the outbox. Cheap to clone.
#[derive(Clone)]
pub struct Mailer {
    sealer: Sealer,
    public_url: Origin,
    /// What the product calls itself.
    product: String,
    from: Mailbox,
}

/// What the outbox keeps of a mail, sealed.
#[derive(Serialize, Deserialize)]
struct Content {
    name: Option<String>,
    subject: String,
    text: String,
    html: String,
}

/// A mail that is about to leave.
struct Outgoing {
    /// As it travels (RFC 5322), in which a long line, a link for instance, is broken.
    message: lettre::Message,
    /// As people read it.
    readable: String,
}

impl Mailer {
    /// A mailer that seals what it keeps, links to where Reeve is reached, and signs with the product's name.
    pub fn new(sealer: Sealer, public_url: Origin, product: &str, settings: &MailSettings) -> Self {
        let from = settings.from.clone().unwrap_or_else(|| default_sender(product, &public_url));
        Self { sealer, public_url, product: product.to_owned(), from }
    }

    /// The page of the application that a link leads to, with its token. Never made from what a request says of its host.
    pub fn link(&self, page: &str, token: &str) -> String {
        format!("{}/{page}?token={token}", self.public_url.as_str())
    }

    /// Puts a mail into the outbox, as part of the transaction that is its cause. None goes to a service account.
    ///
    /// # Errors
    /// Faults of the store, and a sealer without a key.
    pub fn queue(
        &self,
        connection: &mut DbConnection,
        recipient: &Recipient,
        message: &Message,
        now: Timestamp,
    ) -> Result<(), Problem> {
        if !recipient.is_person {
            return Ok(());
        }
        let id = Uuid::now_v7().to_string();
        let content = serde_json::to_vec(&self.write(recipient, message)).map_err(Problem::internal)?;
        let content = self.sealer.seal(&sealed_for(&id), &content)?;
        let expires_at = message.valid_for().map(|valid_for| now.plus(valid_for));
        let entry = outbox::NewEntry {
            id: &id,
            kind: message.kind(),
            recipient: &recipient.email,
            content: &content,
            expires_at,
        };
        outbox::insert(connection, &entry, now)?;
        Ok(())
    }

    fn write(&self, recipient: &Recipient, message: &Message) -> Content {
        let name = recipient.name.as_deref().and_then(written_name);
        let letter = letter::write(name.as_deref(), recipient.locale.as_deref(), message, &self.product);
        Content { name, subject: letter.subject, text: letter.text, html: letter.html }
    }

    /// The mail as it leaves. Its id is the same at each attempt, so that who receives it twice can tell.
    fn compose(&self, id: &str, recipient: &str, content: Content) -> Result<Outgoing, String> {
        let address: Address = recipient.parse().map_err(|error| format!("{error}"))?;
        let host = self.from.email.domain();
        let readable = format!("To: {recipient}\nSubject: {}\n\n{}", content.subject, content.text);
        let message = lettre::Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(content.name, address))
            .subject(content.subject)
            .message_id(Some(format!("<{id}@{host}>")))
            // No answers of machines to a machine (RFC 3834, section 5).
            .header(AutoSubmitted)
            .multipart(MultiPart::alternative_plain_html(content.text, content.html))
            .map_err(|error| error.to_string())?;
        Ok(Outgoing { message, readable })
    }
}

/// How a mail may call somebody. Strangers choose names at registration, for addresses of others: what could be read as a
/// link or an address would make Reeve the sender of their advertising.
fn written_name(name: &str) -> Option<String> {
    let name = name.replace(char::is_control, " ");
    let name = name.trim();
    let letters: Vec<char> = name.chars().collect();
    let is_domain =
        letters.windows(3).any(|part| part[0] == '.' && part[1].is_alphanumeric() && part[2].is_alphanumeric());
    let is_plain = !name.is_empty() && !name.contains(['/', '@', '\\']) && !is_domain;
    is_plain.then(|| name.to_owned())
}

fn sealed_for(id: &str) -> String {
    format!("mail:{id}")
}

fn default_sender(product: &str, public_url: &Origin) -> Mailbox {
    let address = Address::new("no-reply", public_url.host());
    // What is no domain, an IP address for instance, can't be written to either.
    let address = address.or_else(|_| Address::new("no-reply", "localhost"));
    #[allow(clippy::expect_used)]
    Mailbox::new(Some(product.to_owned()), address.expect("a constant address is valid"))
}

#[derive(Clone)]
struct AutoSubmitted;

impl header::Header for AutoSubmitted {
    fn name() -> header::HeaderName {
        header::HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> header::HeaderValue {
        header::HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_could_be_read_as_a_link_is_left_out() {
        for name in ["Ann", "Ann-Marie O'Neill", "J. R. R. Tolkien", "J.R. Smith", "Dr. Ann", "安娜", "Ann, \"Boss\""]
        {
            assert_eq!(written_name(name).as_deref(), Some(name));
        }
        assert_eq!(written_name("Ann\r\nBcc: ben@").as_deref(), None);
        assert_eq!(written_name("Ann\r\nBcc: ben").as_deref(), Some("Ann  Bcc: ben"));
        for name in ["", " ", "Win at evil.example", "https://evil", "www.evil.io now", "ben@evil", "evil.com/x"] {
            assert_eq!(written_name(name), None, "{name}");
        }
    }
}

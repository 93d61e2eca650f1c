//! Mail: put into the outbox in the transaction that is its cause, and sent by a worker, so that no answer waits for it.

mod catalogue;
mod letter;
mod message;
mod outbox;
mod transport;
mod worker;

use lettre::message::{Mailbox, header};
use lettre::{Address, message::MultiPart};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use message::Message;
pub use transport::is_smtp_url;
pub use worker::work;

use crate::config::{MailSettings, Origin};
use crate::crypto::sealing::{Sealer, SealingError};
use crate::db::{DbConnection, Timestamp};
use crate::features::users::User;
use crate::problem::Problem;

/// What the product calls itself.
const PRODUCT: &str = "Reeve";

/// Whom a mail goes to.
#[derive(Clone, Debug)]
pub struct Recipient {
    /// The address.
    pub email: String,
    /// How they are called.
    pub name: Option<String>,
    /// The language that they read (BCP 47).
    pub locale: Option<String>,
}

impl From<&User> for Recipient {
    fn from(user: &User) -> Self {
        Self { email: user.email.clone(), name: user.display_name.clone(), locale: user.locale.clone() }
    }
}

/// Writes mails into the outbox. Cheap to clone.
#[derive(Clone)]
pub struct Mailer {
    sealer: Sealer,
    public_url: Origin,
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

impl Mailer {
    /// A mailer that seals what it keeps, and links to where Reeve is reached.
    pub fn new(sealer: Sealer, public_url: Origin, settings: &MailSettings) -> Self {
        let from = settings.from.clone().unwrap_or_else(|| default_sender(&public_url));
        Self { sealer, public_url, from }
    }

    /// The page of the application that a link leads to, with its token. Never made from what a request says of its host.
    pub fn link(&self, page: &str, token: &str) -> String {
        format!("{}/{page}?token={token}", self.public_url.as_str())
    }

    /// Puts a mail into the outbox, as part of the transaction that is its cause.
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
        let letter = letter::write(recipient, message, PRODUCT);
        let content =
            Content { name: recipient.name.clone(), subject: letter.subject, text: letter.text, html: letter.html };
        let id = Uuid::now_v7().to_string();
        let content = serde_json::to_vec(&content).map_err(Problem::internal)?;
        let content = self.sealer.seal(&sealed_for(&id), &content)?;
        outbox::insert(connection, &id, message.kind(), &recipient.email, &content, now)?;
        Ok(())
    }

    /// The mail as it travels (RFC 5322). Its id is the same at each attempt, so that who receives it twice can tell.
    fn compose(&self, entry: &outbox::Entry, content: Content) -> Result<lettre::Message, String> {
        let address: Address = entry.recipient.parse().map_err(|error| format!("{error}"))?;
        let host = self.from.email.domain();
        lettre::Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(content.name, address))
            .subject(content.subject)
            .message_id(Some(format!("<{}@{host}>", entry.id)))
            // No answers of machines to a machine (RFC 3834, section 5).
            .header(AutoSubmitted)
            .multipart(MultiPart::alternative_plain_html(content.text, content.html))
            .map_err(|error| error.to_string())
    }

    fn open(&self, entry: &outbox::Entry) -> Result<Content, SealingError> {
        let content = self.sealer.open(&sealed_for(&entry.id), &entry.content)?;
        serde_json::from_slice(&content).map_err(|_| SealingError::Tampered)
    }
}

fn sealed_for(id: &str) -> String {
    format!("mail:{id}")
}

fn default_sender(public_url: &Origin) -> Mailbox {
    let address = Address::new("no-reply", public_url.host());
    // What is no domain, an IP address for instance, can't be written to either.
    let address = address.or_else(|_| Address::new("no-reply", "localhost"));
    #[allow(clippy::expect_used)]
    Mailbox::new(Some(PRODUCT.to_owned()), address.expect("a constant address is valid"))
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

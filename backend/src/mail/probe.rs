//! Trying out whether mails can leave, for whoever runs Reeve.

use secrecy::ExposeSecret;
use uuid::Uuid;

use super::smtp::SmtpServer;
use super::transport::Transport;
use super::{Message, Recipient};
use crate::config::MailTransport;
use crate::state::AppState;

/// Finds out whether mails can leave, without sending one; how they do.
///
/// # Errors
/// What is wrong, in a sentence.
pub async fn check(configured: &MailTransport) -> Result<String, String> {
    let how = match configured {
        MailTransport::Log => "mails are printed and not sent (mail.url is log:)".to_owned(),
        MailTransport::File(directory) => format!("mails become files in {}", directory.display()),
        MailTransport::Smtp(url) => match SmtpServer::parse(url.expose_secret()) {
            Some(server) => server.describe(),
            None => return Err("mail.url names no server".to_owned()),
        },
    };
    match Transport::new(configured) {
        Ok(transport) => match transport.check().await {
            Ok(()) => Ok(how),
            Err(reason) => Err(format!("{how}: {reason}")),
        },
        Err(reason) => Err(format!("{how}: {reason}")),
    }
}

/// Sends a mail at once, past the outbox; what became of it.
///
/// # Errors
/// What the other side said.
pub async fn send_test(state: &AppState, recipient: &Recipient) -> Result<String, String> {
    let transport = Transport::new(&state.settings.mail.transport)?;
    let id = Uuid::now_v7().to_string();
    let content = state.mailer.write(recipient, &Message::Test);
    let mail = state.mailer.compose(&id, &recipient.email, content)?;
    transport.send(&id, mail).await.map_err(|refusal| refusal.reason)
}

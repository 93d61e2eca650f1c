//! `reeve mail`.

use clap::Subcommand;

use super::{Context, Failure, output, refusal};
use crate::access::Caller;
use crate::features::audit::{self, Changes, Event, Target};
use crate::features::users::Email;
use crate::mail::{self, Recipient, Waiting};
use crate::problem::Problem;
use crate::state::AppState;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Send a mail at once, and print what the server said
    Test {
        /// Whom it goes to
        #[arg(value_name = "ADDRESS", value_parser = email)]
        address: Email,
        /// The language that it is in, like de
        #[arg(long)]
        locale: Option<String>,
    },
    /// List the mails that wait and those that could not be sent
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Let a mail that waits be sent now
    Retry {
        /// The mail's id
        #[arg(required_unless_present = "all", conflicts_with = "all")]
        id: Option<String>,
        /// All that wait
        #[arg(long)]
        all: bool,
    },
}

fn email(text: &str) -> Result<Email, String> {
    Email::parse(text).map_err(refusal)
}

pub(super) async fn run(context: &Context, command: Command) -> Result<(), Failure> {
    match command {
        Command::Test { address, locale } => {
            let recipient = Recipient { email: address.as_str().to_owned(), name: None, locale, is_person: true };
            // The store is not asked: whether mails leave can be found out before there is one.
            let said = mail::send_test(&context.state()?, &recipient).await.map_err(Failure::new)?;
            output::text(format!("{}: {said}\n", address.as_str()).as_bytes())
        }
        Command::List { json } => {
            let mails = context.prepared_state().await?.database.read(mail::list).await?;
            if json { output::json(&mails) } else { print(mails) }
        }
        Command::Retry { id, .. } => {
            let number = retry(&context.prepared_state().await?, id).await?;
            output::text(format!("{number} due now\n").as_bytes())
        }
    }
}

async fn retry(state: &AppState, id: Option<String>) -> Result<usize, Failure> {
    let now = state.clock.now();
    let number = state
        .database
        .write({
            let id = id.clone();
            move |connection| {
                let number = mail::retry(connection, id.as_deref(), now)?;
                if number > 0 {
                    let label = id.as_deref().unwrap_or("all");
                    let event = Event::done("mail.retried", Target::new("mail", label, label), Changes::none());
                    audit::record(connection, &Caller::operator(), event, now)?;
                }
                Ok::<_, Problem>(number)
            }
        })
        .await?;
    match id {
        Some(id) if number == 0 => Err(Failure::new(format!(
            "there is no mail {id} that waits; what has failed is not kept, so it can't be sent"
        ))),
        _ => Ok(number),
    }
}

fn print(mails: Vec<Waiting>) -> Result<(), Failure> {
    let rows: Vec<_> = mails
        .into_iter()
        .map(|mail| {
            let state = if mail.failed_at.is_some() { "failed" } else { "waits" };
            let error = mail.last_error.unwrap_or_default();
            [mail.id, state.to_owned(), mail.kind, mail.recipient, mail.attempts.to_string(), error]
        })
        .collect();
    output::table(["MAIL", "STATE", "KIND", "TO", "ATTEMPTS", "LAST ERROR"], &rows)
}

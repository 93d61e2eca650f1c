//! The command line: one file a command group.

mod audit;
mod config;
mod demo;
mod doctor;
mod keys;
mod mail;
mod migrate;
mod output;
mod roles;
mod serve;
mod users;

use std::cell::OnceCell;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::clock::Clock;
use crate::config::{ConfigError, Document, Settings};
use crate::db::DatabaseError;
use crate::problem::Problem;
use crate::state::AppState;

/// A secure admin interface for an application that already exists.
///
/// Nothing has to be configured to start: `reeve serve` makes an SQLite store in the working directory and prints where it
/// listens. Settings come from `reeve.toml` and from `REEVE_` variables; `reeve config check` shows them.
#[derive(Parser)]
#[command(name = "reeve", version, arg_required_else_help = true, propagate_version = true)]
struct Arguments {
    /// The configuration file; without it reeve.toml in the working directory, if there is one.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API, and the single-page application when `spa_dir` is set
    Serve,
    /// Bring the store's schema up to date, or show how far it is
    Migrate(migrate::Arguments),
    /// Fill the store with people, roles and history to try Reeve on
    Demo(demo::Arguments),
    /// Create, find, change and delete users
    #[command(subcommand)]
    Users(users::Command),
    /// Create, list, change and delete roles
    #[command(subcommand)]
    Roles(roles::Command),
    /// List and rotate the keys that sign access tokens, and rotate those that seal secrets
    #[command(subcommand)]
    Keys(keys::Command),
    /// Try whether mails leave, and look after those that have not
    #[command(subcommand)]
    Mail(mail::Command),
    /// Find out whether the audit trail was tampered with
    #[command(subcommand)]
    Audit(audit::Command),
    /// Look at the configuration
    #[command(subcommand)]
    Config(config::Command),
    /// Print the OpenAPI document
    Openapi,
    /// Find out whether everything that Reeve needs is there
    Doctor,
}

/// Why a command was not done, in one line.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Failure(String);

impl Failure {
    fn new(reason: impl std::fmt::Display) -> Self {
        Self(reason.to_string())
    }
}

macro_rules! failure_from {
    ($($error:ty),*) => { $(impl From<$error> for Failure {
        fn from(error: $error) -> Self { Self(error.to_string()) }
    })* };
}
failure_from!(std::io::Error, ConfigError, DatabaseError, serde_json::Error);

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        match problem.cause() {
            Some(cause) => Self(format!("{problem} ({cause})")),
            None => Self(problem.to_string()),
        }
    }
}

/// The reason why a value on the command line was refused, for clap.
fn refusal((_, message): (&'static str, String)) -> String {
    message
}

/// What every command starts from.
struct Context {
    document: Document,
    /// The state that a command wrote with, if it did.
    used: OnceCell<AppState>,
}

impl Context {
    fn settings(&self) -> Result<Settings, Failure> {
        Ok(Settings::from_document(&self.document)?)
    }

    /// A state over the store, whatever the store's schema is.
    fn state(&self) -> Result<AppState, Failure> {
        let settings = self.settings()?;
        let port = settings.listen.port();
        Ok(AppState::new(settings, port, Clock::default())?)
    }

    /// A state over the store as a server would leave it.
    async fn prepared_state(&self) -> Result<AppState, Failure> {
        let state = self.state()?;
        state.prepare_store().await?;
        let _ = self.used.set(state.clone());
        Ok(state)
    }
}

/// Runs the command that the process was started with: 0 done, 1 refused or failed, 2 wrong usage.
pub fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("reeve: {failure}");
            ExitCode::from(1)
        }
    }
}

fn run(arguments: Arguments) -> Result<(), Failure> {
    if let Command::Openapi = arguments.command {
        return output::text(crate::app::contract().as_bytes());
    }
    let context = Context { document: Document::load(arguments.config.as_deref())?, used: OnceCell::new() };
    actix_web::rt::System::new().block_on(async {
        let outcome = match arguments.command {
            Command::Serve => serve::serve(&context).await,
            Command::Migrate(arguments) => migrate::run(&context, arguments).await,
            Command::Demo(arguments) => demo::run(&context, arguments).await,
            Command::Users(command) => users::run(&context, command).await,
            Command::Roles(command) => roles::run(&context, command).await,
            Command::Keys(command) => keys::run(&context, command).await,
            Command::Mail(command) => mail::run(&context, command).await,
            Command::Audit(command) => audit::run(&context, command).await,
            Command::Config(command) => config::run(&context, &command),
            Command::Doctor => doctor::run(&context).await,
            Command::Openapi => Ok(()),
        };
        // What the command recorded, refusals too. Where it fails, the next server does it.
        if let Some(state) = context.used.get() {
            let _ = crate::features::audit::link_all(state).await;
        }
        outcome
    })
}

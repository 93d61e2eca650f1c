//! The command line: one file a command group.

mod serve;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::clock::Clock;
use crate::config::{Document, Settings};
use crate::problem::Problem;
use crate::state::AppState;

/// A secure admin interface for an application that already exists.
#[derive(Parser)]
#[command(name = "reeve", version, about, arg_required_else_help = true, propagate_version = true)]
struct Arguments {
    /// The configuration file; without it reeve.toml in the working directory, if there is one.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves the API, and the single-page application when spa_dir is set.
    Serve,
    /// Prints the OpenAPI document.
    Openapi,
}

/// Why a command was not done, in one line.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Failure(String);

impl Failure {
    /// A failure with its reason.
    pub fn new(reason: impl std::fmt::Display) -> Self {
        Self(reason.to_string())
    }
}

macro_rules! failure_from {
    ($($error:ty),*) => { $(impl From<$error> for Failure {
        fn from(error: $error) -> Self { Self(error.to_string()) }
    })* };
}
failure_from!(std::io::Error, crate::config::ConfigError, crate::db::DatabaseError);

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        match problem.cause() {
            Some(cause) => Self(format!("{problem} ({cause})")),
            None => Self(problem.to_string()),
        }
    }
}

/// What every command starts from.
struct Context {
    document: Document,
}

impl Context {
    fn settings(&self) -> Result<Settings, Failure> {
        Ok(Settings::from_document(&self.document)?)
    }

    /// A state over the store, whose schema must be up to date.
    async fn state(&self) -> Result<AppState, Failure> {
        let settings = self.settings()?;
        let port = settings.listen.port();
        let state = AppState::new(settings, port, Clock::default())?;
        Ok(state)
    }
}

/// Runs the command that the process was started with: 0 done, 1 refused or failed, 2 wrong usage.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("reeve: {failure}");
            ExitCode::from(1)
        }
    }
}

fn run(arguments: Arguments) -> Result<(), Failure> {
    if let Command::Openapi = arguments.command {
        print!("{}", String::from_utf8_lossy(crate::app::document().json()));
        return Ok(());
    }
    let context = Context { document: Document::load(arguments.config.as_deref())? };
    actix_web::rt::System::new().block_on(async {
        match arguments.command {
            Command::Serve => serve::serve(&context).await,
            Command::Openapi => Ok(()),
        }
    })
}

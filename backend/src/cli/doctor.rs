//! `reeve doctor`.

use super::{Context, Failure, output};
use crate::config::{MailTransport, Settings};
use crate::crypto::key_ring::StoredKeys;
use crate::crypto::sealing::{Sealer, StoredSealingKeys};
use crate::db::{DbConnection, HOW_TO_INDEX_TEXTS, pending_migrations, texts_are_indexed};
use crate::features::roles;
use crate::mail;
use crate::state::AppState;

/// How something was found.
enum Finding {
    Fine(String),
    /// It works, and could be better.
    Advice(String),
    Failed(String),
}

use Finding::{Advice, Failed, Fine};

/// Looks at everything that serving needs, and says of each how it is. Changes nothing.
pub(super) async fn run(context: &Context) -> Result<(), Failure> {
    let settings = context.settings()?;
    let state = context.state()?;
    let mut findings = vec![
        ("configuration", Fine("every key is known and has a value that is accepted".to_owned())),
        ("application", application(&settings)),
        ("store", store(&state).await),
    ];
    if findings.iter().all(|(_, finding)| !matches!(finding, Failed(_))) {
        findings.extend([
            ("keys", signing_keys(&state).await?),
            ("search", search(&state).await?),
            ("administrator", administrator(&state).await?),
            ("secrets", secrets(&state).await?),
            ("outbox", outbox(&state).await?),
        ]);
    }
    findings.push(("mail", mail_server(&settings).await));
    let rows: Vec<_> = findings
        .iter()
        .map(|(what, finding)| {
            let (mark, detail) = match finding {
                Fine(detail) => ("ok", detail),
                Advice(detail) => ("advice", detail),
                Failed(detail) => ("FAILED", detail),
            };
            [mark.to_owned(), (*what).to_owned(), detail.clone()]
        })
        .collect();
    output::table(["", "WHAT", "FINDING"], &rows)?;
    match findings.iter().filter(|(_, finding)| matches!(finding, Failed(_))).count() {
        0 => Ok(()),
        failed => Err(Failure::new(format!("{failed} of {} checks failed", findings.len()))),
    }
}

fn application(settings: &Settings) -> Finding {
    match &settings.spa_dir {
        Some(directory) if directory.join("index.html").is_file() => Fine(directory.display().to_string()),
        Some(directory) => Failed(format!("there is no index.html in {}", directory.display())),
        None => Fine("not served (spa_dir is unset)".to_owned()),
    }
}

async fn store(state: &AppState) -> Finding {
    match state.database.administer(pending_migrations).await {
        Ok(steps) if steps.is_empty() => Fine(format!("{} is reachable and up to date", state.database.url())),
        Ok(steps) => Failed(format!("{} migrations are missing: run reeve migrate", steps.len())),
        Err(error) => Failed(error.to_string()),
    }
}

async fn signing_keys(state: &AppState) -> Result<Finding, Failure> {
    let keys = state.database.read(StoredKeys::load).await?;
    Ok(if keys.is_empty() {
        Failed("there are none: run reeve serve once".to_owned())
    } else {
        Fine("there are keys to sign with".to_owned())
    })
}

async fn search(state: &AppState) -> Result<Finding, Failure> {
    Ok(if state.database.read(texts_are_indexed).await? {
        Fine("parts of texts are found by an index".to_owned())
    } else {
        Advice(format!("reads all users, which is slow when they are many; as who may: {HOW_TO_INDEX_TEXTS}"))
    })
}

async fn administrator(state: &AppState) -> Result<Finding, Failure> {
    let verification = state.settings.email_verification;
    let exists = move |connection: &mut DbConnection| roles::has_active_administrator(connection, verification);
    Ok(if state.database.read(exists).await? {
        Fine("somebody can administer".to_owned())
    } else {
        Failed("nobody can administer: run reeve serve and follow the link".to_owned())
    })
}

/// Whether what is sealed in the store opens here, and to whom else it does.
async fn secrets(state: &AppState) -> Result<Finding, Failure> {
    let keys = state.database.read(StoredSealingKeys::load).await?;
    if let Err(error) = Sealer::default().replace(&keys, &state.settings.secret_keys) {
        return Ok(Failed(error.to_string()));
    }
    Ok(if keys.lie_open() {
        let advice =
            "the keys that seal lie in the store as they are, so whoever has it or a backup opens all: set secret_key";
        Advice(advice.to_owned())
    } else {
        Fine("the store alone opens nothing".to_owned())
    })
}

async fn outbox(state: &AppState) -> Result<Finding, Failure> {
    let count = |connection: &mut DbConnection| Ok((mail::waiting_count(connection)?, mail::failed_count(connection)?));
    let (waiting, failed) = state.database.read(count).await?;
    let counts = format!("{waiting} mails wait, {failed} could not be sent");
    Ok(if failed > 0 { Advice(format!("{counts} (reeve mail list tells why)")) } else { Fine(counts) })
}

async fn mail_server(settings: &Settings) -> Finding {
    match mail::check(&settings.mail.transport).await {
        Ok(detail) if matches!(settings.mail.transport, MailTransport::Log) => Advice(detail),
        Ok(detail) => Fine(detail),
        Err(detail) => Failed(detail),
    }
}

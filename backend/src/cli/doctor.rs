//! `reeve doctor`.

use super::{Context, Failure, output};
use crate::crypto::key_ring::StoredKeys;
use crate::crypto::sealing::{Sealer, StoredSealingKeys};
use crate::db::{DbConnection, HOW_TO_INDEX_TEXTS, pending_migrations, texts_are_indexed};
use crate::features::roles;
use crate::mail;
use crate::state::AppState;

/// Looks at everything that serving needs, and says of each how it is. Changes nothing.
pub(super) async fn run(context: &Context) -> Result<(), Failure> {
    let settings = context.settings()?;
    let state = context.state()?;
    let mut findings =
        vec![finding("configuration", Ok("every key is known and has a value that is accepted".to_owned()))];
    findings.push(match &settings.spa_dir {
        Some(directory) if directory.join("index.html").is_file() => {
            finding("application", Ok(directory.display().to_string()))
        }
        Some(directory) => finding("application", Err(format!("there is no index.html in {}", directory.display()))),
        None => finding("application", Ok("not served (spa_dir is unset)".to_owned())),
    });
    let pending = state.database.administer(pending_migrations).await;
    let reachable = pending.is_ok();
    findings.push(finding(
        "store",
        match pending {
            Ok(steps) if steps.is_empty() => Ok(format!("{} is reachable and up to date", state.database.url())),
            Ok(steps) => Err(format!("{} migrations are missing: run reeve migrate", steps.len())),
            Err(error) => Err(error.to_string()),
        },
    ));
    if reachable && findings.iter().all(|(_, finding)| finding.is_ok()) {
        let keys = state.database.read(StoredKeys::load).await?;
        findings.push(finding(
            "keys",
            if keys.is_empty() {
                Err("there are none: run reeve serve once".to_owned())
            } else {
                Ok("there are keys to sign with".to_owned())
            },
        ));
        let indexed = state.database.read(texts_are_indexed).await?;
        findings.push(finding(
            "search",
            // It works all the same, so it is no failure.
            Ok(if indexed {
                "parts of texts are found by an index".to_owned()
            } else {
                format!("reads all users, which is slow when they are many; as who may: {HOW_TO_INDEX_TEXTS}")
            }),
        ));
        let administrator = state.database.read(roles::has_active_administrator).await?;
        findings.push(finding(
            "administrator",
            if administrator {
                Ok("somebody can administer".to_owned())
            } else {
                Err("nobody can administer: run reeve serve and follow the link".to_owned())
            },
        ));
        findings.push(finding("secrets", secrets(&state).await?));
        findings.push(finding("outbox", outbox(&state).await?));
    }
    findings.push(finding("mail", mail::check(&settings.mail.transport).await));
    let rows: Vec<_> = findings
        .iter()
        .map(|(what, finding)| match finding {
            Ok(detail) => ["ok".to_owned(), what.clone(), detail.clone()],
            Err(detail) => ["FAILED".to_owned(), what.clone(), detail.clone()],
        })
        .collect();
    output::table(["", "WHAT", "FINDING"], &rows)?;
    match findings.iter().filter(|(_, finding)| finding.is_err()).count() {
        0 => Ok(()),
        failed => Err(Failure::new(format!("{failed} of {} checks failed", findings.len()))),
    }
}

/// Whether what is sealed in the store opens here, and to whom else it does.
async fn secrets(state: &AppState) -> Result<Result<String, String>, Failure> {
    let keys = state.database.read(StoredSealingKeys::load).await?;
    if let Err(error) = Sealer::default().replace(&keys, &state.settings.secret_keys) {
        return Ok(Err(error.to_string()));
    }
    // It is a choice, so it is no failure.
    Ok(Ok(if keys.lie_open() {
        "the keys that seal lie in the store as they are, so whoever has it or a backup opens all: set secret_key"
            .to_owned()
    } else {
        "the store alone opens nothing".to_owned()
    }))
}

async fn outbox(state: &AppState) -> Result<Result<String, String>, Failure> {
    let count = |connection: &mut DbConnection| Ok((mail::waiting_count(connection)?, mail::failed_count(connection)?));
    let (waiting, failed) = state.database.read(count).await?;
    let hint = if failed > 0 { " (reeve mail list tells why)" } else { "" };
    Ok(Ok(format!("{waiting} mails wait, {failed} could not be sent{hint}")))
}

type Finding = (String, Result<String, String>);

fn finding(what: &str, found: Result<String, String>) -> Finding {
    (what.to_owned(), found)
}

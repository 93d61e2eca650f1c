//! Stores with many users in them, made by the binary itself.

use std::path::Path;
use std::process::{Command, Stdio};

use reeve::config::PasswordSettings;
use reeve::crypto::password_hash::PasswordHasher;
use secrecy::SecretString;

use crate::Result;
use crate::client::Client;
use crate::database::{Database, execute};
use crate::process::Process;

/// The password of everybody who can sign in.
pub(crate) const PASSWORD: &str = "a passphrase for the bench";
const ADMINISTRATOR: &str = "administrator@example.com";
/// What signing in costs: the defaults of the configuration.
pub(crate) const COST: PasswordSettings = PasswordSettings {
    min_length: 12,
    min_strength: 3,
    history: 0,
    breach_check_url: None,
    memory_kib: 19_456,
    iterations: 2,
    parallelism: 1,
};

/// A store with users in it.
pub(crate) struct Store {
    pub(crate) url: String,
}

impl Store {
    /// Makes a store of so many people as `reeve demo` makes; those who may read users can sign in with [`PASSWORD`].
    pub(crate) fn fill(database: &Database, binaries: &Path, name: &str, users: u32) -> Result<Self> {
        let url = database.create(name)?;
        eprintln!("{}: making {users} users ...", database.name());
        reeve(binaries, &url, &["demo", "--users", &users.to_string()])?;
        reeve(binaries, &url, &["users", "create", ADMINISTRATOR, "--no-password", "--role", "admin"])?;
        let statement = format!(
            "UPDATE users SET password_hash = '{}', active = true, approved = true WHERE id IN (SELECT user_id \
             FROM user_roles INNER JOIN roles ON roles.id = role_id WHERE name IN ('admin', 'owner'))",
            hash()?
        );
        execute(&url, &statement)?;
        // What autovacuum would have done a minute later; SQLite keeps no statistics unless it is told to.
        if matches!(database, Database::Postgres(_)) {
            execute(&url, "VACUUM ANALYZE")?;
        }
        Ok(Self { url })
    }

    /// The access token of somebody who may do everything.
    pub(crate) fn administrator(process: &Process) -> Result<String> {
        Ok(Client::new(process.address).sign_in(ADMINISTRATOR)?.access_token)
    }
}

fn reeve(binaries: &Path, url: &str, arguments: &[&str]) -> Result<()> {
    let mut command = Command::new(binaries.join("reeve"));
    command.args(arguments).env("REEVE_DATABASE_URL", url).stdin(Stdio::null()).stdout(Stdio::null());
    if command.stderr(Stdio::null()).status()?.success() {
        Ok(())
    } else {
        Err(format!("reeve {} failed on {url}", arguments.join(" ")).into())
    }
}

fn hash() -> Result<String> {
    let hasher = PasswordHasher::start(&COST, 1)?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    runtime.block_on(hasher.hash(SecretString::from(PASSWORD))).map_err(|problem| problem.to_string().into())
}

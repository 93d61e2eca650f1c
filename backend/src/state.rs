//! What handlers and use cases need, passed in: there are no globals.

use std::ops::Deref;
use std::sync::Arc;

use diesel::prelude::*;
use diesel::sql_types::Integer;
use zeroize::Zeroizing;

use crate::access::{AccessCache, AccessChanges, Change, Identity, Refusals};
use crate::clock::Clock;
use crate::config::{Origin, Settings};
use crate::crypto::access_token::{AccessTokens, Lifetimes};
use crate::crypto::key_ring::{self, KeyRing, StoredKeys};
use crate::crypto::password_hash::PasswordHasher;
use crate::crypto::sealing::{self, Sealer, SealingError, StoredSealingKeys};
use crate::db::{Database, DbConnection, migrate};
use crate::features::attempts::Queues;
use crate::features::auth::first_administrator::{self, FirstAdministrator};
use crate::features::auth::{BreachedPasswords, StrengthMeter};
use crate::features::passkeys::RelyingParty;
use crate::features::roles;
use crate::mail::Mailer;
use crate::oidc::Providers;
use crate::problem::Problem;

/// Everything that handlers and use cases need. Cheap to clone: one pointer.
#[derive(Clone)]
pub struct AppState(Arc<Parts>);

/// See [`AppState`].
#[allow(missing_docs)]
pub struct Parts {
    pub settings: Settings,
    /// Where browsers and links reach Reeve.
    pub public_url: Origin,
    pub clock: Clock,
    pub database: Database,
    pub access: AccessCache,
    /// What was refused a moment ago, so that the audit trail is not flooded.
    pub refusals: Refusals,
    pub access_tokens: AccessTokens,
    pub hasher: PasswordHasher,
    /// Judges new passwords.
    pub strength: StrengthMeter,
    /// New passwords must not be among these.
    pub breached_passwords: BreachedPasswords,
    /// Seals what the store must hold and nobody may read there.
    pub sealer: Sealer,
    pub mailer: Mailer,
    /// Verifies passkeys; `None` where there can be none.
    pub relying_party: Option<RelyingParty>,
    /// Whom people can sign in with.
    pub oidc: Providers,
    /// Where attempts on one account wait for each other.
    pub attempts: Queues,
    /// Whether somebody can administer.
    pub first_administrator: FirstAdministrator,
}

impl Deref for AppState {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl AppState {
    /// Starts the threads over a store; nothing is read from it yet.
    ///
    /// # Errors
    /// When a thread can't be started, or the machine's certificates can't be had where they are needed.
    pub fn new(settings: Settings, port: u16, clock: Clock) -> std::io::Result<Self> {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let public_url = settings.public_origin(port);
        let database = Database::start(&settings.database_url, (cores * 2).clamp(4, 16))?;
        let issuer = settings.token.issuer.clone().unwrap_or_else(|| public_url.as_str().to_owned());
        let lifetimes = Lifetimes { own: settings.token.access_ttl, impersonation: settings.impersonation_ttl };
        let access_tokens = AccessTokens::new(KeyRing::default(), issuer, settings.token.audience.clone(), lifetimes);
        let access = AccessCache::new(database.clone(), access_tokens.clone(), clock.clone());
        let hasher = PasswordHasher::start(&settings.password, cores)?;
        let breached_passwords = BreachedPasswords::new(settings.password.breach_check_url.as_ref())?;
        let sealer = Sealer::default();
        let mailer = Mailer::new(sealer.clone(), public_url.clone(), &settings.product_name, &settings.mail);
        let relying_party = RelyingParty::new(&settings, &public_url)?;
        let oidc = Providers::new(&settings.oidc)?;
        let attempts = Queues::new(settings.lockout.max_failures);
        let parts = Parts {
            settings,
            public_url,
            clock,
            database,
            access,
            refusals: Refusals::default(),
            access_tokens,
            hasher,
            strength: StrengthMeter::default(),
            breached_passwords,
            sealer,
            mailer,
            relying_party,
            oidc,
            attempts,
            first_administrator: FirstAdministrator::default(),
        };
        Ok(Self(Arc::new(parts)))
    }

    /// Runs a use case that changes who may do what: its transaction holds the clock of access from its first statement,
    /// and what it changed is forgotten here at once and elsewhere within a second.
    ///
    /// # Errors
    /// Those of the use case, and faults of the store.
    pub async fn change_access<T, F>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&mut DbConnection, &mut AccessChanges) -> Result<T, Problem> + Send + 'static,
    {
        let now = self.clock.now();
        let (value, changes) = self
            .database
            .write(move |connection| {
                let mut changes = AccessChanges::begin(connection)?;
                let value = work(connection, &mut changes)?;
                let changes = changes.finish(connection, now)?;
                Ok::<_, Problem>((value, changes))
            })
            .await?;
        self.access.forget(&changes);
        Ok(value)
    }

    /// Who presents a bearer token.
    ///
    /// # Errors
    /// When the store can't answer.
    pub async fn identify(&self, token: &str) -> Result<Identity, Problem> {
        // A token of a key that was made on another node a moment ago.
        let unknown =
            AccessTokens::claimed_key(token).filter(|kid| self.access_tokens.keys().verifying_key(kid).is_none());
        if unknown.is_some() {
            self.load_keys().await?;
        }
        self.access.identify(token).await
    }

    /// Brings the store to where requests can be served, and sees to it that somebody can administer.
    /// Answers the one-time link by which the first administrator creates themselves, if that is needed.
    ///
    /// # Errors
    /// Faults of the store, and a configured administrator that is not acceptable.
    pub async fn prepare(&self) -> Result<Option<String>, Problem> {
        self.prepare_store().await?;
        first_administrator::provide(self).await
    }

    /// Brings the schema up to date and makes the keys and the built-in role where they are missing.
    ///
    /// # Errors
    /// Faults of the store.
    pub async fn prepare_store(&self) -> Result<(), Problem> {
        self.database.administer(migrate).await?;
        let now = self.clock.now();
        let (wrapping, sealer) = (self.settings.secret_keys.clone(), self.sealer.clone());
        let newest = wrapping.first().cloned();
        let has_all = self
            .database
            .read(move |connection| {
                let keys = StoredKeys::load(connection)?;
                Ok(StoredSealingKeys::load(connection)?.are_as_configured(newest.as_ref())
                    && !keys.is_empty()
                    && keys.are_sealed()
                    && roles::has_administrator_role(connection)?)
            })
            .await?;
        if !has_all {
            self.change_access(move |connection, changes| {
                sealing::configure(connection, &wrapping, now)?;
                sealer.replace(&StoredSealingKeys::load(connection)?, &wrapping)?;
                key_ring::create_first_keys(connection, &sealer, now)?;
                key_ring::seal_again(connection, &sealer)?;
                roles::ensure_admin_role(connection, now)?;
                changes.add(Change::Keys);
                Ok(())
            })
            .await?;
        }
        self.load_keys().await?;
        Ok(())
    }

    /// Whether requests can be served.
    ///
    /// # Errors
    /// `unavailable` while the store does not answer or there is no key to sign with.
    pub async fn check_ready(&self) -> Result<(), Problem> {
        self.database
            .read_aside(|connection| diesel::select(1.into_sql::<Integer>()).get_result::<i32>(connection))
            .await?;
        if self.access_tokens.keys().signing_key().is_none() {
            self.load_keys().await?;
        }
        Ok(())
    }

    /// Opens what was sealed for `context`, by a key that another node may have made a moment ago.
    ///
    /// # Errors
    /// When it was tampered with or its key is gone, and when the store can't answer.
    pub async fn unseal(&self, context: &str, sealed: &str) -> Result<Zeroizing<Vec<u8>>, Problem> {
        match self.sealer.open(context, sealed) {
            Err(SealingError::UnknownKey | SealingError::NoKey) => self.load_keys().await?,
            opened => return Ok(opened?),
        }
        Ok(self.sealer.open(context, sealed)?)
    }

    /// Reads the keys that seal and those that sign out of the store.
    ///
    /// # Errors
    /// When the store can't answer, or its keys can't be opened with the configured `secret_key`.
    pub async fn load_keys(&self) -> Result<(), Problem> {
        let load =
            |connection: &mut DbConnection| Ok((StoredSealingKeys::load(connection)?, StoredKeys::load(connection)?));
        let (sealing, signing) = self.database.read(load).await?;
        self.sealer.replace(&sealing, &self.settings.secret_keys)?;
        self.access_tokens.keys().replace(&signing, &self.sealer, self.access_tokens.longest_lifetime())?;
        Ok(())
    }
}

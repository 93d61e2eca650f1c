//! What was found out about tokens, sessions and users, kept until it changes: a request needs no query to know who asks.

use std::net::IpAddr;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use quick_cache::sync::Cache;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::account::Account;
use super::actor::{Actor, Credential};
use super::api_key::LiveApiKey;
use super::changes::Change;
use super::impersonation::{self, Impersonation};
use super::queries::{self, Found};
use crate::clock::Clock;
use crate::crypto::access_token::{AccessTokens, Claims};
use crate::crypto::api_key::ApiKeySecret;
use crate::db::{Database, Timestamp};
use crate::problem::Problem;

/// Who a request comes from, as far as its credentials tell.
#[derive(Clone, Debug)]
pub enum Identity {
    /// It carries no credentials.
    Anonymous,
    /// It carries credentials that are not, or no longer, good for anything.
    Refused,
    /// It comes from this user.
    Known(Actor),
}

const ENTRIES: usize = 20_000;
/// Longer without news of the other processes, and nothing cached is trusted: revocation holds within one second everywhere.
const TRUSTED_FOR: Duration = Duration::from_millis(900);

#[derive(Clone, Copy)]
struct LiveSession {
    user_id: Uuid,
    expires_at: Timestamp,
    impersonation: Option<Impersonation>,
}

/// The caches, and how they are filled.
pub struct AccessCache {
    tokens: Cache<[u8; 32], Arc<Claims>>,
    sessions: Cache<Uuid, LiveSession>,
    accounts: Cache<Uuid, Arc<Account>>,
    /// Which key a text is never changes; whether the key is good does.
    key_ids: Cache<[u8; 32], Uuid>,
    keys: Cache<Uuid, Arc<LiveApiKey>>,
    /// When which keys were used, until it is written down.
    used_keys: Mutex<Vec<(Uuid, Timestamp)>>,
    /// Counts changes, so that what was read before one is not kept after it.
    epoch: AtomicU64,
    heard_at: AtomicI64,
    database: Database,
    access_tokens: AccessTokens,
    clock: Clock,
}

impl AccessCache {
    /// Empty caches over a store.
    pub fn new(database: Database, access_tokens: AccessTokens, clock: Clock) -> Self {
        Self {
            tokens: Cache::new(ENTRIES),
            sessions: Cache::new(ENTRIES),
            accounts: Cache::new(ENTRIES),
            key_ids: Cache::new(ENTRIES),
            keys: Cache::new(ENTRIES),
            used_keys: Mutex::default(),
            epoch: AtomicU64::new(0),
            heard_at: AtomicI64::new(0),
            database,
            access_tokens,
            clock,
        }
    }

    /// Who presents `token`, if all that it takes to know is cached and can be trusted.
    pub fn peek(&self, token: &str) -> Option<Identity> {
        let now = self.clock.now();
        if !self.is_trusted(now) {
            return None;
        }
        let claims = self.tokens.get(&fingerprint(token))?;
        if claims.exp <= now.as_seconds() {
            return Some(Identity::Refused);
        }
        let session = self.sessions.get(&claims.sid)?;
        let account = self.accounts.get(&session.user_id)?;
        let impersonator = match session.impersonation {
            Some(impersonation) => {
                // It ends with the session that it was begun from: that one's end is heard of by its own name.
                self.sessions.get(&impersonation.session_id)?;
                Some(self.accounts.get(&impersonation.impersonator_id)?)
            }
            None => None,
        };
        Some(identify(&claims, session, account, impersonator, now))
    }

    /// Who presents `token`, by asking the store for what is not cached.
    ///
    /// # Errors
    /// When the store can't answer: nobody is let in on a guess.
    pub async fn identify(&self, token: &str) -> Result<Identity, Problem> {
        if let Some(identity) = self.peek(token) {
            return Ok(identity);
        }
        let now = self.clock.now();
        let Some(claims) = self.verified(token, now) else { return Ok(Identity::Refused) };
        let epoch = self.epoch.load(Ordering::SeqCst);
        let (session_id, user_id) = (claims.sid, claims.sub);
        let found = self
            .database
            .read(move |connection| {
                let Some((owner, expires_at)) = queries::live_session(connection, session_id, now)? else {
                    return Ok(None);
                };
                let Some(account) = queries::account(connection, user_id)? else { return Ok(None) };
                let impersonator = match queries::impersonation(connection, session_id, now)? {
                    Found::None => None,
                    Found::Over => return Ok(None),
                    Found::Live(impersonation) => {
                        let impersonator = queries::account(connection, impersonation.impersonator_id)?;
                        let Some(impersonator) = impersonator else { return Ok(None) };
                        Some((impersonation, Arc::new(impersonator)))
                    }
                };
                Ok(Some((owner, expires_at, Arc::new(account), impersonator)))
            })
            .await?;
        let Some((owner, expires_at, account, impersonator)) = found else { return Ok(Identity::Refused) };
        if owner != user_id {
            return Ok(Identity::Refused);
        }
        let (impersonation, impersonator) = impersonator.unzip();
        let session = LiveSession { user_id, expires_at, impersonation };
        self.keep(epoch, session_id, session, &account, impersonator.as_ref());
        Ok(identify(&claims, session, account, impersonator, now))
    }

    /// Who presents an API key, if all that it takes to know is cached and can be trusted.
    pub(super) fn peek_key(&self, token: &str, ip: Option<IpAddr>) -> Option<Identity> {
        let now = self.clock.now();
        if !self.is_trusted(now) {
            return None;
        }
        let key = self.keys.get(&self.key_ids.get(&fingerprint(token))?)?;
        let owner = self.accounts.get(&key.user_id())?;
        Some(self.used(&key, &owner, ip, now))
    }

    /// Who presents an API key, by asking the store; `None` if there is no such key.
    ///
    /// # Errors
    /// When the store can't answer.
    pub(super) async fn identify_key(&self, token: &str, ip: Option<IpAddr>) -> Result<Option<Identity>, Problem> {
        let Some(secret) = ApiKeySecret::presented(token) else { return Ok(None) };
        let now = self.clock.now();
        let epoch = self.epoch.load(Ordering::SeqCst);
        let found = self
            .database
            .read(move |connection| {
                let Some(key) = queries::api_key(connection, &secret)? else { return Ok(None) };
                let owner = queries::account(connection, key.user_id)?;
                Ok(Some((key, owner)))
            })
            .await?;
        let Some((key, owner)) = found else { return Ok(None) };
        let Some(owner) = owner.map(Arc::new) else { return Ok(Some(Identity::Refused)) };
        let key = Arc::new(LiveApiKey::new(key, &owner));
        self.key_ids.insert(fingerprint(token), key.id());
        self.keys.insert(key.id(), Arc::clone(&key));
        self.accounts.insert(key.user_id(), Arc::clone(&owner));
        // As in `keep`.
        if self.epoch.load(Ordering::SeqCst) != epoch {
            self.keys.remove(&key.id());
            self.accounts.remove(&key.user_id());
        }
        Ok(Some(self.used(&key, &owner, ip, now)))
    }

    fn used(&self, key: &LiveApiKey, owner: &Arc<Account>, ip: Option<IpAddr>, now: Timestamp) -> Identity {
        let identity = key.identify(owner, ip, now);
        if matches!(identity, Identity::Known(_)) && key.is_to_be_noted(now) {
            self.used_keys.lock().unwrap_or_else(PoisonError::into_inner).push((key.id(), now));
        }
        identity
    }

    /// Which keys were used since this was last asked.
    pub(super) fn take_used_keys(&self) -> Vec<(Uuid, Timestamp)> {
        std::mem::take(&mut *self.used_keys.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn verified(&self, token: &str, now: Timestamp) -> Option<Arc<Claims>> {
        let key = fingerprint(token);
        if let Some(claims) = self.tokens.get(&key) {
            return (claims.exp > now.as_seconds()).then_some(claims);
        }
        let claims = Arc::new(self.access_tokens.verify(token, now)?);
        self.tokens.insert(key, Arc::clone(&claims));
        Some(claims)
    }

    fn keep(
        &self,
        epoch: u64,
        session_id: Uuid,
        session: LiveSession,
        account: &Arc<Account>,
        impersonator: Option<&Arc<Account>>,
    ) {
        let mut sessions = vec![(session_id, session)];
        let mut accounts = vec![(session.user_id, account)];
        if let (Some(behind), Some(impersonator)) = (session.impersonation, impersonator) {
            let begun_from = LiveSession {
                user_id: behind.impersonator_id,
                expires_at: behind.session_expires_at,
                impersonation: None,
            };
            sessions.push((behind.session_id, begun_from));
            accounts.push((behind.impersonator_id, impersonator));
        }
        for (id, session) in &sessions {
            self.sessions.insert(*id, *session);
        }
        for (id, account) in &accounts {
            self.accounts.insert(*id, Arc::clone(account));
        }
        // A change that came between the reading and now has removed nothing yet: remove it here.
        if self.epoch.load(Ordering::SeqCst) != epoch {
            for (id, _) in &sessions {
                self.sessions.remove(id);
            }
            for (id, _) in &accounts {
                self.accounts.remove(id);
            }
        }
    }

    /// Forgets what has changed. Called after the commit, here and on every other process.
    pub fn forget(&self, changes: &[Change]) {
        self.epoch.fetch_add(1, Ordering::SeqCst);
        for change in changes {
            match change {
                Change::User(id) => {
                    self.accounts.remove(id);
                }
                Change::Session(id) => {
                    self.sessions.remove(id);
                }
                Change::ApiKey(id) => {
                    self.keys.remove(id);
                }
                Change::Roles => self.accounts.clear(),
                Change::Keys => {}
            }
        }
    }

    /// Forgets everything: changes may have been missed.
    pub fn forget_all(&self) {
        self.epoch.fetch_add(1, Ordering::SeqCst);
        self.sessions.clear();
        self.keys.clear();
        self.accounts.clear();
    }

    /// Notes that all changes that were committed before `moment` have been heard of.
    pub(super) fn heard(&self, moment: Timestamp) {
        self.heard_at.store(moment.as_micros(), Ordering::Release);
    }

    pub(super) fn has_not_heard_for(&self, duration: Duration, now: Timestamp) -> bool {
        Timestamp::from_micros(self.heard_at.load(Ordering::Acquire)).plus(duration) < now
    }

    fn is_trusted(&self, now: Timestamp) -> bool {
        !self.has_not_heard_for(TRUSTED_FOR, now)
    }
}

fn identify(
    claims: &Claims,
    session: LiveSession,
    account: Arc<Account>,
    impersonator: Option<Arc<Account>>,
    now: Timestamp,
) -> Identity {
    if session.expires_at <= now || session.user_id != claims.sub {
        return Identity::Refused;
    }
    // A token says in whose hands it is: what it says and what the store says must agree.
    if claims.act.as_ref().map(|act| act.sub) != impersonator.as_ref().map(|account| account.user.id) {
        return Identity::Refused;
    }
    if let (Some(impersonation), Some(impersonator)) = (session.impersonation, &impersonator)
        && (impersonation.session_expires_at <= now
            || !impersonation::is_allowed(&impersonator.permissions, &account.permissions))
    {
        return Identity::Refused;
    }
    let credential = Credential::Session { id: claims.sid, auth_time: Timestamp::from_seconds(claims.auth_time) };
    Identity::Known(Actor { account, credential, impersonator })
}

fn fingerprint(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

//! API keys as requests present them: whose they are, and how much of what their owner may do.

use std::net::IpAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ipnet::IpNet;
use uuid::Uuid;

use super::account::Account;
use super::actor::{Actor, Credential};
use super::cache::Identity;
use super::pattern::PermissionSet;
use crate::db::Timestamp;

/// How often at most the store is told that a key was used.
pub(super) const BETWEEN_NOTES: Duration = Duration::from_secs(60);

/// The key that a request came with.
#[derive(Clone, Debug)]
pub struct ApiKeyScope {
    /// The key's id.
    pub id: Uuid,
    /// What it may be used for at most; `None` for all that its owner may do.
    pub permissions: Option<PermissionSet>,
}

impl ApiKeyScope {
    /// What may be done with the key by an owner who may do `own`.
    pub fn restrict(&self, own: PermissionSet) -> PermissionSet {
        match &self.permissions {
            Some(permissions) => own.intersection(permissions),
            None => own,
        }
    }
}

/// A key as the store has it.
pub(super) struct StoredApiKey {
    pub(super) scope: Arc<ApiKeyScope>,
    pub(super) user_id: Uuid,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) allowed_networks: Vec<IpNet>,
    pub(super) last_used_at: Option<Timestamp>,
}

/// A key that is in use.
pub(super) struct LiveApiKey {
    stored: StoredApiKey,
    /// The owner as last seen, and the same with no more permissions than the key has: worked out again only when the
    /// owner has changed.
    restricted: Mutex<(Arc<Account>, Arc<Account>)>,
    last_noted: AtomicI64,
}

impl LiveApiKey {
    pub(super) fn new(stored: StoredApiKey, owner: &Arc<Account>) -> Self {
        let restricted = restrict(&stored.scope, owner);
        let last_noted = AtomicI64::new(stored.last_used_at.map_or(0, Timestamp::as_micros));
        Self { stored, restricted: Mutex::new((Arc::clone(owner), restricted)), last_noted }
    }

    pub(super) fn user_id(&self) -> Uuid {
        self.stored.user_id
    }

    pub(super) fn id(&self) -> Uuid {
        self.stored.scope.id
    }

    /// Whom it stands for, if it is used in time and from where it may be. From elsewhere it is as good as no key at all.
    pub(super) fn identify(&self, owner: &Arc<Account>, ip: Option<IpAddr>, now: Timestamp) -> Identity {
        let expired = self.stored.expires_at.is_some_and(|expires_at| expires_at <= now);
        if expired || !self.is_allowed_from(ip) {
            return Identity::Refused;
        }
        let credential = Credential::ApiKey(Arc::clone(&self.stored.scope));
        Identity::Known(Actor { account: self.restricted(owner), credential, impersonator: None })
    }

    fn is_allowed_from(&self, ip: Option<IpAddr>) -> bool {
        let networks = &self.stored.allowed_networks;
        networks.is_empty() || ip.is_some_and(|ip| networks.iter().any(|network| network.contains(&ip)))
    }

    fn restricted(&self, owner: &Arc<Account>) -> Arc<Account> {
        let mut known = self.restricted.lock().unwrap_or_else(PoisonError::into_inner);
        if !Arc::ptr_eq(&known.0, owner) {
            *known = (Arc::clone(owner), restrict(&self.stored.scope, owner));
        }
        Arc::clone(&known.1)
    }

    /// Whether this use is worth writing down.
    pub(super) fn is_to_be_noted(&self, now: Timestamp) -> bool {
        let noted = self.last_noted.load(Ordering::Relaxed);
        Timestamp::from_micros(noted).plus(BETWEEN_NOTES) <= now
            && self.last_noted.compare_exchange(noted, now.as_micros(), Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}

fn restrict(scope: &ApiKeyScope, owner: &Arc<Account>) -> Arc<Account> {
    match &scope.permissions {
        Some(permissions) => {
            let permissions = owner.permissions.intersection(permissions);
            Arc::new(Account::new(owner.user.clone(), permissions))
        }
        None => Arc::clone(owner),
    }
}

//! Where the chain stood, signed every now and then.

use super::queries::{Checkpoint, Link};
use super::statement;
use crate::crypto::key_ring::KeyRing;
use crate::db::Timestamp;

const KIND: &str = "reeve-audit-checkpoint+jwt";

impl Checkpoint {
    /// Signs where the chain stands; `None` while there is no key to sign with.
    pub(super) fn sign(keys: &KeyRing, head: &Link, now: Timestamp) -> Option<Self> {
        let signed = statement::sign(keys, KIND, head.position, &head.hash, now)?;
        Some(Self { position: head.position, at: now, public_key: signed.public_key, statement: signed.statement })
    }

    /// The hash that it states for its position; `None` if it was not signed by its key or is of another position.
    pub(super) fn stated_hash(&self) -> Option<String> {
        statement::stated_hash(&self.statement, &self.public_key, KIND, self.position)
    }
}

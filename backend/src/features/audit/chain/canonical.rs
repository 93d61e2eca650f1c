//! What is hashed: every field of an event in one unambiguous form, the same on both databases and in an export.

use sha2::{Digest, Sha256};

use super::super::model::EventRow;

/// What stands in the place of a hash before the first link.
pub(super) const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The hash of the link at `position` that follows `prev_hash`.
///
/// Each part is preceded by its length, and a field that is null is told from an empty one: no two events are hashed alike.
pub(super) fn link_hash(position: i64, prev_hash: &str, event: &EventRow) -> String {
    let mut hash = Sha256::new();
    add(&mut hash, Some("reeve audit chain v1"));
    add(&mut hash, Some(&position.to_string()));
    add(&mut hash, Some(prev_hash));
    let (seq, at) = (event.seq.to_string(), event.at.as_micros().to_string());
    for field in [
        Some(seq.as_str()),
        Some(&event.id),
        Some(&at),
        event.actor_id.as_deref(),
        event.actor_email.as_deref(),
        event.actor_kind.as_deref(),
        event.impersonator_id.as_deref(),
        event.impersonator_email.as_deref(),
        Some(&event.action),
        event.target_type.as_deref(),
        event.target_id.as_deref(),
        event.target_label.as_deref(),
        Some(&event.outcome),
        event.ip.as_deref(),
        event.user_agent.as_deref(),
        event.request_id.as_deref(),
        Some(&event.changes),
        event.session_id.as_deref(),
    ] {
        add(&mut hash, field);
    }
    format!("{:x}", hash.finalize())
}

fn add(hash: &mut Sha256, field: Option<&str>) {
    match field {
        None => hash.update([0]),
        Some(text) => {
            hash.update([1]);
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text.as_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::db::Timestamp;

    fn event(texts: &[Option<String>], seq: i64, at: i64) -> EventRow {
        let optional = |index: usize| texts[index].clone();
        let text = |index: usize| texts[index].clone().unwrap_or_default();
        EventRow {
            seq,
            at: Timestamp::from_micros(at),
            id: text(0),
            action: text(1),
            outcome: text(2),
            changes: text(3),
            actor_id: optional(4),
            actor_email: optional(5),
            actor_kind: optional(6),
            impersonator_id: optional(7),
            impersonator_email: optional(8),
            target_type: optional(9),
            target_id: optional(10),
            target_label: optional(11),
            ip: optional(12),
            user_agent: optional(13),
            request_id: optional(14),
            session_id: optional(15),
        }
    }

    proptest! {
        #[test]
        fn any_change_of_any_field_changes_the_hash(
            texts in prop::collection::vec(prop::option::of("[ab]{0,2}"), 16),
            which in 0_usize..18,
            value in prop::option::of("[ab]{0,2}"),
            number in 0_i64..5,
            other in 0_i64..5,
        ) {
            let mut changed = texts.clone();
            let (mut seq, mut at) = (number, number);
            match which {
                16 => seq = other,
                17 => at = other,
                field if field < 4 => changed[field] = Some(value.unwrap_or_default()),
                field => changed[field] = value,
            }
            let same = seq == number && at == number && changed.iter().zip(&texts).enumerate().all(|(index, (new, old))| {
                new == old || (index < 4 && new.clone().unwrap_or_default() == old.clone().unwrap_or_default())
            });
            let before = link_hash(1, GENESIS, &event(&texts, number, number));
            prop_assert_eq!(before == link_hash(1, GENESIS, &event(&changed, seq, at)), same);
            prop_assert_ne!(before, link_hash(2, GENESIS, &event(&texts, number, number)));
        }
    }
}

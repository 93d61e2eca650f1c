//! Verifying an export by itself, in whatever order its lines are.

use std::io::BufRead;

use super::super::model::{AuditEvent, EventRow};
use super::super::retention::{BEGINS_AFTER, HASH, TRIMMED};
use super::canonical::{GENESIS, link_hash};
use super::report::Report;

/// A file that was read to its end.
pub type CheckedFile = Result<Report, String>;

/// Verifies an `ndjson` export, and that it holds `head` if one is given. Of each line only its place and hashes are kept.
///
/// # Errors
/// A sentence, where the file can't be read as an export.
pub fn verify_file(export: impl BufRead, head: Option<&str>) -> CheckedFile {
    let mut report = Report::default();
    let (mut linked, mut cuts) = (Vec::new(), Vec::new());
    for (index, line) in export.lines().enumerate() {
        let line = line.map_err(|error| error.to_string())?;
        if line.trim().is_empty() {
            continue;
        }
        let event: AuditEvent =
            serde_json::from_str(&line).map_err(|error| format!("line {} is no audit event: {error}", index + 1))?;
        let (Some(position), Some(prev_hash), Some(hash)) =
            (event.position, event.prev_hash.clone(), event.hash.clone())
        else {
            report.unlinked += 1;
            continue;
        };
        cuts.extend(cut_of(&event));
        let (seq, id) = (event.seq, event.id.clone());
        if link_hash(position, &prev_hash, &EventRow::from(event)) != hash {
            report.add(Some(position), Some((seq, &id)), "the event or its link was changed");
        }
        linked.push((position, seq, prev_hash, hash));
    }
    linked.sort_unstable();
    let begins_at = linked.first().map(|(position, _, prev_hash, _)| (*position - 1, prev_hash.as_str()));
    let mut before = (0, GENESIS);
    // What is gone from the beginning of the trail is told by an event in it.
    if let Some(begins_after) = begins_at
        && cuts.iter().any(|(position, hash)| (*position, hash.as_str()) == begins_after)
    {
        before = begins_after;
        report.begins_after = before.0;
    }
    for (position, seq, prev_hash, hash) in &linked {
        if *position != before.0 + 1 {
            let problem =
                if *position > before.0 { "links are missing before this one" } else { "the position occurs twice" };
            report.add(Some(*position), Some((*seq, "")), problem);
        } else if prev_hash != before.1 {
            report.add(Some(*position), Some((*seq, "")), "the link does not follow from the one before");
        }
        before = (*position, hash);
        report.links += 1;
    }
    if head.is_some_and(|head| linked.iter().all(|(.., hash)| hash != head)) {
        report.add(None, None, "the hash that was given is nowhere in the file");
    }
    report.head = linked.last().map(|(.., hash)| hash.clone());
    Ok(report)
}

/// Where the trail begins, if the event is one that says so.
fn cut_of(event: &AuditEvent) -> Option<(i64, String)> {
    if event.action != TRIMMED || event.actor.is_some() {
        return None;
    }
    let position = event.changes[BEGINS_AFTER]["to"].as_i64()?;
    Some((position, event.changes[HASH]["to"].as_str()?.to_owned()))
}

impl From<AuditEvent> for EventRow {
    fn from(event: AuditEvent) -> Self {
        let (actor_id, actor_email, actor_kind) =
            event.actor.map_or((None, None, None), |actor| (Some(actor.id), actor.email, actor.kind));
        let (impersonator_id, impersonator_email) =
            event.impersonator.map_or((None, None), |impersonator| (Some(impersonator.id), impersonator.email));
        let (target_type, target_id, target_label) =
            event.target.map_or((None, None, None), |target| (Some(target.kind), target.id, target.label));
        Self {
            seq: event.seq,
            id: event.id,
            at: event.at,
            actor_id,
            actor_email,
            actor_kind,
            impersonator_id,
            impersonator_email,
            action: event.action,
            target_type,
            target_id,
            target_label,
            outcome: event.outcome,
            ip: event.ip,
            user_agent: event.user_agent,
            request_id: event.request_id,
            changes: event.changes.to_string(),
            session_id: event.session,
        }
    }
}

//! What a verification found.

use serde::Serialize;

/// So many findings are named; more are only counted.
const NAMED: usize = 100;

/// One thing that is wrong, and where.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// The position in the chain.
    pub position: Option<i64>,
    /// The event's number.
    pub seq: Option<i64>,
    /// The event's id.
    pub id: Option<String>,
    /// What is wrong.
    pub problem: &'static str,
}

/// The outcome of a verification.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// So many links are gone from the beginning, because their events are older than events are kept.
    pub begins_after: i64,
    /// How many links were looked at.
    pub links: i64,
    /// How many checkpoints were.
    pub checkpoints: i64,
    /// Events that are not linked yet.
    pub unlinked: i64,
    /// Where the chain ends: to be kept elsewhere.
    pub head: Option<String>,
    /// How many things are wrong.
    pub problems: usize,
    /// The first of them.
    pub findings: Vec<Finding>,
}

impl Report {
    pub(super) fn add(&mut self, position: Option<i64>, event: Option<(i64, &str)>, problem: &'static str) {
        self.problems += 1;
        if self.findings.len() < NAMED {
            let (seq, id) = event.map_or((None, None), |(seq, id)| (Some(seq), Some(id.to_owned())));
            self.findings.push(Finding { position, seq, id, problem });
        }
    }

    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.problems == 0
    }
}

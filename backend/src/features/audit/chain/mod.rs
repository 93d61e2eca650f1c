//! The chain of hashes over the trail: committed events are linked shortly afterwards, so that no write waits for another.

mod canonical;
mod checkpoint;
mod cut;
mod file;
mod linking;
mod queries;
mod report;
mod statement;
mod verification;

pub(super) use cut::{delete_cut, due_cut, is_something_cut};
pub use file::{CheckedFile, verify_file};
pub use linking::{keep_linked, link_all};
pub(super) use queries::{Link, links_of};
pub use report::{Finding, Report};
pub use verification::verify;

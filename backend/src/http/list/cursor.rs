//! Where a page ended: the sort values of its last row, sealed to the list and its order.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use super::condition::Value;
use super::sort::SortKey;
use crate::problem::{Code, Problem};

const TAG: usize = 6;
/// Longer than any position that a list has.
const LONGEST: usize = 16_384;

/// Makes the cursor of a position, as [`super::Position`] selects it.
pub(super) fn write(list: &str, sort: &[SortKey], position: &str) -> String {
    let mut bytes = tag(list, sort).to_vec();
    bytes.extend_from_slice(position.as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads a cursor. Whatever it says is a place in the list's order and no more, so forging one gains nothing.
pub(super) fn read(list: &str, sort: &[SortKey], cursor: &str) -> Result<Vec<Value>, Problem> {
    let refuse = || Problem::with_detail(Code::InvalidCursor, "The cursor is not one of this list in this order");
    if cursor.len() > LONGEST {
        return Err(refuse());
    }
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| refuse())?;
    let position = bytes.strip_prefix(&tag(list, sort)).ok_or_else(refuse)?;
    let position = std::str::from_utf8(position).map_err(|_| refuse())?;
    values(sort, position).ok_or_else(refuse)
}

/// Takes a position apart into the values of its keys.
pub(super) fn values(sort: &[SortKey], position: &str) -> Option<Vec<Value>> {
    let parts: Vec<_> = position.splitn(sort.len(), '|').collect();
    if parts.len() != sort.len() {
        return None;
    }
    let last = parts.len() - 1;
    let unescaped = |index: usize, part: &str| {
        // The last part is written as it is: nothing follows that it could be confused with.
        if index == last { part.to_owned() } else { part.replace("~1", "|").replace("~0", "~") }
    };
    let values = parts.iter().enumerate().map(|(index, part)| sort[index].value(&unescaped(index, part)));
    values.collect()
}

fn tag(list: &str, sort: &[SortKey]) -> [u8; TAG] {
    let mut hasher = Sha256::new();
    hasher.update(list);
    for key in sort {
        hasher.update([0]);
        hasher.update(key.name());
    }
    let digest = hasher.finalize();
    std::array::from_fn(|index| digest[index])
}

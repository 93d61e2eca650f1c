//! How text is made comparable where case must not matter.

use unicode_normalization::UnicodeNormalization;

/// Text without regard to case and to the ways Unicode spells the same: what the folded columns of the store hold.
///
/// Letter by letter, so that a part of a text folds to a part of the folded text (`str::to_lowercase` looks at a
/// letter's neighbours for the Greek final sigma).
pub fn fold(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).nfkc().collect()
}

/// What `LOWER` does on both databases: SQLite knows no other letters, and PostgreSQL none under the collation `C`.
pub(super) fn fold_ascii(text: &str) -> String {
    text.to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_spelling_do_not_matter() {
        assert_eq!(fold("Ångström"), fold("A\u{30a}NGSTRO\u{308}M"));
        assert_eq!(fold("ΟΔΟΣ"), fold("οδοσ"));
    }
}

//! Texts as what an index of trigrams is asked: three letters in a row that whoever holds the text must have.

/// More of them find hardly less, and each costs a walk through its rows.
const MOST: usize = 8;

/// Asks for every one of the texts; none if all are too short to have a trigram.
pub(super) fn all_of<'a>(texts: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut wanted: Vec<String> = texts.flat_map(trigrams).collect();
    wanted.sort();
    wanted.dedup();
    // Evenly spread over the texts' letters, so that a long word does not crowd out the others.
    let step = wanted.len().div_ceil(MOST).max(1);
    let wanted: Vec<String> = wanted.iter().step_by(step).map(|trigram| quoted(trigram)).collect();
    (!wanted.is_empty()).then(|| wanted.join(" AND "))
}

fn trigrams(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    letters.windows(3).map(|letters| letters.iter().collect()).collect()
}

/// As a string of the query language, in which nothing but the quote has a meaning.
fn quoted(trigram: &str) -> String {
    format!("\"{}\"", trigram.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_asked_for_by_its_trigrams_and_short_ones_not_at_all() {
        let ask = |texts: &[&str]| all_of(texts.iter().copied());
        assert_eq!(ask(&["anna", "ab"]).as_deref(), Some("\"ann\" AND \"nna\""));
        assert_eq!(ask(&["a\"b"]).as_deref(), Some("\"a\"\"b\""));
        assert_eq!(ask(&["ab", "ä"]), None);
        assert_eq!(ask(&["äöü"]).as_deref(), Some("\"äöü\""));
        assert!(ask(&["abcdefghijklmnopqrstuvwxyz"]).unwrap().matches(" AND ").count() < MOST);
    }
}

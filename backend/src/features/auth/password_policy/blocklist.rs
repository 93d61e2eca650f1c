//! Passwords that everybody tries first: the most common ones, and what is made of names that anybody knows.

use super::{Owner, Refusal};
use crate::features::users::normalize;

/// The most common passwords of at least eight characters, lower case, one a line, with a line break at both ends.
/// From `@zxcvbn-ts/language-common` 4.1 (MIT).
const COMMON_PASSWORDS: &str = concat!("\n", include_str!("common_passwords.txt"));

/// What this program is called, whatever an installation calls it.
const PROGRAM: &str = "reeve";

/// Words that hide no name that they stand beside.
const COMPANIONS: [&str; 9] =
    ["admin", "administrator", "login", "pass", "password", "root", "secret", "user", "welcome"];

/// A part of a name, such as a surname, counts from so many letters: shorter ones are part of too many words.
const SHORTEST_PART: usize = 3;

/// The names of a password's owner and of the product, for the rules that know them.
pub(super) struct Names {
    /// Each as it is, its letters, and its parts, folded.
    spellings: Vec<String>,
    /// Those without anything but letters.
    letters: Vec<Vec<char>>,
}

impl Names {
    pub(super) fn new(owner: Owner<'_>, product_name: &str) -> Self {
        let (local, domain) = owner.email.split_once('@').unwrap_or((owner.email, ""));
        let names = [
            Some(product_name),
            Some(PROGRAM),
            Some(owner.email),
            Some(local),
            Some(domain),
            owner.username,
            owner.display_name,
        ];
        let mut spellings = Vec::new();
        let mut letters = Vec::new();
        for name in names.into_iter().flatten().map(normalize).filter(|name| !name.is_empty()) {
            let whole: String = name.chars().filter(|character| character.is_alphabetic()).collect();
            let parts = name.split(|character: char| !character.is_alphabetic());
            let parts = parts.filter(|part| part.chars().count() >= SHORTEST_PART).map(str::to_owned);
            for word in parts.chain((whole.chars().count() > 1).then_some(whole)) {
                letters.push(word.chars().collect());
                spellings.push(word);
            }
            spellings.push(name);
        }
        letters.sort_unstable();
        letters.dedup();
        spellings.sort_unstable();
        spellings.dedup();
        Self { spellings, letters }
    }

    /// What to look for in a password.
    pub(super) fn spellings(&self) -> &[String] {
        &self.spellings
    }

    /// Whether all letters of a text belong to names or their companions, and at least one of them to a name.
    fn make_up(&self, text: &str) -> bool {
        let text: Vec<char> = text.chars().filter(|character| character.is_alphabetic()).collect();
        let companions: Vec<Vec<char>> = COMPANIONS.iter().map(|word| word.chars().collect()).collect();
        // What reaches so far: nothing, companions alone, or a name too.
        let (mut reached, mut named) = (vec![false; text.len() + 1], vec![false; text.len() + 1]);
        reached[0] = true;
        for start in 0..text.len() {
            if !reached[start] {
                continue;
            }
            let words = self.letters.iter().map(|word| (word, true)).chain(companions.iter().map(|word| (word, false)));
            for (word, is_name) in words.filter(|(word, _)| text[start..].starts_with(word)) {
                reached[start + word.len()] = true;
                named[start + word.len()] |= is_name || named[start];
            }
        }
        named[text.len()]
    }
}

/// Why a text is too easily thought of.
pub(super) fn refusal(text: &str, names: &Names) -> Option<Refusal> {
    let folded = normalize(text);
    if is_common(&folded) {
        return Some((
            "password_too_common",
            "This password is among the most common ones. Choose another.".to_owned(),
        ));
    }
    if names.spellings.contains(&folded) || names.make_up(&folded) {
        let message = "The password must not be made of your name, your address or the name of this product.";
        return Some(("password_contains_name", message.to_owned()));
    }
    None
}

fn is_common(text: &str) -> bool {
    let mut characters = text.chars();
    let first = characters.next();
    // One character over and over is as easy to guess as any of the list.
    characters.all(|next| Some(next) == first) || COMMON_PASSWORDS.contains(&format!("\n{text}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANN: Owner<'_> = Owner {
        email: "a.archer1985@wood-workers.example.com",
        username: Some("ann_the_archer"),
        display_name: Some("Ann Ærcher-Ömer"),
    };

    fn code(text: &str) -> Option<&'static str> {
        refusal(text, &Names::new(ANN, "Gate & Söhne")).map(|(code, _)| code)
    }

    #[test]
    fn common_passwords_are_refused_in_any_case() {
        for text in ["123456789012", "PasswordPassword", "zzzzzzzzzzzzz"] {
            assert_eq!(code(text), Some("password_too_common"), "{text}");
        }
        assert_eq!(code("aaaaaaaaaaab"), None);
    }

    #[test]
    fn what_is_made_of_names_is_refused() {
        for text in [
            "A.Archer1985@wood-workers.example.com",
            "a.archer1985",
            "aarcher-aarcher",
            "Wood-Workers.2024!",
            "wood.workers.example.com",
            "Ann_The_Archer",
            "annArcher 1985!!",
            "ann  ærcher ömer",
            "ＡＮＮ\u{a0}Ærcher-Ömer",
            "Reeve-2024-Reeve",
            "reeve.admin.2024",
            "gateSÖHNE2024",
            "Gate & So\u{308}hne",
        ] {
            assert_eq!(code(text), Some("password_contains_name"), "{text}");
        }
    }

    #[test]
    fn a_name_among_other_words_is_not_what_a_password_is_made_of() {
        for text in [
            "correct horse battery",
            "the archer shot a gate",
            "reeves ride at night",
            "admin password 2024",
            "1985 2024 3000!",
        ] {
            assert_eq!(code(text), None, "{text}");
        }
    }
}

//! The words of mails, by language.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// What mails say in one language.
#[derive(Debug, Deserialize)]
pub(super) struct Catalogue {
    pub(super) layout: Layout,
    pub(super) units: Units,
    #[serde(flatten)]
    pub(super) messages: HashMap<String, Words>,
}

/// What is around every mail.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Layout {
    pub(super) greeting: String,
    pub(super) greeting_unnamed: String,
    pub(super) link_hint: String,
    pub(super) closing: String,
    pub(super) footer: String,
    pub(super) unknown: String,
}

/// Spans of time: one, and more than one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Units {
    pub(super) minute: [String; 2],
    pub(super) hour: [String; 2],
    pub(super) day: [String; 2],
}

/// What one kind of mail says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    pub(super) subject: String,
    pub(super) text: Vec<String>,
    pub(super) button: Option<String>,
}

/// The languages there are, the one that is used for all others first.
const SOURCES: &[(&str, &str)] = &[("en", include_str!("locales/en.toml")), ("de", include_str!("locales/de.toml"))];

static CATALOGUES: LazyLock<Vec<(&'static str, Catalogue)>> = LazyLock::new(|| {
    let parse = |&(language, text)| {
        #[allow(clippy::expect_used)]
        let catalogue = toml::from_str(text).expect("a test reads every catalogue");
        (language, catalogue)
    };
    SOURCES.iter().map(parse).collect()
});

/// The language for whoever reads `locale` (BCP 47), of which only the language counts, and its words.
pub(super) fn catalogue(locale: Option<&str>) -> (&'static str, &'static Catalogue) {
    let language = locale.and_then(|locale| locale.split(['-', '_']).next()).unwrap_or_default();
    let known = CATALOGUES.iter().find(|(known, _)| known.eq_ignore_ascii_case(language));
    let (language, catalogue) = known.unwrap_or(&CATALOGUES[0]);
    (language, catalogue)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::message::samples;
    use super::*;

    /// The gaps of some templates.
    fn gaps<'a>(templates: impl IntoIterator<Item = &'a String>) -> BTreeSet<&'a str> {
        let gaps = templates.into_iter().flat_map(|template| template.split('{').skip(1));
        gaps.map(|rest| rest.split_once('}').expect("a gap ends").0).collect()
    }

    fn gaps_of(words: &Words) -> BTreeSet<&str> {
        gaps(words.text.iter().chain([&words.subject]).chain(&words.button))
    }

    #[test]
    fn every_language_says_every_kind_of_mail_and_none_that_does_not_exist() {
        let kinds: BTreeSet<&str> = samples().iter().map(super::super::Message::kind).collect();
        for (language, catalogue) in CATALOGUES.iter() {
            assert_eq!(catalogue.messages.keys().map(String::as_str).collect::<BTreeSet<_>>(), kinds, "{language}");
        }
    }

    #[test]
    fn what_is_to_be_told_is_told_in_every_language_and_no_gap_stays_empty() {
        for message in samples() {
            let known: BTreeSet<&str> = message.values().into_iter().map(|(gap, _)| gap).collect();
            for (language, catalogue) in CATALOGUES.iter() {
                let words = &catalogue.messages[message.kind()];
                let mut told = gaps_of(words);
                told.retain(|gap| !["product", "name"].contains(gap));
                assert_eq!(told, known, "{} in {language}", message.kind());
                let all = gaps_of(words);
                assert_eq!(all, gaps_of(&CATALOGUES[0].1.messages[message.kind()]), "{} in {language}", message.kind());
                assert!(!words.text.is_empty() && words.text.iter().all(|text| !text.is_empty()), "{language}");
            }
        }
    }

    #[test]
    fn there_is_a_button_exactly_where_there_is_a_link() {
        for message in samples() {
            for (language, catalogue) in CATALOGUES.iter() {
                let button = catalogue.messages[message.kind()].button.as_deref();
                let is_there = button.is_some_and(|button| !button.is_empty());
                assert_eq!(is_there, message.link().is_some(), "{} in {language}", message.kind());
            }
        }
    }

    #[test]
    fn layout_and_units_have_the_same_gaps_in_every_language() {
        for (language, Catalogue { layout, units, .. }) in CATALOGUES.iter() {
            assert_eq!(gaps([&layout.greeting]), BTreeSet::from(["name"]), "{language}");
            assert_eq!(gaps([&layout.greeting_unnamed, &layout.link_hint]), BTreeSet::new(), "{language}");
            assert_eq!(gaps([&layout.closing, &layout.footer]), BTreeSet::from(["product"]), "{language}");
            for unit in [&units.minute, &units.hour, &units.day].into_iter().flatten() {
                assert_eq!(gaps([unit]), BTreeSet::from(["n"]), "{language}");
            }
        }
    }

    #[test]
    fn a_mail_is_in_the_language_of_who_reads_it_and_else_in_english() {
        let language = |locale| catalogue(locale).0;
        for locale in ["de", "de-CH", "DE_at", "de-Latn-DE-1996"] {
            assert_eq!(language(Some(locale)), "de", "{locale}");
        }
        for locale in ["en", "en-GB", "fr", "", "-", "den", "nonsense"] {
            assert_eq!(language(Some(locale)), "en", "{locale}");
        }
        assert_eq!(language(None), "en");
    }
}

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
const SOURCES: &[(&str, &str)] = &[("en", include_str!("locales/en.toml"))];

static CATALOGUES: LazyLock<Vec<(&str, Catalogue)>> = LazyLock::new(|| {
    let parse = |&(language, text)| {
        #[allow(clippy::expect_used)]
        let catalogue = toml::from_str(text).expect("a test reads every catalogue");
        (language, catalogue)
    };
    SOURCES.iter().map(parse).collect()
});

/// The words for whoever reads `locale` (BCP 47), of which only the language counts.
pub(super) fn catalogue(locale: Option<&str>) -> &'static Catalogue {
    let language = locale.and_then(|locale| locale.split(['-', '_']).next()).unwrap_or_default();
    let known = CATALOGUES.iter().find(|(known, _)| known.eq_ignore_ascii_case(language));
    &known.unwrap_or(&CATALOGUES[0]).1
}

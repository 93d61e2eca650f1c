//! A part of a text that is looked for, as the databases want to have it.

/// What `contains`, `starts_with` and `ends_with` look for, folded already.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    pub(super) text: String,
    /// For `LIKE ... ESCAPE '\'`, with the caller's `%` and `_` taken literally.
    pub(super) like: String,
    /// As `like`, for the text anywhere.
    pub(super) inside: String,
    /// The first text after all that begin with this one: a range can use an index where `LIKE` with a parameter can't.
    pub(super) end: Option<String>,
}

impl Pattern {
    pub(super) fn inside(text: String) -> Self {
        Self { like: anywhere(&text), inside: anywhere(&text), text, end: None }
    }

    pub(super) fn start(text: String) -> Self {
        Self {
            like: format!("{}%", escaped(&text)),
            inside: anywhere(&text),
            end: after_all_that_start_with(&text),
            text,
        }
    }

    pub(super) fn end(text: String) -> Self {
        Self { like: format!("%{}", escaped(&text)), inside: anywhere(&text), text, end: None }
    }
}

fn anywhere(text: &str) -> String {
    format!("%{}%", escaped(text))
}

fn escaped(text: &str) -> String {
    text.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_")
}

fn after_all_that_start_with(text: &str) -> Option<String> {
    let mut characters: Vec<char> = text.chars().collect();
    while let Some(last) = characters.pop() {
        // `char` ranges step over the surrogates.
        if let Some(next) = (last..=char::MAX).nth(1) {
            characters.push(next);
            return Some(characters.into_iter().collect());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_are_taken_literally() {
        assert_eq!(Pattern::inside(r"50%_\".to_owned()).like, r"%50\%\_\\%");
    }

    #[test]
    fn a_prefix_ends_where_the_next_text_begins() {
        let end = |text: &str| Pattern::start(text.to_owned()).end;
        assert_eq!(end("ab").as_deref(), Some("ac"));
        assert_eq!(end("a\u{10ffff}").as_deref(), Some("b"));
        assert_eq!(end("\u{d7ff}").as_deref(), Some("\u{e000}"));
        assert_eq!(end("\u{10ffff}"), None);
        assert_eq!(end(""), None);
    }
}

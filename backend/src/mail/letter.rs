//! A message as its reader sees it, in text and in HTML.

use std::fmt::Write;
use std::time::Duration;

use super::catalogue::{Catalogue, catalogue};
use super::message::{Message, Value};

/// What is sent.
pub(super) struct Letter {
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) html: String,
}

/// Writes a message in the language of who gets it.
pub(super) fn write(name: Option<&str>, locale: Option<&str>, message: &Message, product: &str) -> Letter {
    let (language, catalogue) = catalogue(locale);
    let words = &catalogue.messages[message.kind()];
    let mut values = vec![("product", product.to_owned()), ("name", name.unwrap_or_default().to_owned())];
    values.extend(message.values().into_iter().map(|(gap, value)| (gap, value_text(&value, catalogue))));
    let say = |template: &str| fill(template, &values);
    let layout = &catalogue.layout;
    let letter = Parts {
        language,
        greeting: say(if name.is_some() { &layout.greeting } else { &layout.greeting_unnamed }),
        paragraphs: words.text.iter().map(|paragraph| say(paragraph)).collect(),
        button: message.link().map(|link| (link, say(words.button.as_deref().unwrap_or(link)))),
        hint: say(&layout.link_hint),
        closing: say(&layout.closing),
        footer: say(&layout.footer),
    };
    Letter { subject: say(&words.subject), text: letter.text(), html: letter.html() }
}

/// What a letter consists of, without gaps.
struct Parts<'a> {
    language: &'static str,
    greeting: String,
    paragraphs: Vec<String>,
    /// Where it leads, and what it says.
    button: Option<(&'a str, String)>,
    hint: String,
    closing: String,
    footer: String,
}

fn value_text(value: &Value<'_>, catalogue: &Catalogue) -> String {
    match value {
        // Whatever somebody entered stays one piece of one line.
        Value::Text(text) => text.replace(char::is_control, " "),
        Value::Duration(duration) => span(*duration, catalogue),
        Value::Moment(moment) => {
            let text = moment.to_string();
            format!("{} {} UTC", &text[..10], &text[11..16])
        }
        Value::Number(number) => number.to_string(),
        Value::Unknown => catalogue.layout.unknown.clone(),
    }
}

/// In the largest unit that it is a whole number of.
fn span(duration: Duration, catalogue: &Catalogue) -> String {
    let minutes = duration.as_secs().div_ceil(60);
    let units = &catalogue.units;
    let (number, [one, more]) = match minutes {
        _ if minutes.is_multiple_of(1_440) => (minutes / 1_440, &units.day),
        _ if minutes.is_multiple_of(60) => (minutes / 60, &units.hour),
        _ => (minutes, &units.minute),
    };
    fill(if number == 1 { one } else { more }, &[("n", number.to_string())])
}

/// Fills the gaps of a template. What fills one is never read as a template itself.
fn fill(template: &str, values: &[(&str, String)]) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((gap, behind)) = after.split_once('}') else { break };
        if let Some((_, value)) = values.iter().find(|(name, _)| *name == gap) {
            filled.push_str(value);
        }
        rest = behind;
    }
    filled.push_str(rest);
    filled
}

const PAGE: &str = "margin:0;padding:24px;background:#f4f5f7;font-family:system-ui,sans-serif;color:#1c2024";
const CARD: &str = "max-width:520px;margin:0 auto;padding:32px;background:#ffffff;border-radius:12px;line-height:1.5";
const BUTTON: &str = "display:inline-block;padding:12px 20px;border-radius:8px;background:#2f5bd7;color:#ffffff;\
    text-decoration:none;font-weight:600";
const SMALL: &str = "font-size:13px;color:#5b6370";

impl Parts<'_> {
    fn text(&self) -> String {
        let mut text = format!("{}\n\n{}\n\n", self.greeting, self.paragraphs.join("\n\n"));
        if let Some((link, label)) = &self.button {
            let _ = write!(text, "{label}:\n{link}\n\n");
        }
        let _ = write!(text, "{}\n\n-- \n{}\n", self.closing, self.footer);
        text
    }

    fn html(&self) -> String {
        let mut body = format!("<p>{}</p>", escape(&self.greeting));
        for paragraph in &self.paragraphs {
            let _ = write!(body, "<p>{}</p>", escape(paragraph));
        }
        if let Some((link, label)) = &self.button {
            let (link, label, hint) = (escape(link), escape(label), escape(&self.hint));
            let _ = write!(
                body,
                "<p><a href=\"{link}\" style=\"{BUTTON}\">{label}</a></p>\
                 <p style=\"{SMALL}\">{hint}<br><span style=\"word-break:break-all\">{link}</span></p>"
            );
        }
        format!(
            "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"></head>\
             <body style=\"{PAGE}\"><div style=\"{CARD}\">{body}<p>{}</p><p style=\"{SMALL}\">{}</p></div></body></html>\n",
            self.language,
            escape(&self.closing),
            escape(&self.footer),
        )
    }
}

/// Text as HTML shows it, in an attribute too.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(letter),
        }
    }
    escaped
}

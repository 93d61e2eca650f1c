//! How a line of the log looks. `tracing_subscriber` has forms of its own, which cost a request several times as much.

use std::fmt::{self, Debug, Write};

use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

use crate::config::LogFormat;
use crate::db::Timestamp;

/// Writes each event as one line, whatever is in it.
pub(super) struct Line {
    pub(super) format: LogFormat,
    /// Whether levels are coloured; only for people at a terminal.
    pub(super) is_coloured: bool,
}

impl<S, N> FormatEvent<S, N> for Line
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, _: &FmtContext<'_, S, N>, writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        self.write(writer, event)
    }
}

impl Line {
    fn write(&self, mut writer: impl Write, event: &Event<'_>) -> fmt::Result {
        let (now, level, target) = (Timestamp::now(), *event.metadata().level(), event.metadata().target());
        let mut fields = match self.format {
            LogFormat::Text => {
                let (begin, end) = if self.is_coloured { colour(level) } else { ("", "") };
                write!(writer, "{now} {begin}{level}{end} {target}")?;
                Fields { writer: &mut writer, format: LogFormat::Text, outcome: Ok(()) }
            }
            LogFormat::Json => {
                write!(writer, "{{\"timestamp\":\"{now}\",\"level\":\"{level}\",\"target\":\"{target}\"")?;
                Fields { writer: &mut writer, format: LogFormat::Json, outcome: Ok(()) }
            }
        };
        event.record(&mut fields);
        fields.outcome?;
        writer.write_str(if self.format == LogFormat::Json { "}\n" } else { "\n" })
    }
}

fn colour(level: Level) -> (&'static str, &'static str) {
    let begin = match level {
        Level::ERROR => "\x1b[31m",
        Level::WARN => "\x1b[33m",
        Level::INFO => "\x1b[32m",
        _ => "\x1b[2m",
    };
    (begin, "\x1b[0m")
}

struct Fields<'a, W> {
    writer: &'a mut W,
    format: LogFormat,
    outcome: fmt::Result,
}

impl<W: Write> Fields<'_, W> {
    fn write(&mut self, field: &Field, value: Value<'_>) {
        if self.outcome.is_ok() {
            self.outcome = match self.format {
                LogFormat::Text => self.write_text(field.name(), value),
                LogFormat::Json => self.write_json(field.name(), value),
            };
        }
    }

    fn write_text(&mut self, name: &str, value: Value<'_>) -> fmt::Result {
        self.writer.write_char(' ')?;
        if name != "message" {
            self.writer.write_str(name)?;
            self.writer.write_char('=')?;
        }
        match value {
            Value::Plain(value) => write!(self.writer, "{value}"),
            // Whatever somebody sent must not look like another field, or like another line.
            Value::Text(text) if name == "message" && !text.contains(char::is_control) => self.writer.write_str(text),
            Value::Text(text) if is_plain(text) => self.writer.write_str(text),
            Value::Text(text) => write!(self.writer, "{text:?}"),
        }
    }

    fn write_json(&mut self, name: &str, value: Value<'_>) -> fmt::Result {
        write!(self.writer, ",\"{name}\":")?;
        match value {
            Value::Plain(value) => write!(self.writer, "{value}"),
            Value::Text(text) => self.writer.write_str(&serde_json::to_string(text).map_err(|_| fmt::Error)?),
        }
    }
}

enum Value<'a> {
    /// A number or a truth value.
    Plain(&'a dyn fmt::Display),
    Text(&'a str),
}

fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'=')
}

impl<W: Write> Visit for Fields<'_, W> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.write(field, Value::Text(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.write(field, Value::Plain(&value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.write(field, Value::Plain(&value));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.write(field, Value::Plain(&value));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.write(field, Value::Text(&format!("{value:?}")));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

    use super::*;

    struct Collect {
        line: Line,
        lines: Arc<Mutex<String>>,
    }

    impl<S: Subscriber> Layer<S> for Collect {
        fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
            self.line.write(&mut *self.lines.lock().unwrap(), event).unwrap();
        }
    }

    /// What is logged, without the time.
    fn logged(format: LogFormat, log: impl FnOnce()) -> String {
        let lines = Arc::new(Mutex::new(String::new()));
        let collect = Collect { line: Line { format, is_coloured: false }, lines: Arc::clone(&lines) };
        tracing::subscriber::with_default(tracing_subscriber::registry().with(collect), log);
        let lines = lines.lock().unwrap();
        lines.clone()
    }

    fn hostile() {
        tracing::info!(target: "reeve::request", path = "/a\n2026 ERROR forged=\"1\"", status = 200_u16, "a\nb");
    }

    #[test]
    fn what_somebody_sent_stays_one_field_of_one_line() {
        let text = logged(LogFormat::Text, hostile);
        let (_, rest) = text.split_once(' ').unwrap();
        assert_eq!(rest, "INFO reeve::request \"a\\nb\" path=\"/a\\n2026 ERROR forged=\\\"1\\\"\" status=200\n");
    }

    #[test]
    fn a_line_of_json_can_be_read_back() {
        let text = logged(LogFormat::Json, hostile);
        assert_eq!(text.lines().count(), 1);
        let line: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(line["path"], "/a\n2026 ERROR forged=\"1\"");
        assert_eq!((&line["status"], &line["level"]), (&serde_json::json!(200), &serde_json::json!("INFO")));
        assert_eq!(line["message"], "a\nb");
    }
}

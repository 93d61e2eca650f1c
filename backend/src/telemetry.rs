//! The log: one line a request and what else is worth knowing, on standard error.

use std::io;

use tracing::Level;
use tracing_subscriber::filter::LevelFilter;

use crate::config::LogFormat;

/// Starts logging for the process; a second call changes nothing.
pub fn start(format: LogFormat, level: Level) {
    let builder = tracing_subscriber::fmt().with_max_level(LevelFilter::from_level(level)).with_writer(io::stderr);
    let started = match format {
        LogFormat::Text => builder.with_ansi(io::IsTerminal::is_terminal(&io::stderr())).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    if started.is_err() {
        tracing::debug!("logging was started before");
    }
}

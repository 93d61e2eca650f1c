//! The log: one line a request and what else is worth knowing, on standard error.

mod buffer;
mod line;

use std::io::{self, IsTerminal};

use tracing::Level;
use tracing_subscriber::filter::LevelFilter;

pub use buffer::LogBuffer;

use line::Line;

use crate::config::LogFormat;

/// Starts logging for the process; a second call changes nothing. Whoever ends the process flushes the buffer first.
///
/// # Errors
/// When the thread that writes can't be started.
pub fn start(format: LogFormat, level: Level) -> io::Result<LogBuffer> {
    let buffer = LogBuffer::start(io::stderr())?;
    let is_coloured = format == LogFormat::Text && io::stderr().is_terminal();
    let started = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::from_level(level))
        .with_writer(buffer.clone())
        .event_format(Line { format, is_coloured })
        .try_init();
    if started.is_err() {
        tracing::debug!("logging was started before");
    }
    Ok(buffer)
}

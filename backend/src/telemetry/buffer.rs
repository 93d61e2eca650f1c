//! Lines that are written together: a call of the operating system for each of them would cost a request more than
//! finding out who sent it.

use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

/// How long a line may wait for others.
const DELAY: Duration = Duration::from_millis(50);
/// A line that makes it longer than this does not wait.
const FULL: usize = 32 * 1024;

/// Where log lines go. Warnings and errors are written at once, with all that waits before them.
#[derive(Clone)]
pub struct LogBuffer(Arc<Shared>);

struct Shared {
    waiting: Mutex<Waiting>,
    begun: Condvar,
}

struct Waiting {
    lines: Vec<u8>,
    target: Box<dyn Write + Send>,
}

impl LogBuffer {
    /// Starts the thread that writes what waits.
    ///
    /// # Errors
    /// When it can't be started.
    pub fn start(target: impl Write + Send + 'static) -> io::Result<Self> {
        let waiting = Mutex::new(Waiting { lines: Vec::with_capacity(FULL), target: Box::new(target) });
        let shared = Arc::new(Shared { waiting, begun: Condvar::new() });
        let writer = Arc::clone(&shared);
        thread::Builder::new().name("log".to_owned()).stack_size(128 * 1024).spawn(move || writer.write_on())?;
        Ok(Self(shared))
    }

    /// Writes what waits.
    pub fn flush(&self) {
        self.0.lock().write_out();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write_on(&self) -> ! {
        loop {
            let waiting = self.lock();
            drop(self.begun.wait_while(waiting, |waiting| waiting.lines.is_empty()).map(drop));
            thread::sleep(DELAY);
            self.lock().write_out();
        }
    }
}

impl Waiting {
    /// A log that can't be written is no reason to stop serving, and there is nowhere to say so.
    fn write_out(&mut self) {
        let _ = self.target.write_all(&self.lines);
        let _ = self.target.flush();
        self.lines.clear();
    }
}

/// One line on its way into the buffer.
pub struct LogLine<'a> {
    buffer: &'a LogBuffer,
    is_urgent: bool,
}

impl Write for LogLine<'_> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut waiting = self.buffer.0.lock();
        let was_empty = waiting.lines.is_empty();
        waiting.lines.extend_from_slice(line);
        if self.is_urgent || waiting.lines.len() > FULL {
            waiting.write_out();
        } else if was_empty {
            self.buffer.0.begun.notify_one();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for LogBuffer {
    type Writer = LogLine<'a>;

    fn make_writer(&'a self) -> Self::Writer {
        LogLine { buffer: self, is_urgent: true }
    }

    fn make_writer_for(&'a self, metadata: &Metadata<'_>) -> Self::Writer {
        LogLine { buffer: self, is_urgent: *metadata.level() <= Level::WARN }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Written {
        fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    fn line(buffer: &LogBuffer, text: &str, is_urgent: bool) {
        LogLine { buffer, is_urgent }.write_all(text.as_bytes()).unwrap();
    }

    #[test]
    fn a_line_is_written_soon_and_an_urgent_one_at_once_and_in_order() {
        let written = Written::default();
        let buffer = LogBuffer::start(written.clone()).unwrap();
        line(&buffer, "first\n", false);
        assert_eq!(written.text(), "");
        line(&buffer, "urgent\n", true);
        assert_eq!(written.text(), "first\nurgent\n");
        line(&buffer, "last\n", false);
        let patience = std::time::Instant::now();
        while !written.text().ends_with("last\n") {
            assert!(patience.elapsed() < Duration::from_secs(10), "the line was never written");
            thread::sleep(Duration::from_millis(5));
        }
    }

    #[test]
    fn what_waits_is_written_when_there_is_much_of_it_and_when_it_is_asked_for() {
        let written = Written::default();
        let buffer = LogBuffer::start(written.clone()).unwrap();
        line(&buffer, &"x".repeat(FULL + 1), false);
        assert_eq!(written.text().len(), FULL + 1);
        line(&buffer, "end", false);
        buffer.flush();
        assert!(written.text().ends_with("end"));
    }
}

//! A server process: started, watched through `/proc`, and stopped.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::Result;
use crate::client::Client;

const LISTENS: &str = " listens on http://";
const START: Duration = Duration::from_secs(30);

/// A server that runs until this is dropped.
pub(crate) struct Process {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Process {
    /// Starts Reeve on a store, with its default configuration and its log in a file.
    pub(crate) fn reeve(binaries: &Path, database_url: &str) -> Result<Self> {
        let mut command = Command::new(binaries.join("reeve"));
        command.arg("serve").env("REEVE_DATABASE_URL", database_url).env("REEVE_LISTEN", "127.0.0.1:0");
        Self::start(command)
    }

    /// Starts the bare limits over the same store, with answers of the sizes given.
    pub(crate) fn limits(binaries: &Path, database_url: &str, sizes: [usize; 3]) -> Result<Self> {
        let mut command = Command::new(binaries.join("limits"));
        command.arg(database_url).args(sizes.map(|size| size.to_string()));
        Self::start(command)
    }

    fn start(mut command: Command) -> Result<Self> {
        let log = tempfile::tempfile()?;
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log.try_clone()?).spawn()?;
        let lines = child.stdout.take().ok_or("no standard output")?;
        let (found, address) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(lines).lines().map_while(std::result::Result::ok) {
                if let Some((_, address)) = line.split_once(LISTENS) {
                    let _ = found.send(address.replace("localhost", "127.0.0.1"));
                }
            }
        });
        match address.recv_timeout(START) {
            Ok(address) => Ok(Self { child, address: address.trim_end_matches('/').parse()? }),
            Err(_) => {
                let _ = child.kill();
                Err(format!("the server did not start:\n{}", text_of(log)?).into())
            }
        }
    }

    /// How long it took from starting Reeve to its first answer that it is ready.
    pub(crate) fn cold_start(binaries: &Path, database_url: &str) -> Result<Duration> {
        let started = Instant::now();
        let process = Self::reeve(binaries, database_url)?;
        Client::new(process.address).get("/api/v1/health/ready")?;
        Ok(started.elapsed())
    }

    /// The processor time that it has used so far, all threads together.
    pub(crate) fn processor_time(&self) -> Result<Duration> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // The second field is the name in parentheses, which may hold spaces; utime and stime are the 14th and 15th.
        let (_, fields) = stat.rsplit_once(") ").ok_or("an unreadable /proc/PID/stat")?;
        let ticks: Vec<u64> = fields.split(' ').skip(11).take(2).filter_map(|field| field.parse().ok()).collect();
        let per_second = rustix::param::clock_ticks_per_second();
        Ok(Duration::from_secs_f64(ticks.iter().sum::<u64>() as f64 / per_second as f64))
    }

    /// Resident memory now, in MiB.
    pub(crate) fn resident(&self) -> Result<f64> {
        Ok(self.status("VmRSS")? / 1024.0)
    }

    /// Begins anew to watch for the most resident memory.
    pub(crate) fn forget_most_resident(&self) -> Result<()> {
        Ok(fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5")?)
    }

    /// The most resident memory that it had since it started, or since that was forgotten, in MiB.
    pub(crate) fn most_resident(&self) -> Result<f64> {
        Ok(self.status("VmHWM")? / 1024.0)
    }

    /// How many threads it has.
    pub(crate) fn threads(&self) -> Result<f64> {
        self.status("Threads")
    }

    fn status(&self, name: &str) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line =
            status.lines().find(|line| line.starts_with(name)).ok_or("a field is missing in /proc/PID/status")?;
        Ok(line.split_whitespace().nth(1).ok_or("an empty field in /proc/PID/status")?.parse()?)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Some(pid) = Pid::from_raw(self.child.id().cast_signed()) {
            let _ = kill_process(pid, Signal::TERM);
        }
        let _ = self.child.wait();
    }
}

fn text_of(mut log: File) -> Result<String> {
    use std::io::{Read, Seek};
    let mut text = String::new();
    log.rewind()?;
    log.read_to_string(&mut text)?;
    Ok(text)
}

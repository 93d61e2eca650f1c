//! The real binary, in a process of its own.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use super::client::Client;
use super::server::variable;
use super::store::Store;

/// `reeve` with these arguments over a store, not started yet.
pub fn reeve(store: &Store, options: &[(&str, &str)], arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_reeve"));
    // Nothing of the environment may reach it but what the test says.
    let foreign = std::env::vars().map(|(name, _)| name).filter(|name| name.starts_with("REEVE_"));
    foreign.for_each(|name| {
        command.env_remove(name);
    });
    let defaults = [
        ("database_url", store.url.as_str()),
        ("listen", "127.0.0.1:0"),
        ("password.memory_kib", "7168"),
        ("password.iterations", "1"),
    ];
    for (key, value) in defaults.iter().chain(options) {
        command.env(variable(key), value);
    }
    command.args(arguments).current_dir(store.folder.path());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// `reeve serve` that runs.
pub struct Process {
    pub child: Child,
    pub address: String,
    printed: Arc<Mutex<String>>,
}

impl Process {
    #[track_caller]
    pub fn serve(store: &Store, options: &[(&str, &str)]) -> Self {
        Self::start(reeve(store, options, &["serve"]), store.folder.path())
    }

    /// Starts a server by any command.
    #[track_caller]
    pub fn start(mut command: Command, folder: &Path) -> Self {
        command.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let printed = Arc::new(Mutex::new(String::new()));
        let (found, listens) = mpsc::channel();
        let out = BufReader::new(child.stdout.take().unwrap());
        let copy = Arc::clone(&printed);
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                if let Some(address) = line.strip_prefix("Reeve listens on ") {
                    let _ = found.send(address.to_owned());
                }
                *copy.lock().unwrap() += &(line + "\n");
            }
        });
        let mut errors = child.stderr.take().unwrap();
        let copy = Arc::clone(&printed);
        std::thread::spawn(move || {
            let mut text = String::new();
            let _ = errors.read_to_string(&mut text);
            *copy.lock().unwrap() += &text;
        });
        let address = listens.recv_timeout(Duration::from_secs(30)).unwrap_or_else(|_| {
            let _ = child.kill();
            panic!("reeve serve did not say where it listens; it printed:\n{}", printed.lock().unwrap())
        });
        Self { child, address: address.replace("localhost", "127.0.0.1"), printed }
    }

    pub fn client(&self) -> Client {
        Client::new(&self.address)
    }

    /// All that it has printed so far.
    pub fn printed(&self) -> String {
        self.printed.lock().unwrap().clone()
    }

    /// Where it listens, when its public address is another: as `ss` would tell.
    pub fn bound_to(&self) -> String {
        let inodes: Vec<_> = std::fs::read_dir(format!("/proc/{}/fd", self.child.id()))
            .unwrap()
            .filter_map(|entry| std::fs::read_link(entry.unwrap().path()).ok())
            .filter_map(|link| Some(link.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?.to_owned()))
            .collect();
        let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
        let listening = table.lines().skip(1).map(|line| line.split_whitespace().collect::<Vec<_>>());
        let own =
            listening.filter(|row| row[3] == "0A").find(|row| inodes.iter().any(|inode| inode == row[9])).unwrap();
        let port = u16::from_str_radix(own[1].split_once(':').unwrap().1, 16).unwrap();
        format!("http://127.0.0.1:{port}")
    }

    /// Sends a signal by its name.
    pub fn signal(&self, name: &str) {
        let status = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
    }

    /// Ends it without a word, as a crash does.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a command to its end: its exit code, and what it printed. One that does not end is ended, with the code -1.
pub fn run(command: Command) -> (i32, String, String) {
    run_with_input(command, "")
}

/// As [`run`], with something to read from its standard input.
pub fn run_with_input(mut command: Command, input: &str) -> (i32, String, String) {
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let read = |mut stream: Box<dyn Read + Send>| {
        std::thread::spawn(move || {
            let mut text = String::new();
            let _ = stream.read_to_string(&mut text);
            text
        })
    };
    let out = read(Box::new(child.stdout.take().unwrap()));
    let errors = read(Box::new(child.stderr.take().unwrap()));
    let ends = Instant::now() + Duration::from_secs(30);
    let status = loop {
        match child.try_wait().unwrap() {
            Some(status) => break status.code().unwrap_or(-1),
            None if Instant::now() > ends => {
                let _ = child.kill();
                let _ = child.wait();
                break -1;
            }
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    };
    (status, out.join().unwrap(), errors.join().unwrap())
}

//! The real binary, in a process of its own.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

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
        let mut child = reeve(store, options, &["serve"]).spawn().unwrap();
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

/// Runs a command to its end: its exit code, and what it printed.
pub fn run(mut command: Command) -> (i32, String, String) {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (status.code().unwrap_or(-1), text(stdout), text(stderr))
}

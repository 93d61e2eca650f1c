//! A server of the test's own, in this process, with a clock that can be set ahead.

use std::net::TcpListener;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use actix_web::dev::ServerHandle;
use reeve::clock::Clock;
use reeve::config::{Document, Settings};
use reeve::features::auth;
use reeve::state::AppState;
use reeve::{access, app, mail};

use super::client::Client;
use super::store::Store;

pub struct Server {
    pub store: Arc<Store>,
    pub state: AppState,
    pub clock: Clock,
    /// `http://127.0.0.1:PORT`
    pub address: String,
    /// The one-time link that a start on a store without administrator prints.
    pub invitation: Option<String>,
    client: Client,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

/// The settings of a test: cheap passwords, and whatever the test sets.
pub fn settings(database_url: &str, options: &[(&str, &str)]) -> Settings {
    let defaults = [
        ("database_url", database_url),
        ("listen", "127.0.0.1:0"),
        ("password.memory_kib", "7168"),
        ("password.iterations", "1"),
    ];
    let variables =
        defaults.iter().chain(options).map(|(key, value)| (variable(key), (*value).to_owned())).collect::<Vec<_>>();
    let document = Document::read_all(None, variables.into_iter()).unwrap();
    Settings::from_document(&document).unwrap()
}

/// The environment variable of a setting.
pub fn variable(key: &str) -> String {
    format!("REEVE_{}", key.replace('.', "__").to_uppercase())
}

impl Server {
    pub fn start(store: &Arc<Store>, options: &[(&str, &str)]) -> Self {
        let settings = settings(&store.url, options);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let clock = Clock::default();
        let state = AppState::new(settings, port, clock.clone()).unwrap();
        let (started, start) = mpsc::channel();
        let thread = std::thread::spawn({
            let state = state.clone();
            move || {
                actix_web::rt::System::new().block_on(async move {
                    let invitation = state.prepare().await.unwrap();
                    let running = app::serve(state.clone(), listener, false).unwrap();
                    actix_web::rt::spawn(access::watch(state.clone()));
                    actix_web::rt::spawn(auth::answer_link_requests(state.clone()));
                    actix_web::rt::spawn(mail::work(state.clone(), std::future::pending::<()>()));
                    actix_web::rt::spawn(reeve::features::audit::keep_linked(state));
                    started.send((running.handle, invitation)).unwrap();
                    running.server.await.unwrap();
                });
            }
        });
        let (handle, invitation) = start.recv().expect("the server did not start");
        let address = format!("http://127.0.0.1:{port}");
        let client = Client::new(&address);
        Self { store: Arc::clone(store), state, clock, address, invitation, client, handle, thread: Some(thread) }
    }

    /// A client that is not signed in.
    pub fn stranger(&self) -> Client {
        self.client.clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Runs a future to its end on this thread.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    actix_web::rt::Runtime::new().unwrap().block_on(future)
}

/// Waits for something that comes about by itself, and fails when it doesn't.
#[track_caller]
pub fn wait_for(what: &str, mut condition: impl FnMut() -> bool) {
    let started = Instant::now();
    while !condition() {
        assert!(started.elapsed() < Duration::from_secs(20), "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

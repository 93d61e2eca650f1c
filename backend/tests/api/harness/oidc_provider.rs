//! A certified provider of OpenID Connect (`scripts/oidc_provider`), and a browser that signs in there.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use reqwest::Url;
use reqwest::blocking as http;
use reqwest::redirect::Policy;
use serde_json::{Value, json};

use super::client::http_client;
use super::server::Server;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts/oidc_provider");

pub struct OidcProvider {
    pub issuer: String,
    process: Child,
    _stdin: Option<ChildStdin>,
    /// It would die of a line that nobody takes.
    _stdout: BufReader<ChildStdout>,
}

impl OidcProvider {
    pub fn start() -> Self {
        assert!(
            std::path::Path::new(FOLDER).join("node_modules/oidc-provider").is_dir(),
            "The provider that these tests sign in with is not installed: run `scripts/test prepare`."
        );
        let mut process = Command::new("node")
            .arg("main.js")
            .current_dir(FOLDER)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("node can't be started");
        let mut issuer = String::new();
        let mut stdout = BufReader::new(process.stdout.take().unwrap());
        stdout.read_line(&mut issuer).unwrap();
        let stdin = process.stdin.take();
        Self { issuer: issuer.trim().to_owned(), process, _stdin: stdin, _stdout: stdout }
    }

    /// Tells it where to send people back to.
    pub fn serve(&self, server: &Server, name: &str) {
        self.configure(server, name, false);
    }

    /// The same, and tells it to put into the ID token no more than it has to.
    pub fn serve_thinly(&self, server: &Server, name: &str) {
        self.configure(server, name, true);
    }

    fn configure(&self, server: &Server, name: &str, thin: bool) {
        let redirect_uri = format!("{}/api/v1/auth/oidc/{name}/callback", server.state.public_url.as_str());
        self.tell("configure", &json!({"redirect_uri": redirect_uri, "thin": thin}));
    }

    /// Says who is in which groups.
    pub fn set_groups(&self, groups: &Value) {
        self.tell("groups", groups);
    }

    fn tell(&self, what: &str, body: &Value) {
        let client = http_client().build().unwrap();
        let answer = client.post(format!("{}/-/{what}", self.issuer)).json(body).send().unwrap();
        assert_eq!(answer.status(), 204);
    }
}

impl Drop for OidcProvider {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A browser that goes from place to place, with its cookies of each.
pub struct Traveller {
    client: http::Client,
    cookies: BTreeMap<(String, String), String>,
}

impl Traveller {
    pub fn new() -> Self {
        let client = http_client().redirect(Policy::none()).build().unwrap();
        Self { client, cookies: BTreeMap::new() }
    }

    /// The header of what it would send to a host.
    pub fn cookies(&self, url: &Url) -> String {
        let host = host(url);
        let own = self.cookies.iter().filter(|((owner, _), value)| *owner == host && !value.is_empty());
        own.map(|((_, name), value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    /// Takes cookies, as an answer of a host sets them.
    pub fn keep(&mut self, url: &Url, headers: &reqwest::header::HeaderMap) {
        for cookie in headers.get_all("set-cookie") {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert((host(url), name.to_owned()), value.to_owned());
        }
    }

    pub fn get(&mut self, url: &Url) -> http::Response {
        self.send(self.client.get(url.clone()), url)
    }

    fn send(&mut self, request: http::RequestBuilder, url: &Url) -> http::Response {
        let answer = request.header("cookie", self.cookies(url)).send().unwrap();
        self.keep(url, answer.headers());
        answer
    }

    /// Goes where redirects lead, until somewhere that `arrived` says to stop before.
    pub fn follow(&mut self, from: &Url, arrived: impl Fn(&Url) -> bool) -> Url {
        self.sign_in_at(from, None, arrived)
    }

    /// As [`Traveller::follow`], filling in the provider's forms on the way: as `name`, or else declining.
    pub fn sign_in_at(&mut self, from: &Url, name: Option<&str>, arrived: impl Fn(&Url) -> bool) -> Url {
        let mut url = from.clone();
        for _ in 0..20 {
            if arrived(&url) {
                return url;
            }
            let mut answer = self.get(&url);
            if answer.status() == 200 {
                let page = answer.text().unwrap();
                assert!(page.contains("/interaction/"), "no form of the provider at {url}: {page}");
                let prompt = if page.contains("value=\"login\"") { "login" } else { "consent" };
                answer = match name {
                    Some(name) => {
                        let form = format!("prompt={prompt}&login={}&password=any", name.replace('@', "%40"));
                        let request = self.client.post(url.clone()).body(form);
                        self.send(request.header("content-type", "application/x-www-form-urlencoded"), &url)
                    }
                    None => {
                        let abort = url.join(&format!("{}/abort", url.path())).unwrap();
                        self.get(&abort)
                    }
                };
            }
            let location = answer.headers().get("location").unwrap_or_else(|| panic!("{url} leads nowhere"));
            url = url.join(location.to_str().unwrap()).unwrap();
        }
        panic!("it goes on and on, at last at {url}")
    }
}

fn host(url: &Url) -> String {
    format!("{}:{}", url.host_str().unwrap(), url.port().unwrap_or_default())
}

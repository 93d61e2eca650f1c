//! A client of the HTTP API, and what can be said of its answers.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use reeve::problem::Code;
use reqwest::blocking as http;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

/// Calls a server, as somebody or as a stranger. Paths are below `/api/v1` unless they begin with `/api` or `/.well-known`.
#[derive(Clone)]
pub struct Client {
    http: http::Client,
    address: String,
    token: Option<String>,
}

/// What every client of a test begins with: it goes straight to a server that speaks plain HTTP, and trusts nobody besides.
pub fn http_client() -> http::ClientBuilder {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let tls = tls.with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth();
    http::Client::builder().tls_backend_preconfigured(tls).no_proxy()
}

impl Client {
    pub fn new(address: &str) -> Self {
        let http = http_client()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(60))
            // Below the server's own limit: a connection that is about to be closed is not used again.
            .pool_idle_timeout(Duration::from_secs(2))
            .build()
            .unwrap();
        Self { http, address: address.to_owned(), token: None }
    }

    /// The same, as whoever the access token belongs to.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The same person, at another server.
    #[must_use]
    pub fn at(&self, address: &str) -> Self {
        Self { address: address.to_owned(), ..self.clone() }
    }

    /// A request to be completed.
    pub fn request(&self, method: &str, path: &str) -> Request {
        let whole = path.starts_with("/api") || path.starts_with("/.well-known");
        let place = if whole { "" } else { "/api/v1" };
        self.request_to(method, &format!("{place}{path}"))
    }

    /// A request outside the API: of the application that is served beside it.
    pub fn request_page(&self, method: &str, path: &str) -> Request {
        self.request_to(method, path)
    }

    fn request_to(&self, method: &str, path: &str) -> Request {
        let mut inner = self.http.request(method.parse().unwrap(), format!("{}{path}", self.address));
        if let Some(token) = &self.token {
            inner = inner.bearer_auth(token);
        }
        Request { inner, name: format!("{method} {path}") }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.request("GET", path).send()
    }

    pub fn post(&self, path: &str, body: Value) -> Answer {
        self.request("POST", path).json(&body).send()
    }

    pub fn put(&self, path: &str, body: Value) -> Answer {
        self.request("PUT", path).json(&body).send()
    }

    pub fn patch(&self, path: &str, body: Value) -> Answer {
        self.request("PATCH", path).json(&body).send()
    }

    pub fn delete(&self, path: &str) -> Answer {
        self.request("DELETE", path).send()
    }

    /// Tries to sign in.
    pub fn login(&self, identifier: &str, password: &str) -> Answer {
        self.post("/auth/login", json!({"identifier": identifier, "password": password}))
    }

    /// Signs in, which must succeed.
    #[track_caller]
    pub fn sign_in(&self, identifier: &str, password: &str) -> SignedIn {
        self.signed_in(&self.login(identifier, password))
    }

    /// Goes on as whom an answer of signing in names.
    #[track_caller]
    pub fn signed_in(&self, answer: &Answer) -> SignedIn {
        let body = answer.expect(200);
        assert_eq!(body["status"], "ok", "{answer}");
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        let access_token = text("access_token");
        SignedIn {
            client: self.with_token(&access_token),
            access_token,
            refresh_token: text("refresh_token"),
            id: body["user"]["id"].as_str().unwrap().to_owned(),
        }
    }

    pub fn refresh(&self, token: &str) -> Answer {
        self.post("/auth/refresh", json!({"refresh_token": token}))
    }
}

/// Somebody who is signed in.
#[derive(Clone)]
pub struct SignedIn {
    client: Client,
    pub access_token: String,
    pub refresh_token: String,
    pub id: String,
}

impl SignedIn {
    /// The same person with the same tokens, at another node.
    #[must_use]
    pub fn at_node(&self, node: &super::Server) -> Self {
        Self { client: self.client.at(&node.address), ..self.clone() }
    }
}

impl Deref for SignedIn {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

pub struct Request {
    inner: http::RequestBuilder,
    name: String,
}

impl Request {
    #[must_use]
    pub fn header(self, name: &str, value: &str) -> Self {
        Self { inner: self.inner.header(name, value), ..self }
    }

    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        Self { inner: self.inner.json(body), ..self }
    }

    #[must_use]
    pub fn body(self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { inner: self.inner.header("content-type", content_type).body(body.into()), ..self }
    }

    #[track_caller]
    pub fn send(self) -> Answer {
        let name = self.name.clone();
        self.try_send().unwrap_or_else(|error| panic!("{name}: {error:?}"))
    }

    pub fn try_send(self) -> reqwest::Result<Answer> {
        let response = self.inner.send()?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Ok(Answer { status, headers, body: response.bytes()?.to_vec(), request: self.name })
    }
}

#[derive(Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    request: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("no JSON ({error}): {self}"))
    }

    /// The body of an answer that must have this status; null where there is none.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{self}");
        if self.body.is_empty() { Value::Null } else { self.json() }
    }

    /// It did, whatever the status says in detail.
    #[track_caller]
    pub fn expect_success(&self) {
        assert!((200..300).contains(&self.status), "{self}");
    }

    /// The problem that the answer must be.
    #[track_caller]
    pub fn problem(&self, status: u16, code: &str) -> Value {
        let problem = self.any_problem();
        assert_eq!((self.status, problem["code"].as_str()), (status, Some(code)), "{self}");
        problem
    }

    /// Some problem, complete as RFC 9457 and the contract want it.
    #[track_caller]
    pub fn any_problem(&self) -> Value {
        assert!(self.status >= 400, "not a problem: {self}");
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self}");
        let problem = self.json();
        let text = |name: &str| {
            let text = problem[name].as_str().unwrap_or_default();
            assert!(!text.is_empty(), "{name} is missing: {self}");
            text
        };
        for name in ["type", "title", "detail", "instance", "code", "request_id"] {
            text(name);
        }
        assert_eq!(problem["status"], self.status, "{self}");
        assert_eq!(self.header("x-request-id"), Some(text("request_id")), "{self}");
        let code = Code::ALL.iter().find(|code| code.as_str() == text("code"));
        let code = code.unwrap_or_else(|| panic!("the code is not in the table: {self}"));
        assert_eq!((code.status(), code.title()), (self.status, text("title")), "{self}");
        if self.status == 401 {
            let challenge = self.header("www-authenticate").unwrap_or_default();
            assert!(challenge.starts_with("Bearer "), "{self}");
        }
        if matches!(self.status, 429 | 503) {
            assert!(
                self.header("retry-after").is_some_and(|wait| wait.parse::<u32>().is_ok()),
                "no Retry-After: {self}"
            );
        }
        problem
    }

    /// The code that a 422 or a conflict names for a field.
    #[track_caller]
    pub fn field_error(&self, field: &str) -> String {
        let errors = self.any_problem()["errors"].as_array().cloned().unwrap_or_default();
        let error = errors.iter().find(|error| error["field"] == field);
        let error = error.unwrap_or_else(|| panic!("nothing is said of {field}: {self}"));
        assert!(!error["message"].as_str().unwrap_or_default().is_empty(), "{self}");
        error["code"].as_str().unwrap().to_owned()
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body: String = self.text().chars().take(2_000).collect();
        write!(formatter, "{} answered {} {body}", self.request, self.status)
    }
}

//! Guessing passwords: how many guesses there are, who has to wait for how long, and what nobody can tell by it.

mod accounts;
mod addresses;
mod devices;
mod endings;
mod timing;
mod traces;

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Answer, Client, Server};

const WRONG: &str = "not the right password";
const ANN: &str = "ann@example.com";
const PASSWORD_OF_NOBODY: &str = "nobody has this password";
const SECOND: Duration = Duration::from_secs(1);
/// More addresses than a test has attempts, for tests that are not about addresses.
const MANY_ADDRESSES: (&str, &str) = ("trusted_proxies", "127.0.0.0/8");

fn wait_of(answer: &Answer) -> Duration {
    answer.problem(429, "too_many_attempts");
    Duration::from_secs(answer.header("retry-after").unwrap().parse().unwrap())
}

fn fail(client: &Client, identifier: &str, times: usize) {
    for _ in 0..times {
        client.login(identifier, WRONG).problem(401, "invalid_credentials");
    }
}

fn login_from(client: &Client, address: &str, identifier: &str, password: &str) -> Answer {
    let body = json!({"identifier": identifier, "password": password});
    client.request("POST", "/auth/login").header("x-forwarded-for", address).json(&body).send()
}

type Comparable = (u16, Value, Vec<(String, String)>);

/// What an answer says, without what is different each time.
fn comparable(answer: &Answer) -> Comparable {
    let mut body = answer.json();
    body.as_object_mut().unwrap().remove("request_id");
    let mut headers: Vec<_> =
        answer.headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
    headers.retain(|(name, _)| !matches!(name.as_str(), "x-request-id" | "date"));
    headers.sort();
    (answer.status, body, headers)
}

fn events(server: &Server, action: &str) -> Vec<Value> {
    let list = server.admin().get(&format!("/audit?limit=200&filter=action:eq:{action}")).expect(200);
    list["items"].as_array().unwrap().clone()
}

fn outcomes(answers: &[Answer]) -> (usize, usize, usize) {
    let of = |status| answers.iter().filter(|answer| answer.status == status).count();
    (of(200), of(401), of(429))
}

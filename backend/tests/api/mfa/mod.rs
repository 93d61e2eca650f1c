//! Second factors.

mod administration;
mod email_codes;
mod enrolment;
mod reauthentication;
mod recovery_codes;
mod required;
mod sign_in;
mod trusted_devices;

use std::time::Duration;

use serde_json::{Value, json};
use totp_rs::{Builder, Secret};

use crate::harness::{Answer, Client, PASSWORD, Server, SignedIn};

const ANN: &str = "ann@example.com";
const STEP: Duration = Duration::from_secs(30);
const MINUTE: Duration = Duration::from_secs(60);

/// An authenticator, as a telephone holds it.
struct Authenticator {
    secret: String,
}

impl Authenticator {
    fn of(offer: &Value) -> Self {
        Self { secret: offer["secret"].as_str().unwrap().to_owned() }
    }

    /// The code that it shows at the server's time, so many steps later.
    fn code(&self, server: &Server, steps: i64) -> String {
        let secret = Secret::try_from_base32(&self.secret).unwrap();
        let totp = Builder::new().with_secret(secret).build().unwrap();
        let seconds = server.clock.now().as_micros() / 1_000_000 + 30 * steps;
        totp.generate(u64::try_from(seconds).unwrap()).to_string()
    }
}

/// Somebody who has set up an authenticator a while ago.
struct Ann {
    session: SignedIn,
    authenticator: Authenticator,
    recovery_codes: Vec<String>,
}

fn enrol(server: &Server, session: SignedIn) -> Ann {
    let authenticator = Authenticator::of(&session.post("/me/mfa/totp", json!({})).expect(200));
    let code = authenticator.code(server, 0);
    let answer = session.post("/me/mfa/totp/confirm", json!({"code": code})).expect(200);
    let codes = answer["recovery_codes"].as_array().unwrap();
    let recovery_codes = codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect();
    server.clock.advance(2 * STEP);
    Ann { session, authenticator, recovery_codes }
}

/// Somebody new with an authenticator.
fn ann(server: &Server) -> Ann {
    enrol(server, server.member(ANN, &[]))
}

/// The challenge that the password brings.
fn challenge(client: &Client, email: &str) -> String {
    challenge_of(&client.login(email, PASSWORD))
}

fn challenge_of(answer: &Answer) -> String {
    let body = answer.expect(200);
    assert_eq!(body["status"], "mfa_required", "{answer}");
    assert!(body.get("access_token").is_none() && body.get("refresh_token").is_none(), "{answer}");
    assert!(body.get("user").is_none(), "who has only a password learns nothing of the account: {answer}");
    assert_eq!(answer.headers.get_all("set-cookie").iter().count(), 0, "{answer}");
    body["challenge"].as_str().unwrap().to_owned()
}

fn prove(client: &Client, challenge: &str, method: &str, code: &str) -> Answer {
    client.post("/auth/mfa", json!({"challenge": challenge, "method": method, "code": code}))
}

fn wrong(answer: &Answer) {
    answer.problem(401, "invalid_credentials");
}

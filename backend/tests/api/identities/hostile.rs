//! A provider that lies, or that somebody speaks for: nobody is signed in by what it says.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use reqwest::Url;
use serde_json::{Value, json};

use super::{at, is_page, parameter, settings};
use crate::harness::{Server, Store, Traveller};

const SUBJECT: &str = "eve";

/// Makes a token of claims that the provider never signed.
type Forgery = Box<dyn Fn(&Value) -> String>;

/// What it says at the next question.
#[derive(Default)]
struct Says {
    id_token: String,
    /// The seeds of the keys that it publishes, under their names.
    keys: Vec<(&'static str, u8)>,
    user_info: Value,
    user_info_asked: usize,
    /// What it says of itself in another way than it should.
    of_itself: Value,
    keys_asked: usize,
}

struct HostileProvider {
    issuer: String,
    says: Arc<Mutex<Says>>,
}

fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

fn public(seed: u8) -> String {
    URL_SAFE_NO_PAD.encode(key(seed).verifying_key().as_bytes())
}

impl HostileProvider {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let says = Arc::new(Mutex::new(Says { keys: vec![("first", 1)], ..Says::default() }));
        let (own_issuer, own_says) = (issuer.clone(), Arc::clone(&says));
        // It ends with the process of the tests.
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                answer(stream, &own_issuer, &mut own_says.lock().unwrap());
            }
        });
        Self { issuer, says }
    }

    fn says(&self) -> std::sync::MutexGuard<'_, Says> {
        self.says.lock().unwrap()
    }
}

fn answer(mut stream: TcpStream, issuer: &str, says: &mut Says) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let (mut first, mut length) = (String::new(), 0);
    reader.read_line(&mut first).unwrap();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line.trim().is_empty() {
            break;
        }
    }
    reader.take(length).read_to_end(&mut Vec::new()).unwrap();
    let body = if first.contains("openid-configuration") {
        let mut metadata = json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/authorize"),
            "token_endpoint": format!("{issuer}/token"),
            "jwks_uri": format!("{issuer}/keys"),
            "authorization_response_iss_parameter_supported": true,
        });
        for (name, value) in says.of_itself.as_object().into_iter().flatten() {
            metadata[name] = value.clone();
        }
        metadata
    } else if first.contains("/keys") {
        says.keys_asked += 1;
        let of = |(kid, seed): &(&str, u8)| json!({"kty": "OKP", "crv": "Ed25519", "use": "sig", "kid": kid, "x": public(*seed)});
        // What it publishes besides is no reason to fail.
        let others = [json!({"kty": "new", "kid": "first"}), json!("?")];
        json!({"keys": others.into_iter().chain(says.keys.iter().map(of)).collect::<Vec<_>>()})
    } else if first.contains("/userinfo") {
        says.user_info_asked += 1;
        says.user_info.clone()
    } else {
        json!({"access_token": "access", "token_type": "Bearer", "id_token": says.id_token})
    };
    let body = body.to_string();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all((head + &body).as_bytes());
}

fn start(store: &Arc<Store>, provider: &HostileProvider) -> Server {
    let options = [settings(&provider.issuer), vec![("oidc.corporate.provisioning", "true")]].concat();
    Server::start(store, &options)
}

fn signed(kid: &str, seed: u8, claims: &Value) -> String {
    let mut header = Header::new(Algorithm::EdDSA);
    header.kid = Some(kid.to_owned());
    let key = EncodingKey::from_ed_der(key(seed).to_pkcs8_der().unwrap().as_bytes());
    jsonwebtoken::encode(&header, claims, &key).unwrap()
}

/// Somebody who went to the provider, and is on the way back.
struct Away<'a> {
    server: &'a Server,
    provider: &'a HostileProvider,
    browser: Traveller,
    state: String,
    nonce: String,
}

impl<'a> Away<'a> {
    fn new(server: &'a Server, provider: &'a HostileProvider) -> Self {
        let mut browser = Traveller::new();
        let answer = browser.get(&at(server, "/api/v1/auth/oidc/corporate/start"));
        let url = Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
        let of = |name: &str| parameter(&url, name).unwrap_or_else(|| panic!("{url} has no {name}"));
        Self { server, provider, browser, state: of("state"), nonce: of("nonce") }
    }

    /// What an honest provider would say.
    fn claims(&self) -> Value {
        let now = self.server.clock.now().as_seconds();
        json!({
            "iss": self.provider.issuer, "aud": "reeve", "sub": SUBJECT, "nonce": self.nonce, "iat": now, "exp": now + 300,
            "email": "eve@corporate.example", "email_verified": true,
        })
    }

    /// How the way back ends, with this query.
    fn back_with(&mut self, query: &str) -> String {
        let back = at(self.server, &format!("/api/v1/auth/oidc/corporate/callback?{query}"));
        let page = self.browser.follow(&back, is_page(self.server));
        parameter(&page, "error").unwrap_or_else(|| page.path().to_owned())
    }

    fn back(&mut self) -> String {
        let query = format!("state={}&code=code&iss={}", self.state, self.provider.issuer.replace(':', "%3A"));
        self.back_with(&query)
    }
}

const IN: &str = "/signed-in-elsewhere";

both_databases! {
    fn what_an_id_token_says_is_believed_only_if_all_of_it_fits(store: Arc<Store>) {
        let provider = HostileProvider::start();
        let server = start(&store, &provider);
        let now = server.clock.now().as_seconds();
        let wrong = [
            ("iss", json!("http://127.0.0.1:1")),
            ("iss", json!(format!("{}/", provider.issuer))),
            ("iss", Value::Null),
            ("aud", json!("another")),
            ("aud", json!([])),
            ("aud", json!(["reeve", "another"])),
            ("azp", json!("another")),
            ("nonce", json!("another")),
            ("nonce", Value::Null),
            ("exp", json!(now - 61)),
            ("exp", json!("tomorrow")),
            ("exp", Value::Null),
            ("iat", json!(now - 700)),
            ("iat", json!(now + 120)),
            ("iat", Value::Null),
            ("nbf", json!(now + 120)),
            ("sub", json!("")),
            ("sub", Value::Null),
            ("sub", json!("a".repeat(256))),
            ("at_hash", json!("another")),
        ];
        for (name, value) in wrong {
            let mut away = Away::new(&server, &provider);
            let mut claims = away.claims();
            if value.is_null() {
                claims.as_object_mut().unwrap().remove(name);
            } else {
                claims[name] = value.clone();
            }
            provider.says().id_token = signed("first", 1, &claims);
            assert_eq!(away.back(), "oidc_failed", "{name} {value}");
        }
        assert_eq!(server.admin().get("/users").expect(200)["total"], 1);
        for (name, value) in [("sub", json!(SUBJECT)), ("aud", json!(["reeve"])), ("azp", json!("reeve")), ("exp", json!(now - 30))] {
            let mut away = Away::new(&server, &provider);
            let mut claims = away.claims();
            claims[name] = value;
            provider.says().id_token = signed("first", 1, &claims);
            assert_eq!(away.back(), IN, "{claims}");
        }
    }

    fn a_token_that_the_provider_did_not_sign_is_refused(store: Arc<Store>) {
        let provider = HostileProvider::start();
        let server = start(&store, &provider);
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let shared = |secret: &[u8], claims: &Value| {
            let mut header = Header::new(Algorithm::HS256);
            header.kid = Some("first".to_owned());
            jsonwebtoken::encode(&header, claims, &EncodingKey::from_secret(secret)).unwrap()
        };
        let forge: Vec<(&str, Forgery)> = vec![
            ("nobody", Box::new(move |claims| format!("{}.{}.", part(&json!({"alg": "none", "kid": "first"})), part(claims)))),
            ("the public key as a secret", Box::new(move |claims| shared(key(1).verifying_key().as_bytes(), claims))),
            ("the published text as a secret", Box::new(move |claims| shared(public(1).as_bytes(), claims))),
            ("the client's secret", Box::new(move |claims| shared(b"a secret: of 100%", claims))),
            ("another key by the same name", Box::new(|claims| signed("first", 2, claims))),
            ("a key that nobody knows", Box::new(|claims| signed("unknown", 2, claims))),
            ("a subject that was exchanged afterwards", Box::new(|claims| {
                let token = signed("first", 1, claims);
                let parts: Vec<_> = token.split('.').collect();
                let mut other = claims.clone();
                other["sub"] = json!("somebody else");
                format!("{}.{}.{}", parts[0], URL_SAFE_NO_PAD.encode(other.to_string()), parts[2])
            })),
            ("nothing at all", Box::new(|_| "no token".to_owned())),
        ];
        for (who, forged) in forge {
            let mut away = Away::new(&server, &provider);
            provider.says().id_token = forged(&away.claims());
            assert_eq!(away.back(), "oidc_failed", "signed by {who}");
        }
        assert_eq!(server.admin().get("/users").expect(200)["total"], 1);
    }

    fn user_info_is_asked_for_where_the_token_is_silent_and_believed_of_its_subject_alone(store: Arc<Store>) {
        let provider = HostileProvider::start();
        provider.says().of_itself = json!({"userinfo_endpoint": format!("{}/userinfo", provider.issuer)});
        let server = start(&store, &provider);
        let come_back = |is_thin: bool, user_info: Value| {
            let mut away = Away::new(&server, &provider);
            let mut claims = away.claims();
            if is_thin {
                claims.as_object_mut().unwrap().remove("email");
            }
            provider.says().id_token = signed("first", 1, &claims);
            provider.says().user_info = user_info;
            away.back()
        };
        let other = json!({"sub": "somebody else", "email": "eve@corporate.example", "email_verified": true});
        assert_eq!(come_back(true, other.clone()), "oidc_failed");
        assert_eq!(come_back(true, json!({"email": "eve@corporate.example"})), "oidc_failed");
        assert_eq!(come_back(true, json!("?")), "oidc_unavailable");
        assert_eq!(server.admin().get("/users").expect(200)["total"], 1);
        let asked = provider.says().user_info_asked;
        assert_eq!(asked, 3);
        assert_eq!(come_back(false, other), IN);
        assert_eq!(provider.says().user_info_asked, asked, "asked for what the token says");
        assert_eq!(come_back(true, json!({"sub": SUBJECT, "email": "eve@corporate.example"})), IN);
    }

    fn a_new_key_is_asked_for_but_not_each_time_that_somebody_makes_one_up(store: Arc<Store>) {
        let provider = HostileProvider::start();
        let server = start(&store, &provider);
        let come_back = |kid: &str, seed: u8| {
            let mut away = Away::new(&server, &provider);
            provider.says().id_token = signed(kid, seed, &away.claims());
            away.back()
        };
        assert_eq!(come_back("first", 1), IN);
        provider.says().keys = vec![("second", 2)];
        assert_eq!(come_back("second", 2), IN);
        assert_eq!(come_back("first", 1), "oidc_failed", "a key that was taken back is still believed");
        let asked = provider.says().keys_asked;
        for _ in 0..3 {
            assert_eq!(come_back("made up", 3), "oidc_failed");
        }
        assert_eq!(provider.says().keys_asked, asked);
        server.clock.advance(std::time::Duration::from_secs(30));
        come_back("made up", 3);
        assert_eq!(provider.says().keys_asked, asked + 1);
    }

    fn an_answer_that_another_provider_gives_is_refused(store: Arc<Store>) {
        let provider = HostileProvider::start();
        let server = start(&store, &provider);
        for issuer in ["", "&iss=http%3A%2F%2Fevil.example", "&iss=a&iss=b"] {
            let mut away = Away::new(&server, &provider);
            provider.says().id_token = signed("first", 1, &away.claims());
            let query = format!("state={}&code=code{issuer}", away.state);
            assert_eq!(away.back_with(&query), "oidc_failed", "{issuer}");
        }
    }

    fn what_a_provider_says_never_reaches_a_page(store: Arc<Store>) {
        let provider = HostileProvider::start();
        let server = start(&store, &provider);
        let issuer = provider.issuer.replace(':', "%3A");
        for query in ["error=%3Cscript%3E&error_description=evil", "error=server_error&code=code", "nothing=here"] {
            let mut away = Away::new(&server, &provider);
            let query = format!("state={}&iss={issuer}&{query}", away.state);
            assert_eq!(away.back_with(&query), "oidc_failed", "{query}");
        }
        for query in ["", "code=code", "state=made%20up&code=code"] {
            assert_eq!(Away::new(&server, &provider).back_with(query), "oidc_expired", "{query}");
        }
    }

    fn a_provider_that_names_another_issuer_or_leads_elsewhere_in_the_clear_is_not_gone_to(store: Arc<Store>) {
        let provider = HostileProvider::start();
        for of_itself in [
            json!({"issuer": "https://login.example"}),
            json!({"issuer": format!("{}/", provider.issuer)}),
            json!({"authorization_endpoint": "http://evil.example/authorize"}),
            json!({"authorization_endpoint": "javascript:alert(1)"}),
            json!({"token_endpoint": "http://evil.example/token"}),
            json!({"jwks_uri": "http://evil.example/keys"}),
            json!({"userinfo_endpoint": "http://evil.example/userinfo"}),
        ] {
            provider.says().of_itself = of_itself.clone();
            let server = start(&store, &provider);
            let answer = server.stranger().get("/auth/oidc/corporate/start");
            assert!(answer.header("location").unwrap().ends_with("error=oidc_unavailable"), "{of_itself}: {answer}");
        }
    }
}

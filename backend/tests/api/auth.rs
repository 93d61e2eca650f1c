//! Signing in and staying signed in: what holds for passwords, tokens, sessions and the first administrator.

use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use reeve::access::Change;
use reeve::clock::Clock;
use reeve::crypto::key_ring;
use reeve::state::AppState;
use serde_json::{Value, json};

use crate::harness::{
    ADMIN, Answer, Client, EmptyStore, PASSWORD, Process, Server, Store, block_on, settings, wait_for,
};

const NEW_PASSWORD: &str = "another horse, another battery";
const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(86_400);

fn register(client: &Client, email: &str, more: Value) -> Answer {
    let mut body = json!({"email": email, "password": PASSWORD});
    body.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
    client.post("/auth/register", body)
}

/// What a token says, after its signature was checked against the published keys.
fn verified(server: &Server, token: &str) -> (Header, Value) {
    let header = jsonwebtoken::decode_header(token).unwrap();
    let keys = server.stranger().get("/.well-known/jwks.json").expect(200);
    let key = keys["keys"].as_array().unwrap().iter().find(|key| key["kid"] == header.kid.as_deref().unwrap()).unwrap();
    assert_eq!((&key["kty"], &key["crv"], &key["use"]), (&json!("OKP"), &json!("Ed25519"), &json!("sig")));
    assert!(key.get("d").is_none(), "a private key is published");
    let key = DecodingKey::from_ed_components(key["x"].as_str().unwrap()).unwrap();
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_audience(&["reeve"]);
    validation.validate_exp = false;
    (header, jsonwebtoken::decode::<Value>(token, &key, &validation).unwrap().claims)
}

/// A token that the server's own key signed, but that the server did not make.
fn forged(server: &Server, header: &Header, claims: &Value) -> String {
    let stored =
        server.store.texts("SELECT private_key AS value FROM signing_keys WHERE state = 'current'").pop().unwrap();
    let key = EncodingKey::from_ed_der(&URL_SAFE_NO_PAD.decode(stored).unwrap());
    jsonwebtoken::encode(header, claims, &key).unwrap()
}

fn in_parallel<T: Send>(number: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    std::thread::scope(|scope| {
        let work = &work;
        let threads: Vec<_> = (0..number).map(|index| scope.spawn(move || work(index))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

both_databases! {
    fn who_registers_waits_for_approval_and_can_not_sign_in_before(server: Server) {
        let client = server.stranger();
        let answer = register(&client, "ann@example.com", json!({"username": "ann", "display_name": "Ann"}));
        assert_eq!(answer.expect(202), json!({"status": "pending_approval"}));
        client.login("ann@example.com", PASSWORD).problem(401, "invalid_credentials");
    }

    fn where_registration_is_open_who_registers_can_sign_in_at_once(store: Arc<Store>) {
        let server = Server::start(&store, &[("registration", "open")]);
        assert_eq!(register(&server.stranger(), "ann@example.com", json!({})).expect(202), json!({"status": "registered"}));
        server.stranger().sign_in("ann@example.com", PASSWORD);
    }

    fn where_registration_is_closed_or_by_invitation_nobody_makes_an_account(store: Arc<Store>) {
        for mode in ["closed", "invite"] {
            let server = Server::start(&store, &[("registration", mode)]);
            register(&server.stranger(), "ann@example.com", json!({})).problem(403, "registration_closed");
            assert_eq!(server.stranger().get("/config").expect(200)["registration"]["mode"], mode);
        }
        assert_eq!(store.texts("SELECT email AS value FROM users"), [ADMIN]);
    }

    fn registering_does_not_tell_whether_an_address_is_taken(server: Server) {
        let client = server.stranger();
        let free = register(&client, "free@example.com", json!({}));
        for taken in [ADMIN, "ADMIN@Example.com", "free@example.com"] {
            let answer = register(&client, taken, json!({}));
            assert_eq!((answer.status, answer.text()), (free.status, free.text()));
            let names = |answer: &Answer| answer.headers.keys().map(ToString::to_string).collect::<Vec<_>>();
            assert_eq!(names(&answer), names(&free));
        }
        server.stranger().sign_in(ADMIN, PASSWORD);
    }

    fn a_username_that_is_taken_is_told_whatever_its_case(server: Server) {
        let client = server.stranger();
        register(&client, "ann@example.com", json!({"username": "ann"})).expect(202);
        let answer = register(&client, "bob@example.com", json!({"username": "ANN"}));
        answer.problem(409, "username_taken");
        assert_eq!(answer.field_error("username"), "username_taken");
    }

    fn a_password_that_is_short_long_common_or_the_address_itself_is_refused(server: Server) {
        let too_long = "long ".repeat(26);
        for (password, code) in [
            ("elevenchars", "password_too_short"),
            (too_long.as_str(), "password_too_long"),
            ("123456789012", "password_too_common"),
            ("aaaaaaaaaaaaaa", "password_too_common"),
            ("ann.archer@example.com", "password_too_common"),
        ] {
            let answer = server.stranger().post("/auth/register", json!({"email": "ann.archer@example.com", "password": password}));
            answer.problem(422, "validation_failed");
            assert_eq!(answer.field_error("password"), code);
        }
    }

    fn one_signs_in_by_address_or_username_in_any_case_and_the_password_however_it_is_composed(store: Arc<Store>) {
        let server = Server::start(&store, &[("registration", "open")]);
        let (composed, decomposed) = ("caf\u{e9} au lait, s'il vous pla\u{ee}t", "cafe\u{301} au lait, s'il vous plai\u{302}t");
        let body = json!({"email": "Ann@Example.com", "username": "Ann.Archer", "password": decomposed});
        server.stranger().post("/auth/register", body).expect(202);
        for identifier in ["ann@example.com", "ANN@EXAMPLE.COM", "ann.archer", "ANN.ARCHER", " ann@example.com "] {
            server.stranger().sign_in(identifier, composed);
        }
        server.stranger().login("ann@example.com", &composed.to_uppercase()).problem(401, "invalid_credentials");
    }

    fn signing_in_does_not_tell_who_exists_or_why_somebody_is_refused(server: Server) {
        server.add_user("wrong@example.com", &[]);
        server.add_user("inactive@example.com", &[]);
        server.add_user("unapproved@example.com", &[]);
        server.add_user("passwordless@example.com", &[]);
        server.store.execute("UPDATE users SET active = FALSE WHERE email = 'inactive@example.com'");
        server.store.execute("UPDATE users SET approved = FALSE WHERE email = 'unapproved@example.com'");
        server.store.execute("UPDATE users SET password_hash = NULL WHERE email = 'passwordless@example.com'");
        let client = server.stranger();
        let cases = [
            ("unknown@example.com", PASSWORD),
            ("unknown-username", PASSWORD),
            ("wrong@example.com", "not the right password"),
            ("inactive@example.com", PASSWORD),
            ("unapproved@example.com", PASSWORD),
            ("passwordless@example.com", PASSWORD),
        ];
        let mut times = vec![Vec::new(); cases.len()];
        let mut bodies = Vec::new();
        for _ in 0..15 {
            for (index, (identifier, password)) in cases.iter().enumerate() {
                let started = Instant::now();
                let answer = client.login(identifier, password);
                times[index].push(started.elapsed());
                let mut body = answer.problem(401, "invalid_credentials");
                body.as_object_mut().unwrap().remove("request_id");
                bodies.push(body);
            }
        }
        assert!(bodies.windows(2).all(|pair| pair[0] == pair[1]), "the answers differ");
        let medians: Vec<_> = times
            .iter_mut()
            .map(|times| {
                times.sort();
                times[times.len() / 2].as_micros()
            })
            .collect();
        let (fastest, slowest) = (medians.iter().min().unwrap(), medians.iter().max().unwrap());
        assert!(slowest < &(fastest * 2), "the times tell the cases apart: {medians:?} µs");
    }

    fn an_access_token_says_what_the_contract_promises_and_is_verified_by_the_published_keys(server: Server) {
        let before = server.clock.now().as_seconds();
        let answer = server.stranger().login(ADMIN, PASSWORD);
        let body = answer.expect(200);
        assert_eq!((&body["token_type"], &body["expires_in"], &body["status"]), (&json!("Bearer"), &json!(600), &json!("ok")));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let token = body["access_token"].as_str().unwrap();
        let (header, claims) = verified(&server, token);
        assert_eq!((header.typ.as_deref(), header.alg), (Some("at+jwt"), Algorithm::EdDSA));
        assert_eq!(claims["aud"], "reeve");
        assert_eq!(claims["iss"], server.address.replace("127.0.0.1", "localhost"));
        assert_eq!(claims["sub"], body["user"]["id"]);
        let moment = |name: &str| claims[name].as_i64().unwrap();
        assert!((before..=before + 10).contains(&moment("iat")));
        assert_eq!(moment("exp") - moment("iat"), 600);
        assert_eq!(moment("auth_time"), moment("iat"));
        for name in ["sid", "jti", "sub"] {
            let id = uuid::Uuid::try_parse(claims[name].as_str().unwrap()).unwrap();
            assert_eq!(id.get_version_num(), 7, "{name}");
        }
        let again = server.admin();
        let (_, others) = verified(&server, &again.access_token);
        assert_ne!((&others["jti"], &others["sid"]), (&claims["jti"], &claims["sid"]));
        // And says nothing else: whoever holds it may show it to anybody.
        let mut names: Vec<_> = claims.as_object().unwrap().keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["aud", "auth_time", "exp", "iat", "iss", "jti", "sid", "sub"]);
    }

    fn a_token_that_was_tampered_with_or_made_for_something_else_opens_nothing(server: Server) {
        let admin = server.admin();
        let (header, claims) = verified(&server, &admin.access_token);
        let with = |name: &str, value: Value| {
            let mut claims = claims.clone();
            claims[name] = value;
            claims
        };
        let without = |name: &str| {
            let mut claims = claims.clone();
            claims.as_object_mut().unwrap().remove(name);
            claims
        };
        // The forger is as good as the server: what is refused below is refused for what was changed.
        server.stranger().with_token(&forged(&server, &header, &claims)).get("/me").expect(200);

        let mut bad = vec![
            ("another audience", forged(&server, &header, &with("aud", json!("other")))),
            ("another issuer", forged(&server, &header, &with("iss", json!("https://evil.example.com")))),
            ("expired", forged(&server, &header, &with("exp", json!(server.clock.now().as_seconds() - 1)))),
            ("no expiry", forged(&server, &header, &without("exp"))),
            ("no audience", forged(&server, &header, &without("aud"))),
            ("no session", forged(&server, &header, &without("sid"))),
            ("an unknown session", forged(&server, &header, &with("sid", json!(uuid::Uuid::now_v7())))),
            ("somebody else's session", forged(&server, &header, &with("sub", json!(uuid::Uuid::now_v7())))),
        ];
        let ann = server.member("ann@example.com", &[]);
        bad.push(("the administrator with Ann's session", {
            let (_, anns) = verified(&server, &ann.access_token);
            forged(&server, &header, &with("sid", anns["sid"].clone()))
        }));
        for typ in ["JWT", "at+jwt2", ""] {
            let header = Header { typ: Some(typ.to_owned()), ..header.clone() };
            bad.push(("another type", forged(&server, &header, &claims)));
        }
        bad.push(("no type", forged(&server, &Header { typ: None, ..header.clone() }, &claims)));
        bad.push(("no key", forged(&server, &Header { kid: None, ..header.clone() }, &claims)));
        bad.push(("an unknown key", forged(&server, &Header { kid: Some("x".into()), ..header.clone() }, &claims)));

        let parts: Vec<_> = admin.access_token.split('.').collect();
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let kid = header.kid.clone().unwrap();
        let none = encode(&json!({"alg": "none", "typ": "at+jwt", "kid": kid}));
        bad.push(("no signature", format!("{none}.{}.", parts[1])));
        bad.push(("no signature at all", format!("{}.{}.", parts[0], parts[1])));
        bad.push(("other claims under the same signature", format!("{}.{}.{}", parts[0], encode(&with("sub", json!(ann.id))), parts[2])));
        let keys = server.stranger().get("/.well-known/jwks.json").expect(200);
        let public = URL_SAFE_NO_PAD.decode(keys["keys"][0]["x"].as_str().unwrap()).unwrap();
        let symmetric = Header { typ: header.typ.clone(), kid: header.kid.clone(), ..Header::new(Algorithm::HS256) };
        let confused = jsonwebtoken::encode(&symmetric, &claims, &EncodingKey::from_secret(&public)).unwrap();
        bad.push(("the public key as a secret", confused));
        let foreign = EncodingKey::from_ed_der(
            ed25519_dalek::pkcs8::EncodePrivateKey::to_pkcs8_der(&ed25519_dalek::SigningKey::from_bytes(&[7; 32])).unwrap().as_bytes(),
        );
        bad.push(("a foreign signature", jsonwebtoken::encode(&header, &claims, &foreign).unwrap()));
        bad.push(("a refresh token", admin.refresh_token.clone()));
        for (case, token) in bad {
            let answer = server.stranger().with_token(&token).get("/me");
            assert_eq!(answer.status, 401, "{case}: {answer}");
            answer.problem(401, "unauthenticated");
        }
        admin.get("/me").expect(200);
    }

    fn an_access_token_is_good_for_its_time_and_not_a_second_longer(server: Server) {
        let admin = server.admin();
        server.clock.advance(Duration::from_secs(590));
        admin.get("/me").expect(200);
        server.clock.advance(Duration::from_secs(11));
        admin.get("/me").problem(401, "unauthenticated");
        let renewed = server.stranger().signed_in(&server.stranger().refresh(&admin.refresh_token));
        renewed.get("/me").expect(200);
    }

    fn a_refresh_token_is_used_once_and_followed_by_another(server: Server) {
        let admin = server.admin();
        let client = server.stranger();
        let second = client.signed_in(&client.refresh(&admin.refresh_token));
        assert_ne!(second.refresh_token, admin.refresh_token);
        let session = |token: &str| verified(&server, token).1["sid"].clone();
        assert_eq!(session(&second.access_token), session(&admin.access_token));
        let third = client.signed_in(&client.refresh(&second.refresh_token));
        assert_ne!(third.refresh_token, second.refresh_token);
        for nonsense in ["", "nonsense", &admin.access_token[..40], &"x".repeat(512)] {
            client.refresh(nonsense).problem(401, "invalid_refresh_token");
        }
        client.post("/auth/refresh", json!({})).problem(401, "invalid_refresh_token");
        client.request("POST", "/auth/refresh").send().problem(401, "invalid_refresh_token");
    }

    fn refresh_tokens_and_other_secrets_are_nowhere_in_the_store(server: Server) {
        let admin = server.admin();
        let second = server.stranger().signed_in(&server.stranger().refresh(&admin.refresh_token));
        let stored = [
            server.store.texts("SELECT token_hash || ' ' || COALESCE(successor_hash, '') || ' ' || COALESCE(successor_salt, '') AS value FROM refresh_tokens"),
            server.store.texts("SELECT COALESCE(password_hash, '') AS value FROM users"),
            server.store.texts("SELECT changes || COALESCE(target_label, '') AS value FROM audit_events"),
        ]
        .concat()
        .join("\n");
        for secret in [&admin.refresh_token, &second.refresh_token, &admin.access_token, PASSWORD] {
            assert!(!stored.contains(secret), "a secret is in the store");
        }
    }

    fn two_tabs_that_refresh_with_the_same_token_both_stay_signed_in(server: Server) {
        let admin = server.admin();
        let client = server.stranger();
        let first = client.signed_in(&client.refresh(&admin.refresh_token));
        server.clock.advance(Duration::from_secs(25));
        let second = client.signed_in(&client.refresh(&admin.refresh_token));
        assert_eq!(first.refresh_token, second.refresh_token);
        first.get("/me").expect(200);
        second.get("/me").expect(200);
        client.signed_in(&client.refresh(&first.refresh_token));
    }

    fn fifty_refreshes_at_once_with_one_token_lead_to_one_family_and_sign_nobody_out(server: Server) {
        let admin = server.admin();
        let client = server.stranger();
        let answers = in_parallel(50, |_| client.signed_in(&client.refresh(&admin.refresh_token)));
        assert!(answers.iter().all(|answer| answer.refresh_token == answers[0].refresh_token));
        for answer in answers.iter().step_by(10) {
            answer.get("/me").expect(200);
        }
        client.signed_in(&client.refresh(&answers[0].refresh_token)).get("/me").expect(200);
        let tokens = server.store.texts("SELECT token_hash AS value FROM refresh_tokens");
        assert_eq!(tokens.len(), 3, "one token each: the first, its successor, and the successor's");
    }

    fn a_refresh_token_that_is_replayed_after_the_grace_ends_the_session_with_all_its_tokens(server: Server) {
        let admin = server.admin();
        let client = server.stranger();
        let second = client.signed_in(&client.refresh(&admin.refresh_token));
        second.get("/me").expect(200);
        server.clock.advance(Duration::from_secs(31));
        client.refresh(&admin.refresh_token).problem(401, "refresh_token_reused");
        client.refresh(&second.refresh_token).problem(401, "invalid_refresh_token");
        second.get("/me").problem(401, "unauthenticated");
        admin.get("/me").problem(401, "unauthenticated");
        // The family of another sign-in has nothing to do with it.
        server.admin().get("/me").expect(200);
    }

    fn an_older_token_is_a_replay_even_within_the_grace(server: Server) {
        let admin = server.admin();
        let client = server.stranger();
        let second = client.signed_in(&client.refresh(&admin.refresh_token));
        let third = client.signed_in(&client.refresh(&second.refresh_token));
        client.refresh(&admin.refresh_token).problem(401, "refresh_token_reused");
        client.refresh(&third.refresh_token).problem(401, "invalid_refresh_token");
        third.get("/me").problem(401, "unauthenticated");
    }

    fn a_session_that_is_not_used_ends_by_itself(server: Server) {
        let client = server.stranger();
        let mut session = server.admin();
        for _ in 0..3 {
            server.clock.advance(6 * DAY);
            session = client.signed_in(&client.refresh(&session.refresh_token));
        }
        server.clock.advance(7 * DAY + MINUTE);
        client.refresh(&session.refresh_token).problem(401, "invalid_refresh_token");
    }

    fn no_rotation_carries_a_session_past_its_absolute_end(server: Server) {
        let client = server.stranger();
        let mut session = server.admin();
        for _ in 0..4 {
            server.clock.advance(6 * DAY);
            session = client.signed_in(&client.refresh(&session.refresh_token));
        }
        server.clock.advance(5 * DAY + 23 * 60 * MINUTE + 55 * MINUTE);
        let answer = client.refresh(&session.refresh_token);
        let left = answer.expect(200)["expires_in"].as_i64().unwrap();
        assert!((1..=300).contains(&left), "an access token outlives its session: {left} s");
        let last = client.signed_in(&answer);
        server.clock.advance(6 * MINUTE);
        client.refresh(&last.refresh_token).problem(401, "invalid_refresh_token");
        last.get("/me").problem(401, "unauthenticated");
    }

    fn who_asks_to_be_remembered_stays_signed_in_for_longer_but_not_for_ever(server: Server) {
        let client = server.stranger();
        let login = || client.post("/auth/login", json!({"identifier": ADMIN, "password": PASSWORD, "remember": true}));
        let session = client.signed_in(&login());
        server.clock.advance(60 * DAY);
        let session = client.signed_in(&client.refresh(&session.refresh_token));
        server.clock.advance(31 * DAY);
        client.refresh(&session.refresh_token).problem(401, "invalid_refresh_token");
    }

    fn signing_out_ends_the_access_token_at_once(server: Server) {
        let admin = server.admin();
        let other = server.admin();
        admin.get("/me").expect(200);
        admin.request("POST", "/auth/logout").send().expect(204);
        admin.get("/me").problem(401, "unauthenticated");
        admin.request("POST", "/auth/logout").send().problem(401, "unauthenticated");
        server.stranger().refresh(&admin.refresh_token).problem(401, "invalid_refresh_token");
        other.get("/me").expect(200);
        // And by the refresh token alone, when the access token has expired.
        server.stranger().post("/auth/logout", json!({"refresh_token": other.refresh_token})).expect(204);
        other.get("/me").problem(401, "unauthenticated");
        server.stranger().request("POST", "/auth/logout").send().problem(401, "unauthenticated");
    }

    fn the_cookie_that_keeps_a_session_is_out_of_reach_for_scripts_and_other_sites(server: Server) {
        let client = server.stranger();
        let body = json!({"identifier": ADMIN, "password": PASSWORD, "refresh": "cookie"});
        let answer = client.post("/auth/login", body);
        assert!(answer.expect(200).get("refresh_token").is_none(), "{answer}");
        let cookie = answer.header("set-cookie").unwrap().to_owned();
        let parts: Vec<_> = cookie.split("; ").collect();
        let (name, token) = parts[0].split_once('=').unwrap();
        assert_eq!(name, "reeve_refresh");
        for attribute in ["HttpOnly", "SameSite=Strict", "Path=/"] {
            assert!(parts.contains(&attribute), "{attribute}: {cookie}");
        }
        assert!(!cookie.contains("Domain") && !cookie.contains("Secure") && !cookie.contains("Max-Age"), "{cookie}");

        let origin = server.address.replace("127.0.0.1", "localhost");
        let refresh = |origin: Option<&str>| {
            let request = client.request("POST", "/auth/refresh").header("cookie", &format!("reeve_refresh={token}"));
            origin.map_or_else(|| client.request("POST", "/auth/refresh").header("cookie", &format!("reeve_refresh={token}")), |origin| request.header("origin", origin)).send()
        };
        for foreign in [None, Some("https://evil.example.com"), Some("null"), Some("http://localhost"), Some(server.address.as_str())] {
            refresh(foreign).problem(403, "origin_refused");
        }
        let renewed = refresh(Some(&origin));
        assert!(renewed.expect(200).get("refresh_token").is_none());
        assert!(renewed.header("set-cookie").unwrap().starts_with("reeve_refresh="));
        let logout = |origin: &str| {
            client.request("POST", "/auth/logout").header("cookie", &format!("reeve_refresh={token}")).header("origin", origin).send()
        };
        logout("https://evil.example.com").problem(403, "origin_refused");
        let answer = logout(&origin);
        answer.expect(204);
        assert!(answer.header("set-cookie").unwrap().contains("Max-Age=0"), "{answer}");
    }

    fn over_https_the_cookie_is_bound_to_host_and_channel_and_remembered_as_long_as_the_session(store: Arc<Store>) {
        let options = [("public_url", "https://admin.example.com"), ("cors.origins", "https://app.example.com")];
        let server = Server::start(&store, &options);
        let client = server.stranger();
        let body = json!({"identifier": ADMIN, "password": PASSWORD, "refresh": "cookie", "remember": true});
        let answer = client.post("/auth/login", body);
        answer.expect(200);
        let cookie = answer.header("set-cookie").unwrap().to_owned();
        assert!(cookie.starts_with("__Host-reeve_refresh="), "{cookie}");
        assert!(cookie.contains("; Secure") && cookie.contains("; Path=/") && !cookie.contains("Domain"), "{cookie}");
        let age: u64 = cookie.split("Max-Age=").nth(1).unwrap().split(';').next().unwrap().parse().unwrap();
        assert!((90 * 86_400 - 60..=90 * 86_400).contains(&age), "{cookie}");
        let value = cookie.split(';').next().unwrap();
        for origin in ["https://admin.example.com", "https://app.example.com"] {
            client.request("POST", "/auth/refresh").header("cookie", value).header("origin", origin).send().expect(200);
        }
        let plain = value.replace("__Host-", "");
        let origin = "https://admin.example.com";
        let answer = client.request("POST", "/auth/refresh").header("cookie", &plain).header("origin", origin).send();
        answer.problem(401, "invalid_refresh_token");
    }

    fn who_proves_once_more_who_they_are_gets_a_token_that_says_so(server: Server) {
        let admin = server.admin();
        server.clock.advance(5 * MINUTE);
        admin.post("/auth/reauthenticate", json!({"password": "not the password"})).problem(401, "invalid_credentials");
        let answer = admin.post("/auth/reauthenticate", json!({"password": PASSWORD}));
        let fresh = answer.expect(200);
        let (_, before) = verified(&server, &admin.access_token);
        let (_, after) = verified(&server, fresh["access_token"].as_str().unwrap());
        assert_eq!(after["sid"], before["sid"]);
        assert!(after["auth_time"].as_i64().unwrap() >= before["auth_time"].as_i64().unwrap() + 300);
        // A renewed session keeps the proof it has, and none is newer for being renewed.
        server.clock.advance(MINUTE);
        let renewed = server.stranger().signed_in(&server.stranger().refresh(&admin.refresh_token));
        assert_eq!(verified(&server, &renewed.access_token).1["auth_time"], after["auth_time"]);
        server.stranger().post("/auth/reauthenticate", json!({"password": PASSWORD})).problem(401, "unauthenticated");
    }

    fn who_changes_their_password_goes_on_and_all_other_sessions_end(server: Server) {
        let (this, other) = (server.admin(), server.admin());
        other.get("/me").expect(200);
        let change = |current: &str, new: &str| this.post("/auth/password/change", json!({"current_password": current, "new_password": new}));
        let wrong = change("not the password", NEW_PASSWORD);
        wrong.problem(422, "validation_failed");
        assert_eq!(wrong.field_error("current_password"), "wrong_password");
        let short = change(PASSWORD, "short");
        short.problem(422, "validation_failed");
        assert_eq!(short.field_error("new_password"), "password_too_short");
        other.get("/me").expect(200);

        let going_on = this.signed_in(&change(PASSWORD, NEW_PASSWORD));
        going_on.get("/me").expect(200);
        other.get("/me").problem(401, "unauthenticated");
        server.stranger().refresh(&other.refresh_token).problem(401, "invalid_refresh_token");
        server.stranger().refresh(&this.refresh_token).expect(200);
        server.stranger().login(ADMIN, PASSWORD).problem(401, "invalid_credentials");
        server.stranger().sign_in(ADMIN, NEW_PASSWORD);
    }

    fn a_password_that_has_to_be_changed_opens_nothing_until_it_is(server: Server) {
        server.add_user("ann@example.com", &[]);
        server.store.execute("UPDATE users SET must_change_password = TRUE WHERE email = 'ann@example.com'");
        let client = server.stranger();
        let challenge = || {
            let body = client.login("ann@example.com", PASSWORD).expect(200);
            assert_eq!(body["status"], "password_change_required");
            assert!(body.get("access_token").is_none() && body.get("refresh_token").is_none() && body.get("user").is_none());
            body["challenge"].as_str().unwrap().to_owned()
        };
        let change = |challenge: &str, password: &str| {
            client.post("/auth/password/change-required", json!({"challenge": challenge, "new_password": password}))
        };
        let first = challenge();
        client.with_token(&first).get("/me").problem(401, "unauthenticated");
        change("mangled", NEW_PASSWORD).problem(400, "invalid_token");
        assert_eq!(change(&first, "short").field_error("new_password"), "password_too_short");
        client.signed_in(&change(&first, NEW_PASSWORD)).get("/me").expect(200);
        change(&first, NEW_PASSWORD).problem(400, "invalid_token");
        client.sign_in("ann@example.com", NEW_PASSWORD);

        server.store.execute("UPDATE users SET must_change_password = TRUE WHERE email = 'ann@example.com'");
        let body = client.login("ann@example.com", NEW_PASSWORD).expect(200);
        server.clock.advance(11 * MINUTE);
        change(body["challenge"].as_str().unwrap(), PASSWORD).problem(400, "invalid_token");
    }

    fn a_challenge_to_change_the_password_is_worth_nothing_once_an_administrator_stepped_in(server: Server) {
        let admin = server.admin();
        let id = server.add_user("ann@example.com", &[]);
        let client = server.stranger();
        for (method, path, body) in [
            ("POST", format!("/users/{id}/deactivate"), json!({})),
            ("PUT", format!("/users/{id}/password"), json!({"password": "one of the administrator's"})),
            ("DELETE", format!("/users/{id}"), json!({})),
        ] {
            let hash = server.password_hash_of(ADMIN);
            server.store.execute(&format!("UPDATE users SET must_change_password = TRUE, active = TRUE, password_hash = '{hash}' WHERE id = '{id}'"));
            let challenge = client.login("ann@example.com", PASSWORD).expect(200)["challenge"].clone();
            assert!(admin.request(method, &path).json(&body).send().status < 300);
            let answer = client.post("/auth/password/change-required", json!({"challenge": challenge, "new_password": NEW_PASSWORD}));
            answer.problem(400, "invalid_token");
        }
    }

    fn the_first_administrator_is_made_once_by_whoever_holds_the_link(empty: EmptyStore) {
        let server = Server::start(&empty.0, &[]);
        let link = server.invitation.clone().expect("the first start gives a link");
        let (page, token) = link.split_once("?token=").unwrap();
        assert_eq!(page, format!("{}/setup", server.address.replace("127.0.0.1", "localhost")));
        let set_up = |token: &str, email: &str, password: &str| {
            server.stranger().post("/auth/setup", json!({"token": token, "email": email, "password": password}))
        };
        set_up("mangled", "a@example.com", PASSWORD).problem(400, "invalid_token");
        set_up(token, "a@example.com", "short").problem(422, "validation_failed");
        let answers = in_parallel(8, |index| set_up(token, &format!("first{index}@example.com"), PASSWORD));
        let (made, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 200);
        assert_eq!(made.len(), 1, "several people became the first administrator");
        for answer in &refused {
            answer.problem(400, "invalid_token");
        }
        let me = server.stranger().signed_in(made[0]).get("/me").expect(200);
        assert_eq!((&me["roles"], &me["permissions"]), (&json!(["admin"]), &json!(["*"])));
        assert_eq!(empty.0.texts("SELECT email AS value FROM users").len(), 1);
        set_up(token, "second@example.com", PASSWORD).problem(400, "invalid_token");
        assert!(Server::start(&empty.0, &[]).invitation.is_none(), "a later start gives another link");
    }

    fn the_link_for_the_first_administrator_expires_and_a_new_start_voids_it(empty: EmptyStore) {
        let token_of = |server: &Server| server.invitation.clone().unwrap().split_once("token=").unwrap().1.to_owned();
        let first = Server::start(&empty.0, &[]);
        let second = Server::start(&empty.0, &[]);
        let set_up = |server: &Server, token: &str| {
            server.stranger().post("/auth/setup", json!({"token": token, "email": "a@example.com", "password": PASSWORD}))
        };
        set_up(&second, &token_of(&first)).problem(400, "invalid_token");
        second.clock.advance(25 * 60 * MINUTE);
        set_up(&second, &token_of(&second)).problem(400, "invalid_token");
    }

    fn a_storm_of_sign_ins_is_turned_away_while_everybody_else_is_served(store: Arc<Store>) {
        let server = Server::start(&store, &[("password.memory_kib", "32768")]);
        let admin = server.admin();
        let cores = std::thread::available_parallelism().unwrap().get();
        let (answers, slowest) = std::thread::scope(|scope| {
            let storm = scope.spawn(|| {
                in_parallel(60 * cores + 40, |_| server.stranger().login("nobody@example.com", "not the password"))
            });
            let mut slowest = Duration::ZERO;
            while !storm.is_finished() {
                let started = Instant::now();
                admin.get("/me").expect(200);
                slowest = slowest.max(started.elapsed());
            }
            (storm.join().unwrap(), slowest)
        });
        let (refused, turned_away): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 401);
        assert!(!refused.is_empty() && !turned_away.is_empty(), "{} served, {} turned away", refused.len(), turned_away.len());
        for answer in &turned_away {
            answer.problem(503, "overloaded");
        }
        assert!(slowest < Duration::from_secs(1), "somebody else waited for {slowest:?}");
        server.admin().get("/me").expect(200);
    }

    fn a_password_is_hashed_again_at_the_next_sign_in_when_the_cost_was_raised(store: Arc<Store>) {
        let server = Server::start(&store, &[("password.memory_kib", "8192")]);
        assert!(server.password_hash_of(ADMIN).contains("m=7168,"));
        server.stranger().login(ADMIN, "not the password").problem(401, "invalid_credentials");
        assert!(server.password_hash_of(ADMIN).contains("m=7168,"));
        let first = server.admin();
        assert!(server.password_hash_of(ADMIN).starts_with("$argon2id$v=19$m=8192,"));
        server.admin();
        first.get("/me").expect(200);
    }

    fn rotating_the_keys_refuses_not_one_token(store: Arc<Store>) {
        let server = Server::start(&store, &[]);
        let before = server.admin();
        let keys = || server.stranger().get("/.well-known/jwks.json").expect(200)["keys"].clone();
        let kid = |token: &str| jsonwebtoken::decode_header(token).unwrap().kid.unwrap();
        let published: Vec<_> = keys().as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect();
        assert_eq!(published.len(), 2, "the next key is known before it signs");

        // Another process does it, as the command line would.
        let elsewhere = AppState::new(settings(&store.url, &[]), 0, Clock::default()).unwrap();
        let lifetime = elsewhere.settings.token.access_ttl;
        let now = elsewhere.clock.now();
        block_on(elsewhere.change_access(move |connection, changes| {
            changes.add(Change::Keys);
            Ok(key_ring::rotate(connection, lifetime, now)?)
        }))
        .unwrap();
        let mut after = server.admin();
        wait_for("the new key to sign", || {
            before.get("/me").expect(200);
            after = server.admin();
            after.get("/me").expect(200);
            kid(&after.access_token) != kid(&before.access_token)
        });
        assert!(published.contains(&kid(&after.access_token)), "it signs with a key that nobody could know yet");
        before.get("/me").expect(200);
        verified(&server, &before.access_token);
        assert_eq!(keys().as_array().unwrap().len(), 3);
        // The old key is forgotten only when no token of it can be alive.
        server.clock.advance(12 * MINUTE);
        let left = keys();
        assert_eq!(left.as_array().unwrap().len(), 2, "{left}");
    }

    fn signing_in_notes_when_and_from_where_and_how_often(server: Server) {
        server.member("ann@example.com", &[]);
        server.clock.advance(DAY);
        let me = server.stranger().sign_in("ann@example.com", PASSWORD).get("/me").expect(200);
        assert_eq!(me["login_count"], 2);
        assert_eq!((&me["last_login_ip"], &me["current_login_ip"]), (&json!("127.0.0.1"), &json!("127.0.0.1")));
        assert!(me["last_login_at"].as_str().unwrap() < me["current_login_at"].as_str().unwrap());
        assert!(me["current_login_at"].as_str().unwrap().ends_with('Z'));
    }

    fn an_address_is_believed_only_from_a_proxy_that_is_trusted(store: Arc<Store>) {
        let ip = |server: &Server| {
            let answer = server.stranger().request("POST", "/auth/login")
                .header("x-forwarded-for", "198.51.100.1, 203.0.113.9")
                .json(&json!({"identifier": ADMIN, "password": PASSWORD}))
                .send();
            answer.expect(200)["user"]["current_login_ip"].clone()
        };
        assert_eq!(ip(&Server::start(&store, &[])), "127.0.0.1");
        assert_eq!(ip(&Server::start(&store, &[("trusted_proxies", "127.0.0.0/8")])), "203.0.113.9");
    }

    fn nothing_secret_reaches_the_log(store: Arc<Store>) {
        let process = Process::serve(&store, &[("log.level", "trace"), ("log.format", "json")]);
        let client = process.client();
        let admin = client.sign_in(ADMIN, PASSWORD);
        let renewed = client.signed_in(&client.refresh(&admin.refresh_token));
        client.login(ADMIN, "a wrong one, which is nearly right").problem(401, "invalid_credentials");
        client.get(&format!("/me?access_token={}", admin.access_token)).problem(401, "unauthenticated");
        renewed.post("/auth/password/change", json!({"current_password": PASSWORD, "new_password": NEW_PASSWORD})).expect(200);
        process.signal("TERM");
        drop(client);
        wait_for("the log", || process.printed().contains("/auth/password/change"));
        let log = process.printed();
        let secrets = [PASSWORD, NEW_PASSWORD, "nearly right", &admin.refresh_token, &renewed.refresh_token, &admin.access_token];
        for secret in secrets {
            assert!(!log.contains(secret), "the log holds {secret}");
        }
    }
}

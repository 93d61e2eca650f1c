//! The access token: what it says, who can verify it, and what passes for one.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use reeve::access::Change;
use reeve::clock::Clock;
use reeve::crypto::key_ring;
use reeve::state::AppState;
use serde_json::{Value, json};

use super::{MINUTE, verified};
use crate::harness::{ADMIN, PASSWORD, Server, Store, block_on, settings, wait_for};

/// A token that the server's own key signed, but that the server did not make.
fn forged(server: &Server, header: &Header, claims: &Value) -> String {
    let stored =
        server.store.texts("SELECT kid || ' ' || private_key AS value FROM signing_keys WHERE state = 'current'");
    let (kid, private_key) = stored[0].split_once(' ').unwrap();
    let key = server.state.sealer.open(&format!("signing_key:{kid}"), private_key).unwrap();
    let key = EncodingKey::from_ed_der(&key);
    jsonwebtoken::encode(header, claims, &key).unwrap()
}

both_databases! {
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

    fn rotating_the_keys_refuses_not_one_token(store: Arc<Store>) {
        let server = Server::start(&store, &[]);
        let before = server.admin();
        let keys = || server.stranger().get("/.well-known/jwks.json").expect(200)["keys"].clone();
        let kid = |token: &str| jsonwebtoken::decode_header(token).unwrap().kid.unwrap();
        let published: Vec<_> = keys().as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect();
        assert_eq!(published.len(), 2, "the next key is known before it signs");

        // Another process does it, as the command line would.
        let elsewhere = AppState::new(settings(&store.url, &[]), 0, Clock::default()).unwrap();
        let lifetime = elsewhere.access_tokens.longest_lifetime();
        let now = elsewhere.clock.now();
        block_on(elsewhere.prepare_store()).unwrap();
        let sealer = elsewhere.sealer.clone();
        block_on(elsewhere.change_access(move |connection, changes| {
            changes.add(Change::Keys);
            key_ring::rotate(connection, &sealer, lifetime, now)
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
        // The old key is forgotten only when no token of it can be alive, one in somebody's name included.
        server.clock.advance(12 * MINUTE);
        assert_eq!(keys().as_array().unwrap().len(), 3);
        server.clock.advance(20 * MINUTE);
        let left = keys();
        assert_eq!(left.as_array().unwrap().len(), 2, "{left}");
    }
}

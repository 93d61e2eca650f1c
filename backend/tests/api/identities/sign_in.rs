//! To the provider and back, in a browser.

use std::sync::Arc;

use serde_json::json;

use super::{ANN, at, begin_link, events, is_page, link, parameter, redeem, refusal, sign_in, start, visit};
use crate::harness::{OidcProvider, PASSWORD, Server, Store, Traveller, cookies};

both_databases! {
    fn whoever_has_linked_an_account_signs_in_with_it_and_leaves_word_of_it(store: Arc<Store>) {
        let provider = OidcProvider::start();
        let server = start(&store, &provider, &[]);
        let config = server.stranger().get("/config").expect(200);
        assert_eq!(config["oidc_providers"], json!([{"name": "corporate", "label": "Example Corporation"}]));
        assert!(config["sign_in_methods"].as_array().unwrap().contains(&"oidc".into()));
        let ann = server.member(ANN, &[]);
        assert_eq!(link(&server, &ann, "ann@corporate.example"), "linked");
        let again = sign_in(&server, "ann@corporate.example");
        assert_eq!(again.id, ann.id);
        again.get("/me").expect(200);
        assert_eq!(events(&server, "identity.used")["total"], 1);
    }

    fn a_code_is_good_once_for_a_minute_and_for_the_browser_that_was_away(store: Arc<Store>) {
        let provider = OidcProvider::start();
        let server = start(&store, &provider, &[]);
        link(&server, &server.member(ANN, &[]), ANN);
        let (mut browser, mut other) = (Traveller::new(), Traveller::new());
        let page = visit(&server, &mut browser, ANN);
        assert_eq!(parameter(&page, "next").as_deref(), Some("/users"));
        let code = parameter(&page, "code").unwrap();
        redeem(&server, &Traveller::new(), &code).problem(400, "invalid_token");
        visit(&server, &mut other, "somebody@else.example");
        redeem(&server, &other, &code).problem(400, "invalid_token");
        let answer = redeem(&server, &browser, &code);
        server.stranger().signed_in(&answer);
        assert!(cookies(&answer).iter().any(|cookie| cookie.starts_with("reeve_oidc=;")), "{answer}");
        redeem(&server, &browser, &code).problem(400, "invalid_token");
        let late = parameter(&visit(&server, &mut browser, ANN), "code").unwrap();
        server.clock.advance(std::time::Duration::from_secs(60));
        redeem(&server, &browser, &late).problem(400, "invalid_token");
    }

    fn a_link_that_somebody_else_was_sent_back_with_signs_nobody_in(store: Arc<Store>) {
        let provider = OidcProvider::start();
        let server = start(&store, &provider, &[]);
        link(&server, &server.member(ANN, &[]), ANN);
        let mut attacker = Traveller::new();
        let is_back = |url: &reqwest::Url| url.path().ends_with("/callback");
        let begin = at(&server, "/api/v1/auth/oidc/corporate/start");
        let back = attacker.sign_in_at(&begin, Some(ANN), is_back);
        // Without the cookie of the browser that went there, and with one of its own.
        let mut victim = Traveller::new();
        assert_eq!(parameter(&victim.follow(&back, is_page(&server)), "error").as_deref(), Some("oidc_expired"));
        victim.get(&begin);
        assert_eq!(parameter(&victim.follow(&back, is_page(&server)), "error").as_deref(), Some("oidc_expired"));
        // It was not used up by that, but is by its own browser, once.
        assert_eq!(attacker.follow(&back, is_page(&server)).path(), "/signed-in-elsewhere");
        assert_eq!(parameter(&attacker.follow(&back, is_page(&server)), "error").as_deref(), Some("oidc_expired"));
    }

    fn who_is_away_for_too_long_begins_again(store: Arc<Store>) {
        let provider = OidcProvider::start();
        let server = start(&store, &provider, &[]);
        let mut browser = Traveller::new();
        let is_back = |url: &reqwest::Url| url.path().ends_with("/callback");
        let back = browser.sign_in_at(&at(&server, "/api/v1/auth/oidc/corporate/start"), Some(ANN), is_back);
        server.clock.advance(std::time::Duration::from_secs(600));
        assert_eq!(parameter(&browser.follow(&back, is_page(&server)), "error").as_deref(), Some("oidc_expired"));
    }

    fn who_does_not_agree_at_the_provider_is_told_so(store: Arc<Store>) {
        let provider = OidcProvider::start();
        let server = start(&store, &provider, &[]);
        let begin = at(&server, "/api/v1/auth/oidc/corporate/start");
        let page = Traveller::new().sign_in_at(&begin, None, is_page(&server));
        assert_eq!((page.path(), page.query()), ("/sign-in", Some("error=oidc_declined")));
    }

    fn a_second_factor_of_ones_own_is_asked_for_all_the_same(store: Arc<Store>) {
        let provider = OidcProvider::start();
        let server = start(&store, &provider, &[]);
        let ann = server.member(ANN, &[]);
        link(&server, &ann, ANN);
        let offer = ann.post("/me/mfa/totp", json!({})).expect(200);
        let secret = totp_rs::Secret::try_from_base32(offer["secret"].as_str().unwrap()).unwrap();
        let seconds = u64::try_from(server.clock.now().as_micros() / 1_000_000).unwrap();
        let code = totp_rs::Builder::new().with_secret(secret).build().unwrap().generate(seconds).to_string();
        ann.post("/me/mfa/totp/confirm", json!({"code": code})).expect(200);
        let mut browser = Traveller::new();
        let code = parameter(&visit(&server, &mut browser, ANN), "code").unwrap();
        let answer = redeem(&server, &browser, &code).expect(200);
        assert_eq!(answer["status"], "mfa_required", "{answer}");
    }

    fn who_may_not_sign_in_is_refused_although_the_provider_knows_them(store: Arc<Store>) {
        let provider = OidcProvider::start();
        let server = start(&store, &provider, &[]);
        let ann = server.member(ANN, &[]);
        link(&server, &ann, ANN);
        for change in ["active = false", "approved = false", "kind = 'service'"] {
            store.execute(&format!("UPDATE users SET {change} WHERE id = '{}'", ann.id));
            assert_eq!(refusal(&server, ANN), "not_admitted", "{change}");
            store.execute(&format!("UPDATE users SET active = true, approved = true, kind = 'person' WHERE id = '{}'", ann.id));
        }
        assert_eq!(events(&server, "identity.refused")["total"], 3);
    }

    fn who_is_shut_out_before_they_redeem_the_code_stays_out(store: Arc<Store>) {
        let provider = OidcProvider::start();
        let server = start(&store, &provider, &[]);
        let ann = server.member(ANN, &[]);
        link(&server, &ann, ANN);
        let mut browser = Traveller::new();
        let code = parameter(&visit(&server, &mut browser, ANN), "code").unwrap();
        server.admin().post(&format!("/users/{}/deactivate", ann.id), json!({})).expect(200);
        redeem(&server, &browser, &code).problem(400, "invalid_token");
    }

    fn an_address_of_another_host_is_nowhere_to_go_on_to(store: Arc<Store>) {
        let provider = OidcProvider::start();
        let server = start(&store, &provider, &[]);
        link(&server, &server.member(ANN, &[]), ANN);
        for next in ["https%3A%2F%2Fevil.example", "%2F%2Fevil.example", "%2F%5Cevil.example", "%2F%09%2Fevil.example"] {
            let begin = at(&server, &format!("/api/v1/auth/oidc/corporate/start?next={next}"));
            let page = Traveller::new().sign_in_at(&begin, Some(ANN), is_page(&server));
            assert_eq!(parameter(&page, "next").as_deref(), Some("/"), "{page}");
        }
    }

    fn the_way_there_ends_at_no_provider_that_is_not_configured_and_says_when_one_is_away(store: Arc<Store>) {
        let server = Server::start(&store, &crate::identities::settings("http://127.0.0.1:9"));
        server.stranger().get("/auth/oidc/other/start").problem(404, "not_found");
        server.stranger().get("/auth/oidc/other/callback?state=a&code=b").problem(404, "not_found");
        let answer = server.stranger().get("/auth/oidc/corporate/start");
        assert_eq!(answer.status, 302, "{answer}");
        assert!(answer.header("location").unwrap().ends_with("/sign-in?error=oidc_unavailable"), "{answer}");
        let ann = server.member(ANN, &[]);
        ann.post("/me/identities", json!({"provider": "corporate"})).problem(503, "provider_unavailable");
        ann.post("/me/identities", json!({"provider": "other"})).problem(404, "not_found");
        server.stranger().sign_in(ANN, PASSWORD);
    }

    fn the_store_holds_nothing_that_could_be_used_for_a_way_back(store: Arc<Store>) {
        let provider = OidcProvider::start();
        let server = start(&store, &provider, &[]);
        let ann = server.member(ANN, &[]);
        let mut browser = Traveller::new();
        let url = begin_link(&server, &ann, &mut browser);
        let state = parameter(&url, "state").unwrap();
        let kept = store.texts("SELECT state_hash || ' ' || browser_hash || ' ' || next AS value FROM oidc_requests");
        assert_eq!(kept.len(), 1);
        let cookie = browser.cookies(&at(&server, "/"));
        let secret = cookie.split_once('=').unwrap().1.to_owned();
        for shown in [state, secret, parameter(&url, "nonce").unwrap()] {
            assert!(!kept[0].contains(&shown), "{kept:?}");
        }
        assert_eq!(parameter(&url, "code_challenge_method").as_deref(), Some("S256"));
    }
}

//! The cookie that keeps a session for the single-page application.

use std::sync::Arc;

use serde_json::json;

use crate::harness::{ADMIN, PASSWORD, Server, Store};

both_databases! {
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
}

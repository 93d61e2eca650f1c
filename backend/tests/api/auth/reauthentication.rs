//! Proving once more who one is.

use serde_json::json;

use super::{MINUTE, verified};
use crate::harness::{PASSWORD, Server};

both_databases! {
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
}

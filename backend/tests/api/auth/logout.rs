//! Signing out.

use serde_json::json;

use crate::harness::Server;

both_databases! {
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
}

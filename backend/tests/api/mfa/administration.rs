//! What administrators do about the second factors of others.

use std::sync::Arc;

use super::{ANN, MINUTE, ann, challenge, enrol, prove};
use crate::harness::{Mailbox, PASSWORD, Server, Store};

both_databases! {
    fn an_administrator_lets_in_who_has_lost_the_authenticator_and_the_user_is_told(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = Server::start(&store, &[("mail.url", &mailbox.url)]);
        let ann = ann(&server);
        let client = server.stranger();
        let seen = mailbox.to(ANN).len();
        let before = challenge(&client, ANN);
        let admin = server.admin();
        let path = format!("/users/{}/mfa", ann.session.id);
        admin.delete(&path).expect(204);
        admin.delete(&path).expect(204);
        assert_eq!(ann.session.get("/me").expect(200)["mfa_enabled"], false);
        prove(&client, &before, "totp", &ann.authenticator.code(&server, 0)).problem(401, "invalid_credentials");
        client.sign_in(ANN, PASSWORD);
        assert!(mailbox.next_to(ANN, seen).text.contains("TOTP"));
        let events = admin.get("/audit?filter=action:eq:user.second_factor_removed").expect(200);
        assert_eq!((events["total"].as_i64(), events["items"][0]["actor"]["email"].as_str()), (Some(1), Some("admin@example.com")));
    }

    fn whoever_sits_down_at_an_administrators_device_takes_nobodys_second_factor(server: Server) {
        let ann = ann(&server);
        let admin = server.admin();
        server.clock.advance(16 * MINUTE);
        let stale = server.stranger().signed_in(&server.stranger().refresh(&admin.refresh_token));
        stale.delete(&format!("/users/{}/mfa", ann.session.id)).problem(401, "reauthentication_required");
        challenge(&server.stranger(), ANN);
    }

    fn nobody_takes_the_second_factor_of_somebody_who_may_do_more(server: Server) {
        let boss = enrol(&server, server.member("boss@example.com", &["users:write", "users:delete"]));
        let helper = server.member("helper@example.com", &["users:write"]);
        let path = format!("/users/{}/mfa", boss.session.id);
        helper.delete(&path).problem(403, "privilege_escalation");
        server.member(ANN, &["users:read"]).delete(&path).problem(403, "permission_denied");
        assert_eq!(boss.session.get("/me").expect(200)["mfa_enabled"], true);
        helper.delete("/users/00000000-0000-7000-8000-000000000000/mfa").problem(404, "not_found");
    }
}

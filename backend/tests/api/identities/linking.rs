//! Which accounts elsewhere sign in to one's own.

use std::sync::Arc;

use serde_json::json;

use super::{ANN, at, begin_link, events, is_page, link, parameter, refusal, sign_in, start};
use crate::harness::{Mailbox, OidcProvider, Store, Traveller};

both_databases! {
    fn an_address_alone_makes_nobody_the_same(store: Arc<Store>) {
        let provider = OidcProvider::start();
        let server = start(&store, &provider, &[("oidc.corporate.provisioning", "true")]);
        server.add_user(ANN, &[]);
        assert_eq!(refusal(&server, ANN), "identity_not_linked");
        // In any case, and for the administrator as well.
        assert_eq!(refusal(&server, "Ann@Example.COM"), "identity_not_linked");
        assert_eq!(refusal(&server, crate::harness::ADMIN), "identity_not_linked");
    }

    fn linking_is_told_by_mail_and_seen_and_undone_on_ones_own_page(store: Arc<Store>) {
        let (provider, mailbox) = (OidcProvider::start(), Mailbox::new());
        let server = start(&store, &provider, &[("mail.url", &mailbox.url)]);
        let ann = server.member(ANN, &[]);
        assert_eq!(link(&server, &ann, "a@corporate.example"), "linked");
        assert!(mailbox.next_to(ANN, 0).text.contains("Example Corporation"));
        let list = ann.get("/me/identities").expect(200);
        assert_eq!((&list["total"], &list["items"][0]["provider"]), (&json!(1), &json!("corporate")), "{list}");
        assert_eq!(list["items"][0]["email"], "a@corporate.example");
        let export = ann.get("/me/export").expect(200);
        assert_eq!(export["identities"], list["items"]);
        // Linking it again changes nothing.
        assert_eq!(link(&server, &ann, "a@corporate.example"), "linked");
        let id = list["items"][0]["id"].as_str().unwrap().to_owned();
        let ben = server.member("ben@example.com", &[]);
        ben.delete(&format!("/me/identities/{id}")).problem(404, "not_found");
        ann.delete(&format!("/me/identities/{id}")).expect(204);
        ann.delete(&format!("/me/identities/{id}")).problem(404, "not_found");
        assert_eq!(refusal(&server, "a@corporate.example"), "identity_unknown");
        assert_eq!((&events(&server, "identity.linked")["total"], &events(&server, "identity.unlinked")["total"]), (&json!(1), &json!(1)));
    }

    fn what_somebody_else_has_linked_can_not_be_taken(store: Arc<Store>) {
        let provider = OidcProvider::start();
        let server = start(&store, &provider, &[]);
        let (ann, ben) = (server.member(ANN, &[]), server.member("ben@example.com", &[]));
        assert_eq!(link(&server, &ann, "a@corporate.example"), "linked");
        assert_eq!(link(&server, &ben, "a@corporate.example"), "identity_taken");
        assert_eq!(sign_in(&server, "a@corporate.example").id, ann.id);
        assert_eq!(ben.get("/me/identities").expect(200)["total"], 0);
    }

    fn linking_and_unlinking_take_a_recent_proof(store: Arc<Store>) {
        let provider = OidcProvider::start();
        let server = start(&store, &provider, &[]);
        let ann = server.member(ANN, &[]);
        link(&server, &ann, ANN);
        let id = ann.get("/me/identities").expect(200)["items"][0]["id"].as_str().unwrap().to_owned();
        server.clock.advance(std::time::Duration::from_secs(16 * 60));
        let ann = server.stranger().signed_in(&server.stranger().refresh(&ann.refresh_token));
        ann.post("/me/identities", json!({"provider": "corporate"})).problem(401, "reauthentication_required");
        ann.delete(&format!("/me/identities/{id}")).problem(401, "reauthentication_required");
        let key = server.admin().post("/me/api-keys", json!({"name": "key"})).expect(201);
        let program = server.stranger().with_token(key["key"].as_str().unwrap());
        program.post("/me/identities", json!({"provider": "corporate"})).problem(403, "permission_denied");
    }

    fn who_signed_out_while_they_were_away_links_nothing(store: Arc<Store>) {
        let provider = OidcProvider::start();
        let server = start(&store, &provider, &[]);
        let ann = server.member(ANN, &[]);
        let mut browser = Traveller::new();
        let url = begin_link(&server, &ann, &mut browser);
        ann.post("/auth/logout", json!({})).expect(204);
        let page = browser.sign_in_at(&url, Some(ANN), is_page(&server));
        assert_eq!((page.path(), parameter(&page, "identity").as_deref()), ("/account", Some("oidc_expired")));
        assert_eq!(refusal(&server, ANN), "identity_not_linked");
    }

    fn a_link_begun_by_one_is_not_finished_in_the_browser_of_another(store: Arc<Store>) {
        let provider = OidcProvider::start();
        let server = start(&store, &provider, &[]);
        let url = begin_link(&server, &server.member(ANN, &[]), &mut Traveller::new());
        let mut victim = Traveller::new();
        victim.get(&at(&server, "/api/v1/auth/oidc/corporate/start"));
        let page = victim.sign_in_at(&url, Some("victim@corporate.example"), is_page(&server));
        assert_eq!(parameter(&page, "error").as_deref(), Some("oidc_expired"));
        assert_eq!(refusal(&server, "victim@corporate.example"), "identity_unknown");
    }
}

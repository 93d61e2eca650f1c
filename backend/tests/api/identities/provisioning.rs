//! Accounts and roles that a provider brings.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{ANN, events, link, refusal, sign_in, start};
use crate::harness::{ADMIN, OidcProvider, Server, SignedIn, Store};

const ON: (&str, &str) = ("oidc.corporate.provisioning", "true");

fn roles(who: &SignedIn) -> Value {
    who.get("/me").expect(200)["roles"].clone()
}

fn with_roles(store: &Arc<Store>, provider: &OidcProvider, claim: &str) -> Server {
    let server = start(
        store,
        provider,
        &[
            ON,
            ("oidc.corporate.default_roles", "reader, missing"),
            ("oidc.corporate.scopes", "openid, email, profile, groups"),
            ("oidc.corporate.roles_claim", claim),
            ("oidc.corporate.roles", "staff=editor, writers=editor, bosses=admin"),
        ],
    );
    for name in ["reader", "editor", "other"] {
        server.create_role(name, &["users:read"]);
    }
    server
}

both_databases! {
    fn nobody_gets_an_account_where_that_is_not_configured_or_their_address_is_not_theirs(store: Arc<Store>) {
        let provider = OidcProvider::start();
        let server = start(&store, &provider, &[]);
        assert_eq!(refusal(&server, "new@corporate.example"), "identity_unknown");
        drop(server);
        let server = start(&store, &provider, &[ON]);
        assert_eq!(refusal(&server, "unverified@corporate.example"), "identity_email_unverified");
        assert_eq!(refusal(&server, "no-address"), "identity_email_unverified");
        assert_eq!(server.admin().get("/users").expect(200)["total"], 1);
        assert_eq!(events(&server, "identity.refused")["total"], 3);
    }

    fn who_is_new_gets_an_account_without_a_password_and_with_the_roles_that_are_configured(store: Arc<Store>) {
        let provider = OidcProvider::start();
        let server = with_roles(&store, &provider, "groups");
        let new = sign_in(&server, "new@corporate.example");
        let me = new.get("/me").expect(200);
        assert_eq!((&me["kind"], &me["display_name"]), (&json!("person"), &json!("Person new")), "{me}");
        assert_eq!((&me["approved"], &me["email_verified"], &me["roles"]), (&json!(true), &json!(true), &json!(["reader"])));
        server.stranger().login("new@corporate.example", "").problem(401, "invalid_credentials");
        assert_eq!(new.get("/me/mfa").expect(200)["has_password"], false);
        assert_eq!(sign_in(&server, "new@corporate.example").id, new.id);
        assert_eq!(events(&server, "identity.linked")["total"], 1);
    }

    fn roles_follow_the_claim_and_those_it_does_not_name_stay(store: Arc<Store>) {
        let provider = OidcProvider::start();
        let server = with_roles(&store, &provider, "groups");
        provider.set_groups(&json!({ANN: ["writers", "unheard of", "admin"]}));
        let ann = sign_in(&server, ANN);
        assert_eq!(roles(&ann), json!(["editor", "reader"]));
        server.admin().request("PUT", &format!("/users/{}/roles/other", ann.id)).send().expect(200);
        provider.set_groups(&json!({ANN: ["bosses"]}));
        assert_eq!(roles(&sign_in(&server, ANN)), json!(["admin", "other", "reader"]));
        provider.set_groups(&json!({}));
        assert_eq!(roles(&sign_in(&server, ANN)), json!(["other", "reader"]));
        // What was taken is gone from the session that was there before, too.
        assert_eq!(roles(&ann), json!(["other", "reader"]));
    }

    fn what_is_in_the_user_info_alone_makes_accounts_and_roles_all_the_same(store: Arc<Store>) {
        let provider = OidcProvider::start();
        let server = with_roles(&store, &provider, "access.roles");
        provider.serve_thinly(&server, "corporate");
        assert_eq!(refusal(&server, "unverified@corporate.example"), "identity_email_unverified");
        provider.set_groups(&json!({ANN: ["writers"]}));
        let ann = sign_in(&server, ANN);
        let me = ann.get("/me").expect(200);
        assert_eq!((&me["email"], &me["display_name"], &me["roles"]), (&json!(ANN), &json!("Person ann"), &json!(["editor", "reader"])));
        provider.set_groups(&json!({}));
        assert_eq!(roles(&sign_in(&server, ANN)), json!(["reader"]));
    }

    fn the_last_administrator_keeps_the_role_whatever_the_provider_says(store: Arc<Store>) {
        let provider = OidcProvider::start();
        let server = with_roles(&store, &provider, "groups");
        link(&server, &server.admin(), "boss@corporate.example");
        let boss = sign_in(&server, "boss@corporate.example");
        assert_eq!(roles(&boss), json!(["admin"]));
        assert_eq!(boss.get("/me").expect(200)["email"], ADMIN);
    }
}

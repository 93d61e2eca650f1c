//! Who may do what to whose: every operation of the contract, for every kind of caller, on what is their own and what is not.
//!
//! What is expected follows from the contract and from the rules in [`expected`]. An operation that the tables below know
//! nothing of fails, so that none is added without saying whose things it touches.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::{Answer, Client, Operation, PASSWORD, Server, SignedIn, cookies, login_in_browser, operations};
use crate::passkeys;

const OTHER_PASSWORD: &str = "another horse with a stapled battery";
/// A role that anybody may give who may give any.
const POWERLESS: &str = "powerless";

/// The kinds of caller besides strangers, with their permissions.
const CALLERS: [(&str, &[&str]); 5] = [
    ("member", &[]),
    ("reader", &["*:read"]),
    ("user-manager", &["users:*"]),
    ("role-manager", &["roles:*"]),
    ("administrator", &["*"]),
];

/// What anybody may call; what they may reach by it, a secret in its body decides.
const PUBLIC: &[&str] = &[
    "auth_accept_invitation",
    "auth_change_required_password",
    "auth_confirm_email_change",
    "auth_forgot_password",
    "auth_login",
    "auth_logout",
    "auth_mfa",
    "auth_mfa_email_code",
    "auth_mfa_passkey_options",
    "auth_oidc_callback",
    "auth_oidc_redeem",
    "auth_oidc_start",
    "auth_passkey",
    "auth_passkey_options",
    "auth_redeem_magic_link",
    "auth_refresh",
    "auth_register",
    "auth_request_email_verification",
    "auth_request_magic_link",
    "auth_reset_password",
    "auth_setup",
    "auth_verify_email",
    "config_get",
    "health_live",
    "health_ready",
    "jwks_get",
    "openapi_get",
];

/// What takes more than the right to do it: something that was set up before, or an answer of a device.
const NEEDS_MORE: &[&str] = &[
    "account_identities_link",
    "account_mfa_recovery_codes_replace",
    "account_mfa_totp_confirm",
    "account_mfa_totp_delete",
    "account_passkeys_add",
    "auth_reauthenticate_passkey_options",
];

/// Whose the thing is that an operation is called for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    /// The operation is about no single thing.
    Nobodys,
    /// The caller's.
    Own,
    /// Somebody else's, who may do nothing.
    Weaker,
    /// Somebody else's, who may do what the caller may not.
    Stronger,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum About {
    Nothing,
    /// A user, by the path or the body.
    Users,
    Roles,
    /// One of the things that the caller has on their own account.
    OwnThings,
}

fn about(operation: &Operation) -> About {
    let path = operation.template.as_str();
    if path.starts_with("/api/v1/users/{id}") || operation.id == "users_bulk" {
        About::Users
    } else if path.starts_with("/api/v1/roles/{id}") {
        About::Roles
    } else if path.starts_with("/api/v1/me/") && path.contains('{') {
        About::OwnThings
    } else {
        assert!(!path.contains('{'), "{}: whose thing is it that {path} names?", operation.id);
        About::Nothing
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Done,
    Unauthenticated,
    /// Without the permission.
    Denied,
    /// Beyond one's own permissions.
    Escalation,
    /// What is somebody else's is as good as not there.
    NotFound,
    /// Nobody acts in their own name by a detour.
    NotOneself,
}

/// The rules for whoever is signed in, all of them.
fn expected(operation: &Operation, permissions: &[&str], whose: Whose) -> Outcome {
    if operation.permission.as_deref().is_some_and(|required| !grants(permissions, required)) {
        return Outcome::Denied;
    }
    match (about(operation), whose) {
        (_, Whose::Own) if operation.id == "users_impersonate" => Outcome::NotOneself,
        (About::OwnThings, Whose::Weaker) => Outcome::NotFound,
        (About::Users | About::Roles, Whose::Stronger) if operation.method != "GET" => Outcome::Escalation,
        _ => Outcome::Done,
    }
}

fn grants(permissions: &[&str], required: &str) -> bool {
    let (area, action) = required.split_once(':').unwrap();
    let sufficient = ["*".to_owned(), format!("{area}:*"), format!("*:{action}"), required.to_owned()];
    permissions.iter().any(|granted| sufficient.iter().any(|pattern| pattern == granted))
}

fn outcome(operation: &Operation, answer: &Answer) -> Outcome {
    if answer.status < 300 {
        return Outcome::Done;
    }
    match (answer.status, answer.any_problem()["code"].as_str().unwrap()) {
        (401, "unauthenticated") => Outcome::Unauthenticated,
        (403, "permission_denied") => Outcome::Denied,
        (403, "privilege_escalation") => Outcome::Escalation,
        (403, "impersonation_refused") => Outcome::NotOneself,
        // Nobody here has set up a second factor, and no provider is configured: getting so far is what is looked at.
        (400 | 404 | 409 | 422, _) if NEEDS_MORE.contains(&operation.id.as_str()) => Outcome::Done,
        (404, "not_found") => Outcome::NotFound,
        _ => panic!("{}: {answer}", operation.id),
    }
}

/// What is called: a path, and a body with its content type.
struct Call {
    path: String,
    body: Option<(String, String)>,
}

/// What there is to call operations for, made anew for each call, since some take it away.
struct Thing {
    /// The user, or the owner of the thing.
    user: String,
    role: String,
    /// As its owner's list names it.
    listed: Option<String>,
}

/// Who calls, and those whom or whose things they call operations for.
struct Scene<'a> {
    server: &'a Server,
    admin: SignedIn,
    counter: std::cell::Cell<usize>,
}

impl Scene<'_> {
    fn number(&self) -> usize {
        self.counter.set(self.counter.get() + 1);
        self.counter.get()
    }

    /// Somebody new who is signed in, in a browser, so that they have a device.
    fn somebody(&self, permissions: &[&str]) -> SignedIn {
        let email = format!("somebody{}@example.com", self.number());
        self.server.add_user(&email, permissions);
        let cookie = cookies(&login_in_browser(&self.server.stranger(), &email, PASSWORD, None)).join("; ");
        assert!(!cookie.is_empty());
        self.server.stranger().sign_in(&email, PASSWORD)
    }

    /// The thing that `operation` is called for by `caller`.
    fn thing(&self, operation: &Operation, whose: Whose, caller: &SignedIn) -> Thing {
        // Nobody but administrators may read the trail here, and for them nobody is stronger.
        let permissions: &[&str] = if whose == Whose::Stronger { &["audit:read"] } else { &[] };
        let owner = match (about(operation), whose) {
            (_, Whose::Own) => Some(caller.clone()),
            (About::OwnThings, _) => Some(self.somebody(permissions)),
            _ => None,
        };
        let user = match &owner {
            Some(owner) => owner.id.clone(),
            None => self.server.add_user(&format!("thing{}@example.com", self.number()), permissions),
        };
        let role = json!({"name": format!("role {}", self.number()), "permissions": permissions});
        let role = id_of(&self.admin.post("/roles", role).expect(201));
        let key = json!({"name": format!("key {}", self.number()), "permissions": []});
        let listed = match operation.id.as_str() {
            "users_api_keys_delete" => {
                Some(id_of(&self.admin.post(&format!("/users/{user}/api-keys"), key).expect(201)))
            }
            "account_api_keys_delete" => Some(id_of(&owner.unwrap().post("/me/api-keys", key).expect(201))),
            "account_devices_forget" => Some(id_of(&owner.unwrap().get("/me/devices").expect(200)["items"][0])),
            "account_passkeys_remove" | "account_passkeys_rename" => {
                let owner = owner.unwrap();
                passkeys::add(self.server, &owner);
                Some(id_of(&owner.get("/me/passkeys").expect(200)["items"][0]))
            }
            "account_identities_unlink" => {
                let id = uuid::Uuid::now_v7().to_string();
                self.server.store.execute(&format!(
                    "INSERT INTO identities (id, user_id, provider, issuer, subject, created_at, last_used_at)
                     VALUES ('{id}', '{user}', 'corporate', 'https://login.example.com', '{id}', 1, 1)"
                ));
                Some(id)
            }
            "account_sessions_end" => Some(id_of(&owner.unwrap().get("/me/sessions").expect(200)["items"][0])),
            _ => None,
        };
        Thing { user, role, listed }
    }

    /// How an operation is called for a thing: with what it does, if nobody objects.
    fn call(&self, operation: &Operation, thing: &Thing) -> Call {
        let (user, number) = (thing.user.as_str(), self.number());
        let body = match operation.id.as_str() {
            "access_explain" => Some(json!({"user_id": user, "permission": "users:read"})),
            "account_api_keys_create" | "users_api_keys_create" => {
                Some(json!({"name": format!("key {number}"), "permissions": []}))
            }
            "account_identities_link" => Some(json!({"provider": "corporate"})),
            "account_passkeys_add" => Some(json!({"ceremony": "none", "name": "Phone", "credential": {}})),
            "account_passkeys_rename" => Some(json!({"name": "Phone"})),
            "account_mfa_totp_confirm" => Some(json!({"code": "000000"})),
            "account_update" | "users_update" => Some(json!({"display_name": "Somebody"})),
            "auth_change_email" => Some(json!({"email": format!("changed{number}@example.com")})),
            "auth_change_password" => Some(json!({"current_password": PASSWORD, "new_password": OTHER_PASSWORD})),
            "auth_reauthenticate" => Some(json!({"password": PASSWORD})),
            "roles_create" => Some(json!({"name": format!("created {number}"), "permissions": []})),
            "roles_permissions_replace" => Some(json!({"permissions": []})),
            "roles_update" => Some(json!({"description": "Changed"})),
            "users_bulk" => Some(json!({"action": "activate", "ids": [user]})),
            "users_create" => Some(json!({"email": format!("created{number}@example.com"), "password": PASSWORD})),
            "users_impersonate" => Some(json!({"reason": "To see what they see"})),
            "users_import" => Some(json!(format!("email\nimported{number}@example.com\n"))),
            "users_password_set" => Some(json!({"password": OTHER_PASSWORD})),
            "users_roles_replace" => {
                Some(json!({"roles": self.admin.get(&format!("/users/{user}")).expect(200)["roles"]}))
            }
            _ => None,
        };
        assert_eq!(body.is_some(), operation.content_type().is_some(), "{}: what is its body?", operation.id);
        let body = body.map(|body| {
            let content_type = if body.is_string() { "text/csv" } else { operation.content_type().unwrap() };
            (content_type.to_owned(), body.as_str().map_or_else(|| body.to_string(), str::to_owned))
        });
        let named =
            if about(operation) == About::Roles { &thing.role } else { thing.listed.as_ref().unwrap_or(&thing.user) };
        let (first, key) = if operation.template.contains("{key_id}") { (&thing.user, named) } else { (named, named) };
        let path = operation.template.replace("{id}", first).replace("{key_id}", key).replace("{name}", POWERLESS);
        assert!(!path.contains('{'), "{}: what does {path} name?", operation.id);
        Call { path, body }
    }
}

fn id_of(value: &Value) -> String {
    value["id"].as_str().unwrap().to_owned()
}

fn send(client: &Client, operation: &Operation, call: &Call) -> Answer {
    let request = client.request(&operation.method, &call.path);
    match &call.body {
        Some((content_type, body)) => request.body(content_type, body.as_bytes()).send(),
        None => request.send(),
    }
}

both_databases! {
    fn everybody_may_do_what_the_matrix_says_and_nothing_else(server: Server) {
        let scene = Scene { server: &server, admin: server.admin(), counter: std::cell::Cell::new(0) };
        server.create_role(POWERLESS, &[]);
        let mut wrong = Vec::new();
        for operation in operations().iter().filter(|operation| !operation.is_public) {
            for (name, permissions) in CALLERS {
                for whose in [Whose::Nobodys, Whose::Own, Whose::Weaker, Whose::Stronger] {
                    let is_about = about(operation);
                    let makes_sense = match whose {
                        Whose::Nobodys => is_about == About::Nothing,
                        Whose::Own => matches!(is_about, About::Users | About::OwnThings),
                        Whose::Weaker => is_about != About::Nothing,
                        Whose::Stronger => matches!(is_about, About::Users | About::Roles) && name != "administrator",
                    };
                    if !makes_sense {
                        continue;
                    }
                    let caller = scene.somebody(permissions);
                    let call = scene.call(operation, &scene.thing(operation, whose, &caller));
                    let answer = send(&caller, operation, &call);
                    let (found, expected) = (outcome(operation, &answer), expected(operation, permissions, whose));
                    if found != expected {
                        wrong.push(format!("{} by {name} for {whose:?}: {expected:?} was expected, not {answer}", operation.id));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    fn strangers_reach_what_is_public_and_nothing_else(server: Server) {
        let scene = Scene { server: &server, admin: server.admin(), counter: std::cell::Cell::new(0) };
        let public: BTreeSet<_> = operations().into_iter().filter(|operation| operation.is_public).map(|operation| operation.id).collect();
        assert_eq!(public, PUBLIC.iter().map(|id| (*id).to_owned()).collect());
        for operation in operations().iter().filter(|operation| !operation.is_public) {
            let caller = scene.somebody(&["*"]);
            let call = scene.call(operation, &scene.thing(operation, Whose::Own, &caller));
            send(&server.stranger(), operation, &call).problem(401, "unauthenticated");
        }
    }
}

//! People to be: an administrator, and members with exactly the permissions that a test is about.

use reeve::access::Caller;
use reeve::features::users::{self, Email, NewUser};
use reeve::problem::Problem;

use serde_json::json;

use super::client::SignedIn;
use super::server::{Server, block_on};

/// The administrator of every store that is not empty.
pub const ADMIN: &str = "admin@example.com";
/// Everybody's password, until they change it.
pub const PASSWORD: &str = "correct horse battery staple";

impl Server {
    /// Signed in as the administrator.
    #[track_caller]
    pub fn admin(&self) -> SignedIn {
        self.stranger().sign_in(ADMIN, PASSWORD)
    }

    /// A new user with the common password and a role of these permissions, put into the store directly: cheaper than over
    /// HTTP, and there before any feature is. The user's id.
    pub fn add_user(&self, email: &str, permissions: &[&str]) -> String {
        let hash = self.password_hash_of(ADMIN);
        let (email, now) = (email.to_owned(), self.clock.now());
        let user = block_on(self.state.database.write(move |connection| {
            let new = NewUser::person(Email::parse(&email).unwrap());
            users::create(connection, &Caller::operator(), "user.created", &new, now)
        }))
        .map_err(|problem: Problem| problem.to_string())
        .unwrap();
        let id = user.id.to_string();
        self.store.execute(&format!("UPDATE users SET password_hash = '{hash}' WHERE id = '{id}'"));
        if !permissions.is_empty() {
            self.add_role(&format!("role-of-{id}"), permissions, &id);
        }
        id
    }

    /// A new role, given to a user who is not signed in anywhere yet.
    pub fn add_role(&self, name: &str, permissions: &[&str], user_id: &str) {
        let id = uuid::Uuid::now_v7();
        let sql = format!(
            "INSERT INTO roles (id, name, name_normalized, created_at, updated_at) VALUES ('{id}', '{name}', '{}', 1, 1);
             INSERT INTO user_roles (user_id, role_id) VALUES ('{user_id}', '{id}');",
            name.to_lowercase()
        );
        let grants = permissions.iter().map(|permission| {
            format!("INSERT INTO role_permissions (role_id, permission) VALUES ('{id}', '{permission}');")
        });
        self.store.execute(&(sql + &grants.collect::<Vec<_>>().concat()));
    }

    /// A new user with these permissions, signed in.
    #[track_caller]
    pub fn member(&self, email: &str, permissions: &[&str]) -> SignedIn {
        self.add_user(email, permissions);
        self.stranger().sign_in(email, PASSWORD)
    }

    /// A role that was made over HTTP; its id.
    #[track_caller]
    pub fn create_role(&self, name: &str, permissions: &[&str]) -> String {
        let role = self.admin().post("/roles", json!({"name": name, "permissions": permissions})).expect(201);
        role["id"].as_str().unwrap().to_owned()
    }

    pub fn password_hash_of(&self, email: &str) -> String {
        let sql = format!("SELECT password_hash AS value FROM users WHERE email_normalized = '{email}'");
        self.store.texts(&sql).pop().expect("nobody has this address")
    }
}

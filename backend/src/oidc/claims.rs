//! What a provider says of somebody: in the ID token and, where that is silent, in its user info.

use serde_json::{Map, Value};

use super::Failure;

/// What a provider says of somebody.
#[derive(Clone, Debug)]
pub struct Claims {
    /// Who they are, for the provider.
    pub subject: String,
    /// Their address, and whether the provider says that it is theirs.
    pub email: Option<String>,
    /// Whether the provider says that it has seen the address to be theirs.
    pub email_verified: bool,
    /// What they are called.
    pub name: Option<String>,
    all: Map<String, Value>,
}

impl Claims {
    /// What an ID token says that was verified.
    pub(super) fn of_id_token(all: Map<String, Value>) -> Result<Self, Failure> {
        let subject = all.get("sub").and_then(Value::as_str).filter(|subject| (1..=255).contains(&subject.len()));
        let subject = subject.ok_or(Failure::Untrusted("it names nobody"))?.to_owned();
        let text = |name: &str| all.get(name).and_then(Value::as_str).map(str::to_owned);
        let email_verified = all.get("email_verified") == Some(&Value::Bool(true));
        Ok(Self { subject, email: text("email"), email_verified, name: text("name"), all })
    }

    /// Completed by the user info (OpenID Connect Core 1.0, section 5.3), which nobody has signed: what the ID token says
    /// holds.
    pub(super) fn with_user_info(self, mut user_info: Map<String, Value>) -> Result<Self, Failure> {
        if user_info.get("sub").and_then(Value::as_str) != Some(&self.subject) {
            return Err(Failure::OtherSubject);
        }
        // That an address is theirs is said of that address alone.
        if self.all.contains_key("email") && user_info.get("email") != self.all.get("email") {
            user_info.remove("email_verified");
        }
        user_info.extend(self.all);
        Self::of_id_token(user_info)
    }

    /// Whether anything is said under this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// The texts of a claim that is one text or a list of them. One that is within others is named with dots, like
    /// `realm_access.roles`.
    pub fn texts(&self, name: &str) -> Vec<&str> {
        match self.find(name) {
            Some(Value::String(text)) => vec![text],
            Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }

    fn find(&self, name: &str) -> Option<&Value> {
        // Names that begin with an address have dots of their own (Core, section 5.1.2).
        self.all.get(name).or_else(|| {
            let (first, rest) = name.split_once('.')?;
            rest.split('.').try_fold(self.all.get(first)?, |value, name| value.get(name))
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn claims(all: &Value) -> Claims {
        Claims::of_id_token(all.as_object().unwrap().clone()).unwrap()
    }

    fn completed(id_token: &Value, user_info: &Value) -> Result<Claims, Failure> {
        claims(id_token).with_user_info(user_info.as_object().unwrap().clone())
    }

    #[test]
    fn a_claim_is_found_by_its_whole_name_and_else_within_others() {
        let claims = claims(&json!({
            "sub": "ann", "groups": ["a", 1, "b"], "role": "c", "https://example.com/roles": ["d"],
            "realm_access": {"roles": ["e"], "deeper": {"role": "f"}}, "shadowed": {"by": "inner"}, "shadowed.by": "outer",
        }));
        for (name, texts) in [
            ("groups", vec!["a", "b"]),
            ("role", vec!["c"]),
            ("https://example.com/roles", vec!["d"]),
            ("realm_access.roles", vec!["e"]),
            ("realm_access.deeper.role", vec!["f"]),
            ("shadowed.by", vec!["outer"]),
            ("realm_access", vec![]),
            ("realm_access.missing", vec![]),
            ("role.of.nothing", vec![]),
            ("", vec![]),
            (".", vec![]),
        ] {
            assert_eq!(claims.texts(name), texts, "{name}");
        }
    }

    #[test]
    fn user_info_completes_what_is_signed_and_never_changes_it() {
        let completed = completed(
            &json!({"sub": "ann", "name": "Ann", "groups": []}),
            &json!({"sub": "ann", "name": "Eve", "groups": ["admins"], "email": "ann@example.com", "email_verified": true}),
        );
        let completed = completed.unwrap();
        assert_eq!((completed.name.as_deref(), completed.texts("groups")), (Some("Ann"), vec![]));
        assert_eq!((completed.email.as_deref(), completed.email_verified), (Some("ann@example.com"), true));
    }

    #[test]
    fn an_address_is_not_verified_by_what_is_said_of_another() {
        let id_token = json!({"sub": "ann", "email": "ann@example.com"});
        let verified = |email: &str| {
            completed(&id_token, &json!({"sub": "ann", "email": email, "email_verified": true})).unwrap().email_verified
        };
        assert!(verified("ann@example.com"));
        assert!(!verified("eve@example.com"));
        assert!(!completed(&id_token, &json!({"sub": "ann", "email_verified": true})).unwrap().email_verified);
    }

    #[test]
    fn user_info_of_somebody_else_is_refused() {
        for sub in [json!("eve"), json!(["ann"]), Value::Null] {
            assert!(matches!(completed(&json!({"sub": "ann"}), &json!({"sub": sub})), Err(Failure::OtherSubject)));
        }
    }
}

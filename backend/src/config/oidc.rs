//! Providers of OpenID Connect, each under a name of its own: `oidc.NAME.KEY`.

use secrecy::SecretString;

use super::document::{ConfigError, Document};
use super::urls::private_url;
use super::values;
use crate::features::roles::RoleName;

/// Whom people can sign in with.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct OidcProvider {
    /// As addresses name it.
    pub name: String,
    /// As people read it.
    pub label: String,
    pub issuer: IssuerUrl,
    pub client_id: String,
    /// Unset: a public client, which proves itself by PKCE alone.
    pub client_secret: Option<SecretString>,
    /// What Reeve asks for to be told.
    pub scopes: Vec<String>,
    /// Whether whom nobody knows yet gets an account.
    pub provisioning: bool,
    /// What a new account begins with.
    pub default_roles: Vec<RoleName>,
    /// The claim whose values stand for roles; with dots in its name, one within others.
    pub roles_claim: Option<String>,
    /// Which of its values stands for which role; others for none.
    pub roles: Vec<(String, RoleName)>,
}

/// Who issues ID tokens, exactly as they name themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuerUrl {
    text: String,
    is_loopback: bool,
}

impl IssuerUrl {
    /// Reads an `https` address, or an `http` one of this very machine.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (_, is_loopback) = private_url(text)?;
        Ok(Self { text: text.trim().to_owned(), is_loopback })
    }

    /// As it was configured: it is compared, never normalized.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether its host is this machine.
    pub fn is_loopback(&self) -> bool {
        self.is_loopback
    }
}

pub(super) fn read(document: &Document) -> Result<Vec<OidcProvider>, ConfigError> {
    document.chosen_names("oidc.").into_iter().map(|name| read_one(document, name)).collect()
}

fn read_one(document: &Document, name: String) -> Result<OidcProvider, ConfigError> {
    let key = |key: &str| format!("oidc.{name}.{key}");
    Ok(OidcProvider {
        label: document.read_optional(&key("label"), values::product_name)?.unwrap_or_else(|| name.clone()),
        issuer: document.read(&key("issuer"), IssuerUrl::parse)?,
        client_id: document.read(&key("client_id"), values::not_empty)?,
        client_secret: document.read_optional(&key("client_secret"), values::not_empty)?.map(Into::into),
        scopes: document.read(&key("scopes"), scopes)?,
        provisioning: document.read(&key("provisioning"), values::truth)?,
        default_roles: document.read(&key("default_roles"), values::list(role))?,
        roles_claim: document.read_optional(&key("roles_claim"), values::not_empty)?,
        roles: document.read(&key("roles"), values::list(mapping))?,
        name,
    })
}

fn role(text: &str) -> Result<RoleName, String> {
    RoleName::parse(text).map_err(|_| String::new())
}

fn scopes(text: &str) -> Result<Vec<String>, String> {
    let scopes = values::list(scope)(text)?;
    if scopes.iter().any(|scope| scope == "openid") { Ok(scopes) } else { Err(String::new()) }
}

/// A `scope-token` (RFC 6749, section 3.3).
fn scope(text: &str) -> Result<String, String> {
    let is_token = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\');
    if is_token { Ok(text.to_owned()) } else { Err(String::new()) }
}

fn mapping(text: &str) -> Result<(String, RoleName), String> {
    let (value, name) = text.rsplit_once('=').ok_or_else(String::new)?;
    let value = value.trim();
    if value.is_empty() { Err(String::new()) } else { Ok((value.to_owned(), role(name.trim())?)) }
}

#[cfg(test)]
mod tests {
    use super::super::Settings;
    use super::*;

    fn providers(toml: &str) -> Result<Vec<OidcProvider>, ConfigError> {
        let document = Document::read_all(Some(("reeve.toml", toml)), std::iter::empty())?;
        Settings::from_document(&document).map(|settings| settings.oidc)
    }

    #[test]
    fn a_provider_needs_an_issuer_and_a_client_and_says_which_is_missing() {
        let whole = providers("[oidc.corp]\nissuer = \"https://login.example\"\nclient_id = \"reeve\"").unwrap();
        assert_eq!((whole[0].name.as_str(), whole[0].label.as_str(), whole[0].provisioning), ("corp", "corp", false));
        let message = providers("[oidc.corp]\nissuer = \"https://login.example\"").unwrap_err().to_string();
        assert!(message.contains("oidc.corp.client_id"), "{message}");
        for issuer in ["http://login.example", "https://a.example/?x=1", "https://u:p@a.example", "login.example"] {
            let refused = providers(&format!("[oidc.corp]\nissuer = \"{issuer}\"\nclient_id = \"reeve\""));
            assert!(refused.unwrap_err().to_string().contains("oidc.corp.issuer"), "{issuer}");
        }
    }

    #[test]
    fn a_misspelt_key_or_a_name_that_fits_no_address_stops_the_start() {
        for toml in ["[oidc.corp]\nisuer = \"https://login.example\"", "[oidc.\"Corp 1\"]\nclient_id = \"reeve\""] {
            assert!(providers(toml).is_err(), "{toml}");
        }
    }

    #[test]
    fn who_asks_for_no_openid_or_for_what_is_no_scope_is_told_so_at_the_start() {
        let scopes = |scopes: &str| {
            let text =
                format!("[oidc.corp]\nissuer = \"https://login.example\"\nclient_id = \"reeve\"\nscopes = {scopes}");
            providers(&text).map(|all| all[0].scopes.join(" "))
        };
        assert_eq!(scopes("\"openid, groups\"").unwrap(), "openid groups");
        assert_eq!(scopes("[\"email\", \"openid\"]").unwrap(), "email openid");
        for refused in ["\"\"", "\"email\"", "\"openid email\"", "[\"openid\", \"a\\\"b\"]"] {
            assert!(scopes(refused).unwrap_err().to_string().contains("oidc.corp.scopes"), "{refused}");
        }
    }

    #[test]
    fn roles_are_given_for_values_of_a_claim_by_name() {
        let corp = providers(
            "[oidc.corp]\nissuer = \"https://login.example\"\nclient_id = \"r\"\nroles = [\"staff=editor\", \"a=b=admin\"]",
        )
        .unwrap()
        .remove(0);
        let roles: Vec<_> = corp.roles.iter().map(|(value, role)| (value.as_str(), role.as_str())).collect();
        assert_eq!(roles, [("staff", "editor"), ("a=b", "admin")]);
    }
}

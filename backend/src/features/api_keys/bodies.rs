//! What a key is to be.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net};
use serde_json::Value;
use utoipa::ToSchema;

use crate::db::Timestamp;
use crate::features::roles::GrantedPermissions;
use crate::http::Field;
use crate::request_body;

request_body! {
    /// A key to be created.
    #[schema(example = json!({"name": "Nightly report", "permissions": ["users:read"], "expires_at": "2099-01-01T00:00:00Z"}))]
    pub(super) struct ApiKeyCreation {
        /// What it is for.
        name: KeyName,
        /// What it may be used for; without them, all that its owner may do, also what they are permitted later.
        permissions: Option<GrantedPermissions>,
        /// When it stops working; `null` for never.
        expires_at: Option<Expiry>,
        /// The networks from which it may be used; without them, or empty, from everywhere.
        allowed_networks: Option<AllowedNetworks>,
    }
}

/// What people call a key.
#[derive(Clone, Debug, ToSchema)]
#[schema(value_type = String, examples("Nightly report"), min_length = 1, max_length = 100)]
pub(super) struct KeyName(pub(super) String);

impl Field for KeyName {
    fn from_json(value: Option<Value>) -> Result<Self, (&'static str, String)> {
        let text = String::from_json(value)?.trim().to_owned();
        match text.chars().count() {
            0 => Err(("required", "A name is required.".to_owned())),
            1..=100 if !text.chars().any(char::is_control) => Ok(Self(text)),
            1..=100 => Err(("invalid_text", "Control characters are not accepted.".to_owned())),
            _ => Err(("too_long", "At most 100 characters are accepted.".to_owned())),
        }
    }
}

/// When a key stops working.
#[derive(Clone, Copy, Debug, ToSchema)]
#[schema(value_type = String, format = DateTime, examples("2099-01-01T00:00:00Z"))]
pub(super) struct Expiry(pub(super) Timestamp);

impl Field for Expiry {
    fn from_json(value: Option<Value>) -> Result<Self, (&'static str, String)> {
        let text = String::from_json(value)?;
        let moment = Timestamp::parse(&text).map(Self);
        moment.ok_or_else(|| ("invalid_time", "Enter a time like 2030-12-31T00:00:00Z.".to_owned()))
    }
}

/// Networks in CIDR notation, or single addresses; at most 100, since each request is compared with them.
#[derive(Clone, Debug, Default, ToSchema)]
#[schema(value_type = Vec<String>, examples(json!(["203.0.113.0/24", "2001:db8::/32"])), max_items = 100)]
pub(super) struct AllowedNetworks(pub(super) Vec<IpNet>);

impl Field for AllowedNetworks {
    fn from_json(value: Option<Value>) -> Result<Self, (&'static str, String)> {
        let texts = Vec::<String>::from_json(value)?;
        if texts.len() > 100 {
            return Err(("too_many", "At most 100 networks are accepted.".to_owned()));
        }
        let read = |text: &String| {
            let shown: String = text.chars().take(50).collect();
            parse_network(text)
                .ok_or_else(|| ("invalid_network", format!("{shown} is no network like 203.0.113.0/24.")))
        };
        texts.iter().map(read).collect::<Result<_, _>>().map(Self)
    }
}

/// A network as the client's address is compared with it: without host bits, and an IPv4 network that is written as one of
/// IPv6 as what it is.
fn parse_network(text: &str) -> Option<IpNet> {
    let text = text.trim();
    let network = text.parse::<IpNet>().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))?.trunc();
    match network {
        IpNet::V6(wide) if wide.prefix_len() >= 96 => match wide.addr().to_ipv4_mapped() {
            Some(address) => Ipv4Net::new(address, wide.prefix_len() - 96).ok().map(IpNet::V4),
            None => Some(network),
        },
        _ => Some(network),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_kept_as_client_addresses_are_compared_with_it_and_anything_else_is_refused() {
        let read = |text: &str| parse_network(text).map(|network| network.to_string());
        for (text, kept) in [
            ("203.0.113.7/24", "203.0.113.0/24"),
            (" 203.0.113.7 ", "203.0.113.7/32"),
            ("2001:db8::1/32", "2001:db8::/32"),
            ("::1", "::1/128"),
            ("::ffff:203.0.113.0/120", "203.0.113.0/24"),
            ("0.0.0.0/0", "0.0.0.0/0"),
        ] {
            assert_eq!(read(text).as_deref(), Some(kept), "{text}");
        }
        for text in
            ["", "office", "203.0.113.0/33", "203.0.113/24", "203.0.113.0/-1", "2001:db8::/129", "10.0.0.0-10.0.0.9"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }
}

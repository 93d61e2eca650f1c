//! What attempts are counted by.

use std::net::{IpAddr, Ipv6Addr};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// What is counted together: a hash of what for and whose, so that the store never holds what a stranger typed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Bucket(String);

/// What is counted by the client's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// Wrong passwords of whomever.
    SignIns,
    /// Tokens that are not, or no longer, good.
    Tokens,
    /// API keys that do not exist.
    ApiKeys,
    /// Registrations, each of them.
    Registrations,
    /// Requests for a link by mail, each of them.
    Links,
    /// Requests to sign in by a passkey, each of them.
    Ceremonies,
    /// Ways to a provider of OpenID Connect, each of them.
    Departures,
}

impl Counted {
    fn as_str(self) -> &'static str {
        match self {
            Self::SignIns => "address: sign-ins",
            Self::Tokens => "address: tokens",
            Self::ApiKeys => "address: API keys",
            Self::Registrations => "address: registrations",
            Self::Links => "address: links",
            Self::Ceremonies => "address: ceremonies",
            Self::Departures => "address: departures",
        }
    }
}

impl Bucket {
    fn of(purpose: &str, subject: &str) -> Self {
        let hash = Sha256::new().chain_update(purpose).chain_update([0]).chain_update(subject).finalize();
        Self(URL_SAFE_NO_PAD.encode(hash))
    }

    /// Of signing in to one account, however its name was typed; of a name that nobody has, of that name.
    pub fn sign_in(user_id: Option<Uuid>, identifier: &str) -> Self {
        // Both are made, whoever is meant: a hash of more bytes takes longer, which would tell a user from a name.
        let of_user = Self::of("sign-in: user", &user_id.unwrap_or_default().to_string());
        let of_name = Self::of("sign-in: name", identifier);
        if user_id.is_some() { of_user } else { of_name }
    }

    /// Of signing in on a device that its owner has signed in on before.
    pub fn device(device_id: &str) -> Self {
        Self::of("sign-in: device", device_id)
    }

    /// Of proving once more who one is by the password. Nobody else can fill it.
    pub fn reauthentication(user_id: Uuid) -> Self {
        Self::of("reauthentication", &user_id.to_string())
    }

    /// Of the codes of a second factor, at signing in and afterwards. Who fills it knows the password already, or is signed in.
    pub fn second_factor(user_id: Uuid) -> Self {
        Self::of("second factor", &user_id.to_string())
    }

    /// Of codes that were mailed for a second factor. Who fills it has proved the first.
    pub fn mailed_codes(user_id: Uuid) -> Self {
        Self::of("mailed codes", &user_id.to_string())
    }

    /// Of mails that strangers have sent to one account.
    pub fn mails(user_id: Uuid) -> Self {
        Self::of("mails", &user_id.to_string())
    }

    /// Of a client's address. Who has one IPv6 address has its whole /64.
    pub fn address(counted: Counted, address: Option<IpAddr>) -> Self {
        let network = match address {
            Some(IpAddr::V6(address)) => {
                let network = u128::from(address) & !u128::from(u64::MAX);
                Ipv6Addr::from(network).to_string()
            }
            Some(IpAddr::V4(address)) => address.to_string(),
            None => String::new(),
        };
        Self::of(counted.as_str(), &network)
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_does_not_tell_what_it_counts_and_no_two_purposes_share_one() {
        let id = Uuid::now_v7();
        assert!(!Bucket::sign_in(None, "ann@example.com").as_str().contains("ann"));
        assert_ne!(Bucket::sign_in(None, &id.to_string()), Bucket::sign_in(Some(id), ""));
        assert_ne!(Bucket::sign_in(Some(id), ""), Bucket::reauthentication(id));
        assert_eq!(Bucket::sign_in(Some(id), "ann@example.com"), Bucket::sign_in(Some(id), "ann"));
    }

    #[test]
    fn who_has_an_ipv6_address_does_not_get_a_bucket_for_each_of_its_network() {
        let bucket = |address: &str| Bucket::address(Counted::SignIns, Some(address.parse().unwrap()));
        assert_eq!(bucket("2001:db8:1:2::1"), bucket("2001:db8:1:2:ffff:ffff:ffff:ffff"));
        assert_ne!(bucket("2001:db8:1:2::1"), bucket("2001:db8:1:3::1"));
        assert_ne!(bucket("203.0.113.1"), bucket("203.0.113.2"));
        assert_ne!(bucket("203.0.113.1"), Bucket::address(Counted::Tokens, "203.0.113.1".parse().ok()));
    }
}

//! Addresses of the web: where Reeve is reached, and whom it asks.

use super::values::{Parsed, refused};

/// A scheme, a host and a port: what a browser sends as `Origin` (RFC 6454), without a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(String);

impl Origin {
    /// Reads an `http` or `https` address; a trailing slash is taken off.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim().trim_end_matches('/');
        let uri: actix_web::http::Uri = text.parse().or_else(|_| refused())?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else { return refused() };
        let plain = matches!(scheme, "http" | "https")
            && matches!(uri.path(), "" | "/")
            && uri.query().is_none()
            && !authority.as_str().contains(['@', '*']);
        if plain { Ok(Self(text.to_ascii_lowercase())) } else { refused() }
    }

    pub(super) fn localhost(port: u16) -> Self {
        Self(format!("http://localhost:{port}"))
    }

    /// As a browser writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name or address of the host, without the port.
    pub fn host(&self) -> &str {
        let authority = self.0.split_once("://").map_or("", |(_, authority)| authority);
        match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => authority,
        }
    }

    /// Whether the host is of this name, or under it.
    pub fn is_within(&self, name: &str) -> bool {
        let above = self.host().strip_suffix(name);
        !name.is_empty() && above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
    }

    /// Whether cookies can be `Secure`.
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }
}

/// Whether a host is an IP address and no name; those of version 6 stand in brackets.
pub(super) fn is_address(host: &str) -> bool {
    host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>().is_ok()
}

/// Reads an `https` address, or an `http` one of this very machine, and whether it is one of this machine.
pub(super) fn private_url(text: &str) -> Parsed<(url::Url, bool)> {
    let url = url::Url::parse(text.trim()).or_else(|_| refused())?;
    let is_loopback = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => return refused(),
    };
    let is_private = url.scheme() == "https" || (url.scheme() == "http" && is_loopback);
    let is_plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    if !is_private || !is_plain || url.password().is_some() {
        return refused();
    }
    Ok((url, is_loopback))
}

/// A range endpoint for breached passwords: what is asked for is put behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BreachCheckUrl {
    text: String,
    is_loopback: bool,
}

impl BreachCheckUrl {
    /// Reads an `https` address, or an `http` one of this very machine; a slash at its end is added.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (url, is_loopback) = private_url(text)?;
        let text = format!("{}/", url.as_str().trim_end_matches('/'));
        Ok(Self { text, is_loopback })
    }

    /// With a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether its host is this machine.
    pub fn is_loopback(&self) -> bool {
        self.is_loopback
    }
}

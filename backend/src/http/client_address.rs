//! The client's address, as far as it can be believed.

use std::net::IpAddr;

use actix_web::dev::RequestHead;
use ipnet::IpNet;

/// The peer, unless it is a trusted proxy: then the last address in `X-Forwarded-For` that is not one of them.
/// Whatever stands further left was written by whoever sent the request, and counts for nothing.
pub fn client_address(head: &RequestHead, trusted_proxies: &[IpNet]) -> Option<IpAddr> {
    let peer = head.peer_addr?.ip().to_canonical();
    let is_trusted = |address: &IpAddr| trusted_proxies.iter().any(|network| network.contains(address));
    if !is_trusted(&peer) {
        return Some(peer);
    }
    let mut client = peer;
    for value in head.headers.get_all("x-forwarded-for").collect::<Vec<_>>().into_iter().rev() {
        for hop in value.to_str().unwrap_or_default().rsplit(',') {
            let Ok(address) = hop.trim().parse::<IpAddr>() else { return Some(client) };
            client = address.to_canonical();
            if !is_trusted(&client) {
                return Some(client);
            }
        }
    }
    Some(client)
}

//! `X-Forwarded-For` and `Forwarded`, before listed and unlisted peers.
#![no_main]

use std::net::{IpAddr, SocketAddr};

use http::header::{HeaderMap, HeaderValue};
use libfuzzer_sys::fuzz_target;
use sekisho::facts::client_address::TrustedProxies;

fuzz_target!(|input: (IpAddr, Vec<(bool, &[u8])>)| {
    let (peer, lines) = input;
    let mut headers = HeaderMap::new();
    for (forwarded, line) in lines.iter().take(64) {
        if let Ok(line) = HeaderValue::from_bytes(line) {
            headers.append(if *forwarded { "forwarded" } else { "x-forwarded-for" }, line);
        }
    }
    let listed = TrustedProxies::new(["10.0.0.0/8".parse().unwrap(), "2001:db8::/32".parse().unwrap()].into());
    let client = listed.client(SocketAddr::new(peer, 1), None, &headers);
    if !listed.include(peer) {
        assert_eq!(client.ip(), peer.to_canonical());
    }
    // However often it is asked, a listed peer with the same words names the same client.
    assert_eq!(client, listed.client(SocketAddr::new(peer, 2), None, &headers));
    let nobody = TrustedProxies::default();
    assert_eq!(nobody.client(SocketAddr::new(peer, 1), None, &headers).ip(), peer.to_canonical());
});

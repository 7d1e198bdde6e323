//! Where an authority's validator will not find the gateway, as far as the text shows: it comes to port 443 or to port 80, from the
//! internet.

use std::net::{IpAddr, SocketAddr};

use crate::config::diagnose::Complaint;
use crate::config::schema::{AcmeChallenge, File, ProxyProtocol};

/// Names that no public authority issues a certificate for (RFC 2606, RFC 6762, RFC 9476 and others).
const INSIDE: [&str; 8] = ["test", "example", "invalid", "localhost", "local", "internal", "alt", "arpa"];

/// Everything of the kind.
pub(super) fn warnings(file: &File) -> Vec<Complaint> {
    let mut found = Vec::new();
    let server = &file.server;
    for (place, certificate) in file.tls.certificate.iter().enumerate().filter(|(_, certificate)| !certificate.acme.is_empty()) {
        let key = |key: &str| format!("tls.certificate[{place}].{key}");
        let (listen, port, listed) = match certificate.challenge.unwrap_or_default() {
            AcmeChallenge::TlsAlpn01 => (&server.listen, 443, "server.listen"),
            AcmeChallenge::Http01 => (&server.redirect_listen, 80, "server.redirect_listen"),
        };
        let is_set = if certificate.challenge.is_some() { "challenge" } else { "acme" };
        found.extend(unreachable(&key(is_set), listen, port, listed));
        let behind = !server.trusted_proxies.is_empty() && server.proxy_protocol == ProxyProtocol::Off;
        if port == 443 && behind {
            let message = "the validator's handshake must come here unchanged; a proxy in front that ends TLS answers it itself";
            let help = "let it pass TCP on (`server.proxy_protocol`), or write `challenge = \"http-01\"` and let it pass on /.well-known/acme-challenge/";
            found.push(Complaint::new(key(is_set), message).help(help));
        }
        let public = certificate.acme.iter().find(|name| file.acme.get(*name).is_some_and(|section| section.authority.is_none()));
        for (of_names, name) in certificate.names.iter().enumerate() {
            if let Some(authority) = public.filter(|_| is_inside(name)) {
                let message = format!("no public authority issues a certificate for `{name}`");
                let help = format!("`acme.{authority}` is one, unless its directory is inside: then name its `authority`");
                found.push(Complaint::new(key(&format!("names[{of_names}]")), message).help(help));
            }
        }
    }
    found
}

fn unreachable(key: &str, listen: &[SocketAddr], port: u16, listed: &str) -> Option<Complaint> {
    let help = format!("nothing is wrong where something in front passes port {port} on, or systemd hands the socket over");
    let outside: Vec<_> = listen.iter().filter(|address| !address.ip().is_loopback()).collect();
    let message = if listen.is_empty() {
        format!("the authority's validator comes to port {port}, and `{listed}` names none")
    } else if outside.is_empty() {
        format!("the authority's validator comes to port {port}, and `{listed}` names addresses of loopback alone")
    } else if outside.iter().all(|address| address.port() != port) {
        format!("the authority's validator comes to port {port}, and `{listed}` names other ports alone")
    } else {
        return None;
    };
    Some(Complaint::new(key, message).help(help))
}

fn is_inside(name: &str) -> bool {
    match name.parse::<IpAddr>() {
        Ok(IpAddr::V4(ip)) => ip.is_private() || ip.is_loopback() || ip.is_link_local(),
        Ok(IpAddr::V6(ip)) => ip.is_loopback() || ip.segments()[0] & 0xfe00 == 0xfc00,
        Err(_) => name.rsplit('.').next().is_some_and(|last| INSIDE.contains(&last.to_ascii_lowercase().as_str())),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::config::Config;
    use crate::config::environment::Environment;

    fn said(server: &str, certificate: &str) -> Vec<String> {
        let text = format!(
            "[server]\n{server}\n[portal]\nurl = \"https://auth.example.com\"\n[state]\ndirectory = \"state\"\n\
             [acme.ours]\ndirectory = \"https://ca.example.com/dir\"\nagree_to_terms = true\n\
             [[tls.certificate]]\nacme = [\"ours\"]\n{certificate}\n"
        );
        let config = Config::parse(Path::new("sekisho.toml"), &text, &Environment::empty()).unwrap();
        super::warnings(&config.file).into_iter().map(|complaint| format!("{}: {}", complaint.path, complaint.message)).collect()
    }

    #[test]
    fn what_no_validator_reaches_is_warned_of() {
        let names = "names = [\"auth.example.com\"]";
        let by_http = "names = [\"auth.example.com\"]\nchallenge = \"http-01\"";
        for (server, certificate, expected) in [
            ("", names, None),
            (
                "listen = [\"0.0.0.0:8443\"]",
                names,
                Some("tls.certificate[0].acme: the authority's validator comes to port 443, and `server.listen` names other"),
            ),
            ("listen = [\"127.0.0.1:443\"]", names, Some("names addresses of loopback alone")),
            ("listen = [\"127.0.0.1:443\", \"192.0.2.1:443\"]", names, None),
            ("trusted_proxies = [\"10.0.0.5\"]", names, Some("a proxy in front that ends TLS")),
            ("trusted_proxies = [\"10.0.0.5\"]\nproxy_protocol = \"required\"", names, None),
            (
                "",
                by_http,
                Some(
                    "tls.certificate[0].challenge: the authority's validator comes to port 80, and `server.redirect_listen` names none",
                ),
            ),
            ("redirect_listen = [\"[::]:80\"]", by_http, None),
            (
                "",
                "names = [\"auth.corp.internal\"]",
                Some("names[0]: no public authority issues a certificate for `auth.corp.internal`"),
            ),
            ("", "names = [\"10.1.2.3\"]", Some("no public authority issues a certificate for `10.1.2.3`")),
        ] {
            let found = said(server, certificate);
            match expected {
                None => assert!(found.is_empty(), "{server} {certificate}: {found:?}"),
                Some(words) => assert!(found.len() == 1 && found[0].contains(words), "{server} {certificate}: {found:?}"),
            }
        }
    }
}

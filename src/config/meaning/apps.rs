//! What apps mean: hosts and names that differ, upstreams that can be reached, headers that carry nothing else.

use std::collections::BTreeMap;

use url::{Host, Url};

use super::{Complaints, app_approvals, headers, transactions};
use crate::config::diagnose::did_you_mean;
use crate::config::schema::{AppSection, DemandMode, File};

pub(super) fn look(file: &File, found: &mut Complaints) {
    let portal = file.portal.url.parse::<Url>().ok().and_then(|url| url.host_str().map(str::to_owned));
    let mtls =
        file.portal.mtls_url.as_deref().and_then(|url| address_of("portal.mtls_url", url, "https://mtls.example.com", found));
    found.unless(
        mtls.is_none() || mtls != portal,
        "portal.mtls_url",
        "this is the portal's own host",
        "choose another: browsers that come to sign in would be asked for a certificate",
    );
    let mut hosts = BTreeMap::new();
    let mut names = BTreeMap::new();
    for (place, app) in file.app.iter().enumerate() {
        let key = |key: &str| format!("app[{place}].{key}");
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !(1..=63).contains(&app.name.len()) || !app.name.chars().all(plain) {
            found.say(key("name"), format!("`{}` is not an app name", app.name), "use 1 to 63 of `a-z`, `0-9` and `-`");
        }
        found.unless(app.name != "portal", &key("name"), "`portal` is the gateway's own host", "choose another name");
        if let Some(first) = names.insert(app.name.as_str(), place) {
            found.say(key("name"), format!("two apps are called `{}`", app.name), format!("app[{first}] has the name already"));
        }
        if let Some(host) = address_of(&key("url"), &app.url, "https://wiki.example.com", found) {
            found.unless(
                portal.as_deref() != Some(host.as_str()),
                &key("url"),
                "this is the portal's own host",
                "give the app a host of its own: cookies are kept apart by host, not by port",
            );
            found.unless(
                mtls.as_deref() != Some(host.as_str()),
                &key("url"),
                "apps ask for approvals at this host, by `portal.mtls_url`",
                "give one of them another host",
            );
            if let Some(first) = hosts.insert(host.clone(), &app.name) {
                found.say(
                    key("url"),
                    format!("two apps live at {host}"),
                    format!("`{first}` is there already; give each its own host"),
                );
            }
        }
        upstreams(place, app, found);
        if app.forward_auth {
            no_certificate_by_proxy(file, place, found);
        }
        found.longer_than_nothing(&key("answer_within"), app.answer_within);
        for (origin_place, origin) in app.websocket_origins.iter().enumerate() {
            let is_origin = origin.parse::<Url>().is_ok_and(|url| {
                matches!(url.scheme(), "https" | "http") && url.origin().ascii_serialization() == origin.trim_end_matches('/')
            });
            let path = key(&format!("websocket_origins[{origin_place}]"));
            found.unless(
                is_origin,
                &path,
                "it is not an origin",
                "write scheme, host and port only: \"https://other.example.com\"",
            );
        }
        headers::let_through(file, place, app, found);
        cross_origin_calls(place, app, found);
        upgrades(place, app, found);
        transactions::look(file, place, app, found);
        app_approvals::look(file, place, app, found);
        if let Some(names) = &app.identity {
            headers::identity_names(&key("identity"), names, found);
            found.unless(
                !app.forward_auth || !names.client_cert,
                &key("identity.client_cert"),
                "with `forward_auth = true` the other proxy ends TLS: a client certificate never reaches the gateway",
                "let the other proxy send `Client-Cert`, or put the gateway itself in front of this app",
            );
        }
    }
}

/// The host of an address that browsers use; complains of everything that is more or less than `https://host[:port]`.
pub(super) fn address_of(path: &str, text: &str, example: &str, found: &mut Complaints) -> Option<String> {
    let help = format!("write it as \"{example}\", with the port if it is not 443");
    let url = match text.parse::<Url>() {
        Ok(url) => url,
        Err(error) => {
            found.say(path, format!("`{text}` is not an address: {error}"), help);
            return None;
        }
    };
    if url.scheme() != "https" {
        found.say(path, "it must begin with `https://`: cookies and certificates need TLS", help);
        return None;
    }
    let Some(Host::Domain(host)) = url.host() else {
        found.say(path, "it must name a host, not an IP address: certificates and apps are chosen by name", help);
        return None;
    };
    let host = host.trim_end_matches('.');
    if host.starts_with("*.") {
        found.say(
            path,
            "a wildcard is not a host: apps are distinguished by name",
            "write one `[[app]]` for each host; a certificate may hold `*.…`",
        );
        return None;
    }
    let label =
        |label: &str| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if host.len() > 253 || !host.split('.').all(label) {
        found.say(path, format!("`{host}` is not a host name"), help);
        return None;
    }
    let more = url.path() != "/" || url.query().is_some() || url.fragment().is_some();
    if more || !url.username().is_empty() || url.password().is_some() {
        found.say(path, "it must be scheme, host and port only", help);
        return None;
    }
    Some(host.to_owned())
}

/// A client certificate is shown to the proxy that ends TLS, which is the other one: check 2 could never pass here.
fn no_certificate_by_proxy(file: &File, place: usize, found: &mut Complaints) {
    let rules = file.app.get(place).map_or(0, |app| app.rule.len());
    let demands = std::iter::once(file.app_demands(place)).chain((0..rules).map(|rule| file.rule_demands(place, rule)));
    let demanded = demands.filter_map(|merged| merged.client_certificate).find(|said| said.demand.mode != DemandMode::Off);
    if let Some(said) = demanded {
        found.say(
            said.path,
            "with `forward_auth = true` the other proxy ends TLS: a client certificate never reaches the gateway",
            "put the gateway itself in front of this app, or remove `client_certificate`",
        );
    }
}

fn upstreams(place: usize, app: &AppSection, found: &mut Complaints) {
    let key = |key: &str| format!("app[{place}].{key}");
    match (app.forward_auth, app.upstream.is_empty()) {
        (true, false) => found.say(
            key("upstream"),
            "with `forward_auth = true` another proxy forwards; this address would never be used",
            "remove `upstream`, or remove `forward_auth`",
        ),
        (false, true) => found.say(
            format!("app[{place}]"),
            format!("app `{}` has no `upstream`", app.name),
            "write `upstream = [\"http://127.0.0.1:8080\"]`, or `forward_auth = true` where another proxy asks",
        ),
        _ => {}
    }
    let mut any_tls = false;
    for (upstream_place, text) in app.upstream.iter().enumerate() {
        let path = key(&format!("upstream[{upstream_place}]"));
        let help =
            "write scheme, host and port: \"http://10.0.0.7:8080\", \"https://wiki.internal\" or \"h2c://127.0.0.1:50051\"";
        let Ok(url) = text.parse::<Url>() else {
            found.say(path, format!("`{text}` is not an address"), help);
            continue;
        };
        any_tls |= url.scheme() == "https";
        let host = url.host_str().is_some_and(|host| !host.is_empty());
        if !matches!(url.scheme(), "http" | "https" | "h2c") || !host {
            let schemes = ["http", "https", "h2c"];
            let meant = did_you_mean(url.scheme(), schemes).map(|meant| format!("did you mean `{meant}://`? "));
            found.say(path, format!("`{text}` is not an upstream"), format!("{}{help}", meant.unwrap_or_default()));
        } else if !url.username().is_empty() || url.password().is_some() {
            found.say(path, "credentials in an address end up in logs", "remove what stands before the `@`");
        } else if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            found.say(path, "paths are forwarded as they came; an upstream has none of its own", help);
        } else if app.upstream.iter().take(upstream_place).any(|earlier| earlier == text) {
            found.say(path, "this upstream is named twice", "name each once");
        } else if url.scheme() == "h2c" && url.port().is_none() {
            found.say(path, "an `h2c` upstream needs its port", help);
        }
    }
    let tls = &app.upstream_tls;
    for (have, name, lack, other) in
        [(&tls.certificate, "certificate", &tls.key, "key"), (&tls.key, "key", &tls.certificate, "certificate")]
    {
        if have.is_some() && lack.is_none() {
            let path = key(&format!("upstream_tls.{name}"));
            found.say(path, format!("`{name}` without `{other}` is of no use"), format!("name the file with `{other}` too"));
        }
    }
    let any = tls.authority.is_some() || tls.certificate.is_some() || tls.key.is_some() || tls.server_name.is_some();
    found.unless(
        !any || any_tls || app.upstream.is_empty(),
        &key("upstream_tls"),
        "no upstream of this app is reached by TLS, so this would never be used",
        "write `https://` in `upstream`, or remove it",
    );
}

/// Pages that may call an app: each an origin, and none that anybody on the way to it could write.
fn cross_origin_calls(place: usize, app: &AppSection, found: &mut Complaints) {
    let key = |of: usize| format!("app[{place}].cors.origins[{of}]");
    for (of_app, text) in app.cors.origins.iter().enumerate() {
        let help = "write scheme, host and port only, each origin by itself: \"https://desk.example.com\"";
        let url = text.parse::<Url>().ok();
        let url = url.filter(|url| url.origin().ascii_serialization() == text.trim_end_matches('/'));
        let is_local = |url: &Url| match url.host() {
            Some(Host::Domain(host)) => host == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        match url {
            _ if text.contains('*') => {
                found.say(key(of_app), format!("`{text}`: any page could call this app with its visitor's session"), help);
            }
            Some(url) if url.scheme() == "https" || (url.scheme() == "http" && is_local(&url)) => {}
            Some(url) if url.scheme() == "http" => found.say(
                key(of_app),
                "a page without TLS can be changed by anybody on the way to its reader",
                "write its `https://` address; `http://` is taken of localhost alone",
            ),
            _ => found.say(key(of_app), format!("`{text}` is not an origin"), help),
        }
    }
    found.unless(
        app.cors.origins.is_empty() || !app.forward_auth,
        &format!("app[{place}].cors"),
        "with `forward_auth = true` the other proxy answers the client, preflights too",
        "let the other proxy answer preflights, and remove `cors`",
    );
}

/// Protocols that connections may switch to: one token each (RFC 9110 §7.8), and none that is HTTP itself.
fn upgrades(place: usize, app: &AppSection, found: &mut Complaints) {
    for (of_app, protocol) in app.upgrades.iter().enumerate() {
        let path = format!("app[{place}].upgrades[{of_app}]");
        let word = protocol.to_ascii_lowercase();
        let is_token = |part: &str| http::HeaderName::from_bytes(part.as_bytes()).is_ok();
        let (name, version) = word.split_once('/').map_or((word.as_str(), None), |(name, version)| (name, Some(version)));
        if !is_token(name) || version.is_some_and(|version| !is_token(version)) {
            found.say(path, format!("`{protocol}` is not a protocol"), "write one name, as in \"websocket\" or \"SPDY/3.1\"");
        } else if matches!(name, "h2c" | "h2" | "http" | "tls") {
            let help = "write `h2c://` in `upstream` where the app speaks HTTP/2 without TLS";
            found.say(path, format!("`{protocol}` is HTTP itself: requests in it would pass unseen"), help);
        }
    }
}

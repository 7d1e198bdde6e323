//! What the values mean together: names that must exist, addresses that must differ, demands that cannot be met.
//! Invariant: everything that is wrong is told at once, each on the key that should change.

use std::collections::BTreeMap;
use std::net::IpAddr;

use url::{Host, Url};

use super::demands::Merged;
use super::diagnose::{Complaint, did_you_mean};
use super::schema::{App, Certificate, File, Identity, Mail, MailSecurity, MappingSource, MappingTarget, Mode, ProxyProtocol};
use super::units::{Length, Network};

mod policies;

/// Everything in a file whose keys and values are well formed that still makes no sense.
pub(super) fn complaints(file: &File) -> Vec<Complaint> {
    let mut found = Found(Vec::new());
    server(file, &mut found);
    tls(file, &mut found);
    portal(file, &mut found);
    trust(file, &mut found);
    apps(file, &mut found);
    policies::look(file, &mut found);
    lifetimes(file, &mut found);
    secrets(file, &mut found);
    if let Some(mail) = &file.mail {
        outgoing_mail(mail, &mut found);
    }
    limits(file, &mut found);
    identity("identity", &file.identity, &mut found);
    log_level(&file.log.level, &mut found);
    found.0
}

/// The complaints so far.
struct Found(Vec<Complaint>);

impl Found {
    fn say(&mut self, path: impl Into<String>, message: impl Into<String>, help: impl Into<String>) {
        self.0.push(Complaint::new(path, message).help(help));
    }

    fn unless(&mut self, fine: bool, path: &str, message: &str, help: &str) {
        if !fine {
            self.say(path, message, help);
        }
    }

    /// A name that is not there.
    fn unknown<'a>(&mut self, path: String, kind: &str, name: &str, known: impl Iterator<Item = &'a str> + Clone, make: &str) {
        let all = known.clone().map(|known| format!("`{known}`")).collect::<Vec<_>>().join(", ");
        let help = match did_you_mean(name, known) {
            Some(meant) => format!("did you mean `{meant}`? There are: {all}"),
            None if all.is_empty() => format!("there is none yet: {make}"),
            None => format!("there are: {all}; or {make}"),
        };
        self.say(path, format!("there is no {kind} `{name}`"), help);
    }

    fn longer_than_nothing(&mut self, path: &str, length: Length) {
        self.unless(!length.0.is_zero(), path, "it must be longer than nothing", "write a length such as \"30s\" or \"10m\"");
    }
}

fn server(file: &File, found: &mut Found) {
    let server = &file.server;
    let listeners = (server.listen.iter().enumerate().map(|(place, address)| (format!("server.listen[{place}]"), *address)))
        .chain(server.redirect_listen.iter().enumerate().map(|(place, at)| (format!("server.redirect_listen[{place}]"), *at)))
        .chain(server.operations_listen.map(|address| ("server.operations_listen".to_owned(), address)));
    let mut taken = BTreeMap::new();
    for (path, address) in listeners.filter(|(_, address)| address.port() != 0) {
        if let Some(first) = taken.insert(address, path.clone()) {
            found.say(path, format!("{address} is listened on twice"), format!("`{first}` has it already; choose another port"));
        }
    }
    for (place, Network(network)) in server.trusted_proxies.iter().enumerate() {
        if network.prefix_len() == 0 {
            found.say(
                format!("server.trusted_proxies[{place}]"),
                format!("{network} believes everybody: any client could claim any address"),
                "list the addresses of the proxies in front of this gateway, as in \"10.0.0.5\"",
            );
        }
    }
    found.unless(
        server.proxy_protocol == ProxyProtocol::Off || !server.trusted_proxies.is_empty(),
        "server.proxy_protocol",
        "nobody is trusted to send a PROXY protocol header",
        "list the load balancer under `server.trusted_proxies`, or write \"off\"",
    );
    found.unless(
        server.workers != Some(0),
        "server.workers",
        "no worker could do anything",
        "leave the key out: one for each processor",
    );
}

fn tls(file: &File, found: &mut Found) {
    found.unless(
        !file.tls.certificate.is_empty(),
        "tls.certificate",
        "a TLS gateway needs a certificate",
        "write `[[tls.certificate]]` with `chain` and `key`; `sekisho init` makes one to begin with",
    );
    for (place, Certificate { chain, key }) in file.tls.certificate.iter().enumerate() {
        for (name, path) in [("chain", chain), ("key", key)] {
            let place = format!("tls.certificate[{place}].{name}");
            found.unless(!path.as_os_str().is_empty(), &place, "it names no file", "write the path of a PEM file");
        }
    }
    found.unless(
        !file.state.directory.as_os_str().is_empty(),
        "state.directory",
        "it names no folder",
        "as in \"/var/lib/sekisho\"",
    );
}

fn portal(file: &File, found: &mut Found) {
    address_of("portal.url", &file.portal.url, "https://auth.example.com", found);
}

fn trust(file: &File, found: &mut Found) {
    for (kind, names) in [("trust", file.trust.keys().collect::<Vec<_>>()), ("policy", file.policy.keys().collect())] {
        for name in names.into_iter().filter(|name| name.is_empty() || !name.chars().all(is_name)) {
            found.say(format!("{kind}.\"{name}\""), format!("`{name}` is no name"), "use letters, digits, `-` and `_`");
        }
    }
    found.unless(
        file.trust.len() <= 64,
        "trust",
        "there are more than 64 authorities",
        "put several certificates into one bundle",
    );
    for (name, trust) in &file.trust {
        for (place, mapping) in trust.mapping.iter().enumerate() {
            let path = format!("trust.{name}.mapping[{place}]");
            if mapping.from == MappingSource::Any && mapping.to != MappingTarget::Shared {
                found.say(
                    format!("{path}.to"),
                    "`from = \"any\"` reads no name, so it can name nobody",
                    "write `to = \"shared\"`",
                );
            }
            if mapping.from == MappingSource::Any && (mapping.prefix.is_some() || mapping.suffix.is_some()) {
                found.say(path, "`from = \"any\"` reads no name that a prefix or suffix could be cut off", "leave them out");
            }
        }
    }
}

fn apps(file: &File, found: &mut Found) {
    let portal = file.portal.url.parse::<Url>().ok().and_then(|url| url.host_str().map(str::to_owned));
    let mut hosts = BTreeMap::new();
    let mut names = BTreeMap::new();
    for (place, app) in file.app.iter().enumerate() {
        let key = |key: &str| format!("app[{place}].{key}");
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !(1..=63).contains(&app.name.len()) || !app.name.chars().all(plain) {
            found.say(key("name"), format!("`{}` is no name of an app", app.name), "use 1 to 63 of `a-z`, `0-9` and `-`");
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
            if let Some(first) = hosts.insert(host.clone(), &app.name) {
                found.say(
                    key("url"),
                    format!("two apps live at {host}"),
                    format!("`{first}` is there already; give each its own host"),
                );
            }
        }
        upstreams(place, app, found);
        found.longer_than_nothing(&key("answer_within"), app.answer_within);
        for (origin_place, origin) in app.websocket_origins.iter().enumerate() {
            let is_origin = origin.parse::<Url>().is_ok_and(|url| {
                matches!(url.scheme(), "https" | "http") && url.origin().ascii_serialization() == origin.trim_end_matches('/')
            });
            let path = key(&format!("websocket_origins[{origin_place}]"));
            found.unless(is_origin, &path, "it is no origin", "write scheme, host and port only: \"https://other.example.com\"");
        }
        if let Some(names) = &app.identity {
            identity(&key("identity"), names, found);
        }
    }
}

/// The host of an address that browsers use; complains of everything that is more or less than `https://host[:port]`.
fn address_of(path: &str, text: &str, example: &str, found: &mut Found) -> Option<String> {
    let help = format!("write it as \"{example}\", with the port if it is not 443");
    let url = match text.parse::<Url>() {
        Ok(url) => url,
        Err(error) => {
            found.say(path, format!("`{text}` is no address: {error}"), help);
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
    let more = url.path() != "/" || url.query().is_some() || url.fragment().is_some();
    if more || !url.username().is_empty() || url.password().is_some() {
        found.say(path, "it must be scheme, host and port only", help);
        return None;
    }
    Some(host.trim_end_matches('.').to_owned())
}

fn upstreams(place: usize, app: &App, found: &mut Found) {
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
            found.say(path, format!("`{text}` is no address"), help);
            continue;
        };
        any_tls |= url.scheme() == "https";
        let host = url.host_str().is_some_and(|host| !host.is_empty());
        if !matches!(url.scheme(), "http" | "https" | "h2c") || !host {
            let schemes = ["http", "https", "h2c"];
            let meant = did_you_mean(url.scheme(), schemes).map(|meant| format!("did you mean `{meant}://`? "));
            found.say(path, format!("`{text}` is no upstream"), format!("{}{help}", meant.unwrap_or_default()));
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

fn lifetimes(file: &File, found: &mut Found) {
    let (session, regulation) = (&file.session, &file.regulation);
    for (path, length) in [
        ("session.absolute", session.absolute),
        ("session.idle", session.idle),
        ("session.browser", session.browser),
        ("session.fresh", session.fresh),
        ("regulation.window", regulation.window),
        ("regulation.lock", regulation.lock),
        ("regulation.longest_delay", regulation.longest_delay),
        ("password.queue", file.password.queue),
        ("limits.handshake", file.limits.handshake),
        ("limits.head_within", file.limits.head_within),
        ("limits.idle", file.limits.idle),
        ("limits.connect_within", file.limits.connect_within),
    ] {
        found.longer_than_nothing(path, length);
    }
    found.unless(
        session.idle <= session.absolute,
        "session.idle",
        "it is longer than `session.absolute`",
        "make it the shorter one",
    );
    found.unless(session.per_user > 0, "session.per_user", "nobody could sign in", "allow one session at least");
    for (path, count) in [
        ("regulation.per_user_and_network", regulation.per_user_and_network),
        ("regulation.per_network", regulation.per_network),
        ("regulation.per_user", regulation.per_user),
    ] {
        found.unless(count > 0, path, "the first attempt would be locked out", "allow one failure at least");
    }
}

fn secrets(file: &File, found: &mut Found) {
    let password = &file.password;
    found.unless(
        (8..=128).contains(&password.minimum_length),
        "password.minimum_length",
        "it must be from 8 to 128",
        "NIST SP 800-63B: 15 where a password stands alone, 8 beside a second factor",
    );
    found.unless(
        (19..=4096).contains(&password.memory_mib),
        "password.memory_mib",
        "it must be from 19 to 4096 (MiB for each hash)",
        "64 is the default; below 19 a stolen hash is cheap to try",
    );
    found.unless((1..=64).contains(&password.passes), "password.passes", "it must be from 1 to 64", "3 is the default");
    // OWASP's weakest equal: 19 MiB with 2 passes; with a single pass 46 MiB.
    found.unless(
        password.passes > 1 || password.memory_mib >= 46 || password.memory_mib < 19,
        "password.passes",
        "a single pass needs 46 MiB at least",
        "write 2 or more, or raise `password.memory_mib`",
    );
    found.unless(file.totp.skew <= 1, "totp.skew", "it must be 0 or 1", "more steps make a code easier to guess and to replay");
    let issuer = &file.totp.issuer;
    found.unless(
        !issuer.trim().is_empty() && !issuer.contains([':', '\n', '\r']),
        "totp.issuer",
        "it must be a name without `:`",
        "authenticator apps show it; your organisation's name does well",
    );
}

fn outgoing_mail(mail: &Mail, found: &mut Found) {
    let host = mail.host.trim_matches(['[', ']']);
    let loopback = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    found.unless(
        mail.security != MailSecurity::Plain || loopback,
        "mail.security",
        "`plain` is for a relay on this machine only: invitations would travel readable",
        "write \"starttls\" or \"tls\"",
    );
    found.unless(!host.trim().is_empty(), "mail.host", "it names no host", "the relay's name, as in \"smtp.example.com\"");
    found.unless(mail.port != 0, "mail.port", "0 is no port", "587 for starttls, 465 for tls");
    found.unless(
        mail.from.parse::<lettre::message::Mailbox>().is_ok(),
        "mail.from",
        "it is no sender",
        "write \"sekisho@example.com\" or \"Sekisho <sekisho@example.com>\"",
    );
    found.unless(
        mail.user.is_some() || mail.password_file.is_none(),
        "mail.password_file",
        "a password without a name to sign in with is of no use",
        "write `mail.user` too",
    );
    found.unless(
        mail.user.is_none() || mail.password_file.is_some(),
        "mail.user",
        "a name to sign in with needs a password",
        "name the file with the password in `mail.password_file`",
    );
}

fn limits(file: &File, found: &mut Found) {
    let limits = &file.limits;
    for (path, count, least) in [
        ("limits.header_fields", limits.header_fields, 16),
        ("limits.h2_streams", limits.h2_streams as usize, 1),
        ("limits.connections_per_peer", limits.connections_per_peer, 1),
        ("limits.connections", limits.connections, 1),
        ("limits.shared_entries", limits.shared_entries, 1000),
    ] {
        if count < least {
            found.say(path, format!("it must be at least {least}"), "leave the key out for the default");
        }
    }
    for (path, size, least) in [
        ("limits.head", limits.head, super::units::Size::kib(4)),
        ("limits.request_line", limits.request_line, super::units::Size::kib(1)),
        ("limits.portal_body", limits.portal_body, super::units::Size::kib(4)),
    ] {
        if size < least {
            found.say(path, format!("it must be at least {least}"), "leave the key out for the default");
        }
    }
    found.unless(
        limits.request_line <= limits.head,
        "limits.request_line",
        "it is larger than `limits.head`",
        "a head holds its request line",
    );
    found.unless(
        limits.held_body <= limits.held_bodies,
        "limits.held_body",
        "it is larger than `limits.held_bodies`",
        "raise that, or lower this",
    );
}

fn identity(path: &str, identity: &Identity, found: &mut Found) {
    let named = [("user", &identity.user), ("groups", &identity.groups), ("email", &identity.email), ("name", &identity.name)];
    let mut taken: Vec<String> = Vec::new();
    for (key, header) in named.into_iter().filter_map(|(key, header)| header.as_ref().map(|header| (key, header))) {
        let path = format!("{path}.{key}");
        let normal = header.to_ascii_lowercase();
        if http::HeaderName::from_bytes(header.as_bytes()).is_err() || header.contains('_') {
            found.say(path, format!("`{header}` is no name of a header"), "use letters, digits and `-`, as in \"Remote-User\"");
        } else if SPOKEN_FOR.contains(&normal.as_str()) || normal.starts_with("sekisho-") {
            found.say(path, format!("`{header}` means something else already"), "choose another name, as \"Remote-User\"");
        } else if taken.contains(&normal) {
            found.say(path, format!("`{header}` is used twice"), "give each its own header");
        } else {
            taken.push(normal);
        }
    }
}

/// Header fields that carry the message itself, or that this gateway writes for other reasons.
const SPOKEN_FOR: [&str; 20] = [
    "host",
    "connection",
    "content-length",
    "content-type",
    "content-encoding",
    "transfer-encoding",
    "te",
    "trailer",
    "upgrade",
    "keep-alive",
    "expect",
    "cookie",
    "set-cookie",
    "forwarded",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-request-id",
    "via",
    "date",
];

fn log_level(level: &str, found: &mut Found) {
    const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];
    let help = "write a level, or levels by module: \"info,sekisho::gateway=debug\"";
    for directive in level.split(',').map(str::trim).filter(|directive| !directive.contains(['=', '['])) {
        if !LEVELS.contains(&directive) {
            let meant = did_you_mean(directive, LEVELS).map(|meant| format!("did you mean `{meant}`? "));
            let help = format!("{}{help}", meant.unwrap_or_default());
            found.say("log.level", format!("`{directive}` is no level"), help);
            return;
        }
    }
    if let Err(error) = tracing_subscriber::EnvFilter::builder().parse(level) {
        found.say("log.level", format!("`{level}` is no filter: {error}"), help);
    }
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
}

/// Whether two checks are both demanded without exception.
fn required(mode: Option<Mode>) -> bool {
    mode == Some(Mode::Require)
}

/// The mode of a check that may not be named.
fn mode<T>(said: Option<&super::demands::Said<'_, T>>, of: impl Fn(&T) -> Mode) -> Option<Mode> {
    said.map(|said| of(said.demand))
}

/// Used by [`policies`].
type Place<'a> = (String, Merged<'a>);

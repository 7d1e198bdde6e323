//! What the values mean together: names that must exist, addresses that must differ, demands that cannot be met.
//! Invariant: everything that is wrong is reported at once, each on the key that should change.

use std::collections::BTreeMap;
use std::net::IpAddr;

use super::demands::Merged;
use super::diagnose::{Complaint, did_you_mean};
use super::schema::{DemandMode, File, Mail, MailSecurity, MappingSource, MappingTarget, ProxyProtocol, is_this_machine};
use super::units::{CidrBlock, TimeSpan};

mod acme;
mod app_approvals;
mod apps;
mod directories;
mod headers;
mod idps;
mod passkeys;
mod kerberos;
mod devices;
mod policies;
mod transactions;

/// Everything in a file whose keys and values are well formed that still makes no sense.
pub(super) fn complaints(file: &File) -> Vec<Complaint> {
    let mut found = Complaints(Vec::new());
    server(file, &mut found);
    tls(file, &mut found);
    portal(file, &mut found);
    trust(file, &mut found);
    directories::look(file, &mut found);
    idps::look(file, &mut found);
    kerberos::look(file, &mut found);
    apps::look(file, &mut found);
    policies::look(file, &mut found);
    devices::look(file, &mut found);
    passkeys::look(file, &mut found);
    lifetimes(file, &mut found);
    secrets(file, &mut found);
    if let Some(mail) = &file.mail {
        outgoing_mail(mail, &mut found);
    }
    approval(file, &mut found);
    login_protect(file, &mut found);
    limits(file, &mut found);
    headers::identity_names("identity", &file.identity, &mut found);
    log_level(&file.log.level, &mut found);
    found.0
}

/// The complaints so far.
struct Complaints(Vec<Complaint>);

impl Complaints {
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

    fn longer_than_nothing(&mut self, path: &str, length: TimeSpan) {
        self.unless(!length.0.is_zero(), path, "it must be longer than nothing", "write a length such as \"30s\" or \"10m\"");
    }
}

fn server(file: &File, found: &mut Complaints) {
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
    for (place, CidrBlock(network)) in server.trusted_proxies.iter().enumerate() {
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

fn tls(file: &File, found: &mut Complaints) {
    found.unless(
        !file.tls.certificate.is_empty(),
        "tls.certificate",
        "a TLS gateway needs a certificate",
        "write `[[tls.certificate]]` with `chain` and `key`, or with `acme` and `names`; `sekisho init` makes one to begin with",
    );
    acme::look(file, found);
    found.unless(
        !file.state.directory.as_os_str().is_empty(),
        "state.directory",
        "it names no folder",
        "as in \"/var/lib/sekisho\"",
    );
}

fn approval(file: &File, found: &mut Complaints) {
    let approval = &file.approval;
    found.longer_than_nothing("approval.lifetime", approval.lifetime);
    found.longer_than_nothing("approval.unanswered_within", approval.unanswered_within);
    let ten_minutes = std::time::Duration::from_secs(600);
    found.unless(
        approval.lifetime.0 <= ten_minutes,
        "approval.lifetime",
        "a question that stays open longer than ten minutes is answered by somebody who forgot it",
        "write at most \"10m\"; 60 s is the default",
    );
    for (path, number) in [
        ("approval.asked_per_network", approval.asked_per_network),
        ("approval.per_user", u32::try_from(approval.per_user).unwrap_or(u32::MAX)),
        ("approval.unanswered", approval.unanswered),
        ("approval.wrong_answers", approval.wrong_answers),
    ] {
        found.unless(number > 0, path, "with none nobody could ever approve anything", "write 1 or more");
    }
}

/// a minute unless it is said; a form that stays open for long protects nothing.
fn login_protect(file: &File, found: &mut Complaints) {
    let window = file.login_protect.window.0;
    found.unless(
        (std::time::Duration::from_secs(1)..=std::time::Duration::from_secs(600)).contains(&window),
        "login_protect.window",
        "a login form is open for a moment: from 1 second to 10 minutes",
        "write a length in between; \"60s\" is the default",
    );
}

fn portal(file: &File, found: &mut Complaints) {
    apps::address_of("portal.url", &file.portal.url, "https://auth.example.com", found);
}

fn trust(file: &File, found: &mut Complaints) {
    let names = [
        ("trust", file.trust.keys().collect::<Vec<_>>()),
        ("policy", file.policy.keys().collect()),
        ("directory", file.directory.keys().collect()),
        ("acme", file.acme.keys().collect()),
    ];
    for (kind, names) in names {
        for name in names.into_iter().filter(|name| name.is_empty() || !name.chars().all(is_name)) {
            found.say(format!("{kind}.\"{name}\""), format!("`{name}` is not a name"), "use letters, digits, `-` and `_`");
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

fn lifetimes(file: &File, found: &mut Complaints) {
    let (session, regulation) = (&file.session, &file.regulation);
    for (path, length) in [
        ("session.absolute", session.absolute),
        ("session.idle", session.idle),
        ("session.browser", session.browser),
        ("session.fresh", session.fresh),
        ("session.recheck", session.recheck),
        ("regulation.window", regulation.window),
        ("regulation.lock", regulation.lock),
        ("regulation.longest_delay", regulation.longest_delay),
        ("password.queue", file.password.queue),
        ("limits.handshake", file.limits.handshake),
        ("limits.head_within", file.limits.head_within),
        ("limits.idle", file.limits.idle),
        ("limits.connect_within", file.limits.connect_within),
        ("limits.transaction_within", file.limits.transaction_within),
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

fn secrets(file: &File, found: &mut Complaints) {
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

fn outgoing_mail(mail: &Mail, found: &mut Complaints) {
    let host = mail.host.trim_matches(['[', ']']);
    let is_open = mail.security == MailSecurity::Plain && !is_this_machine(host);
    found.unless(
        !is_open || !mail.plain_networks.is_empty(),
        "mail.security",
        "`plain` is for a relay on this machine only: invitations would travel readable",
        "write \"starttls\" or \"tls\", or list the network of a relay that has neither in `mail.plain_networks`",
    );
    found.unless(
        !is_open || mail.plain_networks.is_empty() || mail.user.is_none(),
        "mail.user",
        "with `plain` the password would travel readable",
        "write \"starttls\" or \"tls\", or use a relay that wants no password from this address",
    );
    found.unless(
        mail.security == MailSecurity::Plain || mail.plain_networks.is_empty(),
        "mail.plain_networks",
        "it means something beside `security = \"plain\"` alone",
        "remove it: over TLS the relay may be anywhere",
    );
    found.unless(
        mail.security != MailSecurity::Plain || mail.authority.is_none(),
        "mail.authority",
        "nothing is verified with `plain`",
        "write \"starttls\" or \"tls\" for `mail.security`",
    );
    for (place, CidrBlock(network)) in mail.plain_networks.iter().enumerate() {
        if network.prefix_len() == 0 {
            let help = "list the network that the relay is in, as in \"10.1.0.0/16\"";
            found.say(format!("mail.plain_networks[{place}]"), format!("{network} is every network there is"), help);
        }
    }
    if let Ok(address) = host.parse::<IpAddr>() {
        let is_listed = mail.plain_networks.iter().any(|network| network.0.contains(&address));
        found.unless(
            !is_open || mail.plain_networks.is_empty() || is_listed,
            "mail.plain_networks",
            "the relay's own address is not in it",
            "list the network that the relay is in",
        );
    }
    found.unless(!host.trim().is_empty(), "mail.host", "it names no host", "the relay's name, as in \"smtp.example.com\"");
    found.unless(mail.port != 0, "mail.port", "0 is not a port", "587 for starttls, 465 for tls");
    found.unless(
        mail.from.parse::<lettre::message::Mailbox>().is_ok(),
        "mail.from",
        "it is not a sender",
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

fn limits(file: &File, found: &mut Complaints) {
    let limits = &file.limits;
    for (path, count, least) in [
        ("limits.header_fields", limits.header_fields, 16),
        ("limits.h2_streams", limits.h2_streams as usize, 1),
        ("limits.connections_per_peer", limits.connections_per_peer, 1),
        ("limits.connections", limits.connections, 1),
        ("limits.transactions", limits.transactions, 8),
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
        ("limits.h2_requests", limits.h2_requests, super::units::Size::kib(256)),
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
    found.unless(
        limits.h2_requests <= limits.h2_requests_all,
        "limits.h2_requests",
        "it is larger than `limits.h2_requests_all`",
        "raise that, or lower this",
    );
}

fn log_level(level: &str, found: &mut Complaints) {
    const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];
    let help = "write a level, or levels by module: \"info,sekisho::gateway=debug\"";
    for directive in level.split(',').map(str::trim).filter(|directive| !directive.contains(['=', '['])) {
        if !LEVELS.contains(&directive) {
            let meant = did_you_mean(directive, LEVELS).map(|meant| format!("did you mean `{meant}`? "));
            let help = format!("{}{help}", meant.unwrap_or_default());
            found.say("log.level", format!("`{directive}` is not a level"), help);
            return;
        }
    }
    if let Err(error) = tracing_subscriber::EnvFilter::builder().parse(level) {
        found.say("log.level", format!("`{level}` is not a filter: {error}"), help);
    }
}

pub(super) fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
}

/// Whether two checks are both demanded without exception.
fn required(mode: Option<DemandMode>) -> bool {
    mode == Some(DemandMode::Require)
}

/// The mode of a check that may not be named.
fn mode<T>(said: Option<&super::demands::SourcedDemand<'_, T>>, of: impl Fn(&T) -> DemandMode) -> Option<DemandMode> {
    said.map(|said| of(said.demand))
}

/// Used by [`policies`].
type CheckedPart<'a> = (String, Merged<'a>);

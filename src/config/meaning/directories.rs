//! What directories mean: servers that are asked over TLS and by name, and users that can be found.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use ldap3::parse_filter;
use url::{Host, Url};

use super::Complaints;
use crate::config::schema::{DirectoryKind, DirectorySection, File};
use crate::principal::user::GroupName;

/// Characters that a login name of Active Directory cannot have, beside those that no name of ours has.
const FORBIDDEN: &str = "\"/\\[]:;|=,+*?<>@";

pub(super) fn look(file: &File, found: &mut Complaints) {
    for (place, (name, directory)) in file.directory.iter().enumerate() {
        let key = |key: &str| format!("directory.{name}.{key}");
        names(&key, directory, found);
        let earlier = file.directory.values().take(place);
        let is_taken = |earlier: &DirectorySection| earlier.user_name.eq_ignore_ascii_case(&directory.user_name);
        found.unless(
            !earlier.clone().any(is_taken),
            &key("user_name"),
            "another directory calls its people so: whose a name is must be plain from the name",
            &format!("write user_name = \"{{user}}@{name}.example\", and name users of this directory so"),
        );
        servers(&key("urls"), directory, found);
        discovery(&key, directory, found);
        entries(&key, directory, found);
        for (place, pin) in directory.pins.iter().enumerate() {
            let digits = pin.chars().filter(|c| *c != ':').collect::<String>();
            found.unless(
                digits.len() == 64 && digits.chars().all(|c| c.is_ascii_hexdigit()),
                &format!("directory.{name}.pins[{place}]"),
                "it is not the SHA-256 of a certificate",
                "write what `openssl x509 -noout -fingerprint -sha256 -in server.pem` says behind the `=`",
            );
        }
        let every = directory.sync_every.map(|every| every.0);
        found.unless(
            every.is_none() || (directory.bind_as.is_some() && every >= Some(Duration::from_secs(60))),
            &key("sync_every"),
            "it needs `bind_as`, an account that may read all people, and is a minute at least",
            "write `bind_as` and `bind_password_file`, and for example sync_every = \"10m\"",
        );
        found.unless(
            every.is_some() || !directory.create_users,
            &key("create_users"),
            "users are made when all people are read, and nothing says how often",
            "write for example sync_every = \"10m\"",
        );
        found.longer_than_nothing(&key("connect_within"), directory.connect_within);
        found.longer_than_nothing(&key("answer_within"), directory.answer_within);
        found.unless(
            (1..=1024).contains(&directory.at_once),
            &key("at_once"),
            "it must be from 1 to 1024",
            "leave the key out for the default",
        );
    }
}

/// How people are called, there and here.
fn names(key: &dyn Fn(&str) -> String, directory: &DirectorySection, found: &mut Complaints) {
    match &directory.upn_suffix {
        Some(suffix) => {
            let is_domain = Host::parse(suffix).is_ok_and(|host| matches!(host, Host::Domain(_)));
            found.unless(
                is_domain && suffix.contains('.') && !suffix.starts_with(['@', '.']) && !suffix.ends_with('.'),
                &key("upn_suffix"),
                "it is not a domain",
                "write what stands behind the `@`, as in \"corp.example\"",
            );
        }
        None => found.unless(
            directory.kind != DirectoryKind::ActiveDirectory,
            &key("upn_suffix"),
            "Active Directory binds people by `name@suffix`, and the suffix is not named",
            "write what stands behind the `@`, as in \"corp.example\"",
        ),
    }
    let login = &directory.login_name;
    let around = login.split("{user}").collect::<Vec<_>>();
    let is_free = |c: char| match directory.kind {
        DirectoryKind::ActiveDirectory => !FORBIDDEN.contains(c),
        _ => true,
    };
    found.unless(
        around.len() == 2 && around.concat().chars().all(|c| is_free(c) && !c.is_control() && !"{}".contains(c)),
        &key("login_name"),
        "it must hold `{user}` once, and nothing that a login name cannot have",
        "as in \"{user}\" or \"x-{user}\"; what stands behind the `@` is `upn_suffix`",
    );
    let behind = directory.user_name.strip_prefix("{user}");
    let is_suffix = |behind: &str| {
        behind.starts_with('@')
            && behind.len() > 1
            && behind.chars().skip(1).all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_'))
    };
    found.unless(
        behind.is_some_and(|behind| behind.is_empty() || is_suffix(behind)),
        &key("user_name"),
        "it must be `{user}`, or `{user}` with `@` and a domain in small letters behind it",
        "as in \"{user}@partner.example\"",
    );
    found.unless(
        directory.domain.as_deref().is_none_or(|domain| !domain.trim().is_empty() && domain.chars().count() <= 64),
        &key("domain"),
        "it is empty, or longer than 64 characters",
        "write what people call it, as in \"corp.example\"",
    );
}

/// Where entries are, and how they are found.
fn entries(key: &dyn Fn(&str) -> String, directory: &DirectorySection, found: &mut Complaints) {
    let not_a_name = "it is not a distinguished name";
    found.unless(is_name(&directory.base), &key("base"), not_a_name, "as in \"DC=corp,DC=example\"");
    let base = directory.group_base.as_deref();
    found.unless(base.is_none_or(is_name), &key("group_base"), not_a_name, "as in \"ou=groups,dc=example,dc=org\"");
    for (group, dns) in &directory.groups {
        let path = format!("{}.{group}", key("groups"));
        found.unless(
            GroupName::parse(group).is_ok_and(|name| name.as_str() == group),
            &path,
            "it is no name of a group",
            "write the name of a group of ours in small letters",
        );
        found.unless(
            !dns.is_empty() && dns.iter().all(|dn| is_name(dn)),
            &path,
            not_a_name,
            "as in [\"CN=Staff,DC=corp,DC=example\"]",
        );
    }
    let is_ad = directory.kind == DirectoryKind::ActiveDirectory;
    match &directory.user_dn {
        Some(_) if is_ad => {
            found.say(
                key("user_dn"),
                "Active Directory binds people by their name",
                "leave the key out; `upn_suffix` is what counts",
            );
        }
        Some(pattern) => found.unless(
            pattern.matches("{user}").count() == 1 && is_name(&pattern.replace("{user}", "x")),
            &key("user_dn"),
            "it must be a distinguished name that holds `{user}` once",
            "as in \"uid={user},ou=people,dc=example,dc=org\"",
        ),
        None => found.unless(
            is_ad || directory.bind_as.is_some(),
            &key("user_dn"),
            "nothing says which entry a name belongs to",
            "write user_dn = \"uid={user},ou=people,…\", or `bind_as` and `bind_password_file` for an account that looks for it",
        ),
    }
    found.unless(
        directory.bind_as.is_some() == directory.bind_password_file.is_some(),
        &key("bind_password_file"),
        "`bind_as` and `bind_password_file` go together",
        "name the account and the file with its password, or neither",
    );
    let account = directory.bind_as.as_deref();
    found.unless(
        account.is_none_or(|account| !account.is_empty() && (is_name(account) || (is_ad && account.contains(['@', '\\'])))),
        &key("bind_as"),
        not_a_name,
        "as in \"cn=sekisho,ou=services,dc=example,dc=org\"",
    );
    for (name, attribute) in [("login_attribute", &directory.login_attribute), ("id_attribute", &directory.id_attribute)] {
        let is_attribute = |text: &str| {
            text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        };
        found.unless(
            attribute.as_deref().is_none_or(is_attribute),
            &key(name),
            "it is no name of an attribute",
            "as in \"uid\", without options",
        );
    }
    let filter = directory.people_filter.as_deref();
    found.unless(
        filter.is_none_or(|filter| filter.starts_with('(') && parse_filter(filter).is_ok()),
        &key("people_filter"),
        "it is no LDAP filter (RFC 4515)",
        "as in \"(objectClass=inetOrgPerson)\"",
    );
}

/// Whether a text is a distinguished name with at least one part; a comma behind a backslash belongs to a value (RFC 4514).
fn is_name(text: &str) -> bool {
    let mut parts = vec![String::new()];
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            ',' | '+' => parts.push(String::new()),
            '\\' => match rest.next() {
                // What stands behind it belongs to the value.
                Some(_) => parts.iter_mut().next_back().into_iter().for_each(|part| part.push('x')),
                None => return false,
            },
            c => parts.iter_mut().next_back().into_iter().for_each(|part| part.push(c)),
        }
    }
    parts.iter().all(|part| part.split_once('=').is_some_and(|(kind, value)| is_kind(kind) && !value.trim().is_empty()))
}

fn is_kind(kind: &str) -> bool {
    let kind = kind.trim();
    kind.starts_with(|c: char| c.is_ascii_alphanumeric())
        && kind.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'))
}

fn servers(path: &str, directory: &DirectorySection, found: &mut Complaints) {
    found.unless(
        !directory.urls.is_empty() || directory.srv.is_some(),
        path,
        "it names no server",
        "as in [\"ldaps://dc1.corp.example\"], or write srv = \"corp.example\" for those that DNS names",
    );
    for (place, text) in directory.urls.iter().enumerate() {
        let path = format!("{path}[{place}]");
        let help = "write \"ldaps://dc1.corp.example\", or \"ldap://dc1.corp.example\" for StartTLS";
        let Ok(url) = text.parse::<Url>() else {
            found.say(path, format!("`{text}` is not an address"), help);
            continue;
        };
        let is_bare = url.username().is_empty()
            && url.password().is_none()
            && matches!(url.path(), "" | "/")
            && url.query().is_none()
            && url.fragment().is_none();
        if !matches!(url.scheme(), "ldaps" | "ldap") {
            found.say(path, format!("`{}` is not spoken with a directory", url.scheme()), help);
        } else if url.host_str().is_none_or(str::is_empty) {
            found.say(path, "it names no host", help);
        } else if url.host_str().is_some_and(|host| host.starts_with('[')) {
            found.say(path, "a server is asked by its name or its IPv4 address", help);
        } else if !is_bare {
            found.say(path, "an address of a directory has scheme, host and port only", help);
        } else if directory.urls.iter().take(place).any(|earlier| earlier == text) {
            found.say(path, "it is named twice", "name each server once");
        }
    }
}

/// Servers that DNS names.
fn discovery(key: &dyn Fn(&str) -> String, directory: &DirectorySection, found: &mut Complaints) {
    let help = "write a domain, as in \"corp.example\", or a whole record, as in \"_ldaps._tcp.corp.example\"";
    if let Some(text) = &directory.srv {
        found.unless(
            directory.urls.is_empty(),
            &key("srv"),
            "servers come from `urls` or from DNS, and not from both",
            "leave one of the two keys out",
        );
        found.unless(is_record(text), &key("srv"), "it is neither a domain nor an SRV record of LDAP", help);
    }
    found.unless(
        directory.dns.is_empty() || directory.srv.is_some(),
        &key("dns"),
        "DNS servers are asked for `srv` alone, and there is none",
        "leave the key out, or write srv = \"corp.example\" instead of `urls`",
    );
    for (place, text) in directory.dns.iter().enumerate() {
        found.unless(
            text.parse::<IpAddr>().is_ok() || text.parse::<SocketAddr>().is_ok(),
            &format!("{}[{place}]", key("dns")),
            "it is not the address of a DNS server",
            "as in \"10.0.0.53\" or \"10.0.0.53:5353\"",
        );
    }
}

/// `corp.example`, or labels with underscores in front of it that begin with `_ldap._tcp` or `_ldaps._tcp`.
fn is_record(text: &str) -> bool {
    let text = text.trim_end_matches('.');
    let labels: Vec<&str> = text.split('.').collect();
    let is_label = |label: &&str| {
        (1..=63).contains(&label.len()) && label.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
    };
    let of_domain = labels.iter().rev().take_while(|label| !label.starts_with('_')).count();
    let is_service = of_domain == labels.len()
        || matches!(labels.as_slice(), [one, two, ..] if ["_ldap", "_ldaps"].iter().any(|name| one.eq_ignore_ascii_case(name)) && two.eq_ignore_ascii_case("_tcp"));
    text.len() <= 200 && of_domain >= 2 && is_service && labels.iter().all(is_label)
}

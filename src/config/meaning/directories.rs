//! What directories mean: servers that are asked over TLS and by name, and users that can be found.

use url::{Host, Url};

use super::Complaints;
use crate::config::schema::{DirectorySection, File};

/// Characters that a login name of Active Directory cannot have, beside those that no name of ours has.
const FORBIDDEN: &str = "\"/\\[]:;|=,+*?<>@";

pub(super) fn look(file: &File, found: &mut Complaints) {
    for (place, (name, directory)) in file.directory.iter().enumerate() {
        let key = |key: &str| format!("directory.{name}.{key}");
        if place > 0 {
            found.say(
                format!("directory.{name}"),
                "this build asks one directory",
                "several servers of the same directory are `urls`; keep one table",
            );
        }
        servers(&key("urls"), directory, found);
        let suffix = &directory.upn_suffix;
        let is_domain = Host::parse(suffix).is_ok_and(|host| matches!(host, Host::Domain(_)));
        found.unless(
            is_domain && suffix.contains('.') && !suffix.starts_with(['@', '.']) && !suffix.ends_with('.'),
            &key("upn_suffix"),
            "it is not a domain",
            "write what stands behind the `@`, as in \"corp.example\"",
        );
        found.unless(
            directory
                .base
                .split(',')
                .all(|part| part.split_once('=').is_some_and(|(kind, value)| is_kind(kind) && !value.is_empty())),
            &key("base"),
            "it is not a distinguished name",
            "as in \"DC=corp,DC=example\"",
        );
        let login = &directory.login_name;
        let around = login.split("{user}").collect::<Vec<_>>();
        found.unless(
            around.len() == 2 && !around.concat().contains(|c: char| FORBIDDEN.contains(c) || c.is_control() || "{}".contains(c)),
            &key("login_name"),
            "it must hold `{user}` once, and nothing that a login name cannot have",
            "as in \"{user}\" or \"x-{user}\"; what stands behind the `@` is `upn_suffix`",
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

fn is_kind(kind: &str) -> bool {
    let kind = kind.trim();
    kind.starts_with(|c: char| c.is_ascii_alphabetic()) && kind.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

fn servers(path: &str, directory: &DirectorySection, found: &mut Complaints) {
    found.unless(!directory.urls.is_empty(), path, "it names no server", "as in [\"ldaps://dc1.corp.example\"]");
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

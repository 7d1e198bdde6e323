//! What header fields mean that a config names: those that carry identities, and those let through from a client.

use super::Complaints;
use crate::config::field_names::{self, Says};
use crate::config::schema::{AppSection, File, Identity};

/// Fields that reach an app although a proxy alone may say them.
pub(super) fn let_through(file: &File, place: usize, app: &AppSection, found: &mut Complaints) {
    for (of_app, name) in app.pass_headers.iter().enumerate() {
        let path = format!("app[{place}].pass_headers[{of_app}]");
        let known = field_names::known(name.to_ascii_lowercase().as_bytes());
        let is_framing = FRAMING.iter().any(|framing| field_names::same(framing.as_bytes(), name.as_bytes()));
        if http::HeaderName::from_bytes(name.as_bytes()).is_err() {
            found.say(path, format!("`{name}` is not a header name"), "use letters, digits and `-`, as in \"X-Real-IP\"");
        } else if app.forward_auth {
            let help = "let the other proxy hand it on, or remove it here";
            found.say(path, "with `forward_auth = true` another proxy forwards; nothing is let through here", help);
        } else if app.pass_headers.iter().take(of_app).any(|earlier| earlier.eq_ignore_ascii_case(name)) {
            found.say(path, format!("`{name}` is named twice"), "name each once");
        } else if is_written_here(file, name) {
            let help = "the app finds it there already; choose another name under `identity` if it means something else to it";
            found.say(path, format!("the gateway writes `{name}` itself: a client's would stand in its place"), help);
        } else if is_framing || known.is_some_and(|known| matches!(known.says, Says::Message | Says::Connection)) {
            let message = format!("`{name}` belongs to the message or the connection itself, or is read as such a field");
            found.say(path, message, "remove it: no app gets it from a client in that way");
        } else if let Some(known) = known {
            let divided = !app.rule.is_empty() || !app.transaction.is_empty();
            if divided && matches!(known.says, Says::Method | Says::Target) {
                let message =
                    format!("`{name}` says {}: what rules and transactions judged would not be done", known.says.words());
                found.say(path, message, "remove it, or put what needs it on a host of its own, without rules and transactions");
            }
        } else {
            found.say(
                path,
                format!("`{name}` reaches every app as it comes"),
                "remove it; docs/header-fields.md names those that do not",
            );
        }
    }
}

/// Whether the gateway sets a field of this name, for this app or another.
pub(super) fn is_written_here(file: &File, name: &str) -> bool {
    let same = |other: &str| field_names::same(other.as_bytes(), name.as_bytes());
    let identities = std::iter::once(&file.identity).chain(file.app.iter().filter_map(|app| app.identity.as_ref()));
    let mut own = identities.flat_map(|names| [&names.user, &names.groups, &names.email, &names.name]).flatten();
    field_names::normal_form(name.as_bytes()).take(8).eq(*b"sekisho-")
        || WRITTEN.into_iter().any(same)
        || own.any(|own| same(own))
}

pub(super) fn identity_names(path: &str, identity: &Identity, found: &mut Complaints) {
    let named = [("user", &identity.user), ("groups", &identity.groups), ("email", &identity.email), ("name", &identity.name)];
    // Those that the preset names where the config does not.
    let rest = named.iter().zip(identity.preset.names()).filter(|((_, own), _)| own.is_none());
    let mut taken: Vec<String> = rest.map(|(_, preset)| preset.to_owned()).collect();
    for (key, header) in named.into_iter().filter_map(|(key, header)| header.as_ref().map(|header| (key, header))) {
        let path = format!("{path}.{key}");
        let normal = header.to_ascii_lowercase();
        if http::HeaderName::from_bytes(header.as_bytes()).is_err() || header.contains('_') {
            found.say(path, format!("`{header}` is not a header name"), "use letters, digits and `-`, as in \"Remote-User\"");
        } else if SPOKEN_FOR.contains(&normal.as_str()) || normal.starts_with("sekisho-") {
            found.say(path, format!("`{header}` means something else already"), "choose another name, as \"Remote-User\"");
        } else if taken.contains(&normal) {
            found.say(path, format!("`{header}` is used twice"), "give each its own header");
        } else {
            taken.push(normal);
        }
    }
    found.unless(
        identity.client_cert || !identity.client_cert_chain,
        &format!("{path}.client_cert_chain"),
        "the chain is never sent without the certificate",
        "write `client_cert = true` beside it, or remove it",
    );
    for (place, pattern) in identity.send_groups.iter().enumerate() {
        let beginning = pattern.strip_suffix('*').unwrap_or(pattern);
        let is_all = pattern == "*";
        if !is_all && (beginning.trim() != beginning || beginning.is_empty() || beginning.contains(['*', ','])) {
            let message = format!("{pattern:?} is neither the name of a group nor its beginning with `*` behind");
            found.say(format!("{path}.send_groups[{place}]"), message, "write \"staff\", or \"wiki-*\" for all that begin so");
        }
    }
    found.unless(
        (64..=64 * 1024).contains(&identity.groups_within.0),
        &format!("{path}.groups_within"),
        "it must be from 64B to 64KiB",
        "many servers take a field of 8KiB at most, and a whole head of 16KiB",
    );
}

/// Header fields that carry the message itself, or that this gateway writes for other reasons.
const SPOKEN_FOR: [&str; 23] = [
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
    "x-forwarded-port",
    "x-forwarded-proto",
    "x-request-id",
    "via",
    "date",
    "client-cert",
    "client-cert-chain",
];

/// Fields that the gateway writes of every request, beside those of `[identity]`.
const WRITTEN: [&str; 16] = [
    "forwarded",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-port",
    "x-forwarded-proto",
    "x-request-id",
    "client-cert",
    "client-cert-chain",
    // The presets of `[identity]`, whichever is chosen.
    "remote-user",
    "remote-groups",
    "remote-email",
    "remote-name",
    "x-forwarded-user",
    "x-forwarded-groups",
    "x-forwarded-email",
    "x-forwarded-preferred-username",
];

/// Fields that frame a message or are about its connection, beside those in the table.
const FRAMING: [&str; 5] = ["connection", "cookie", "expect", "host", "upgrade"];

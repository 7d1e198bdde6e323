//! What the gateway's own certificates mean: each is of files or issued by authorities, for names that those can prove.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use url::Url;

use super::Complaints;
use crate::config::schema::{AcmeSection, File, TlsCertificate};

/// No authority puts more names into one certificate.
const NAMES: usize = 100;

pub(super) fn look(file: &File, found: &mut Complaints) {
    for (name, section) in &file.acme {
        authority(&|key| format!("acme.{name}.{key}"), section, found);
    }
    let mut taken = BTreeMap::new();
    for (place, certificate) in file.tls.certificate.iter().enumerate() {
        let key = |key: &str| format!("tls.certificate[{place}].{key}");
        if certificate.acme.is_empty() {
            of_files(&key, certificate, found);
            continue;
        }
        issued(&key, certificate, file, found);
        let names: BTreeSet<String> = certificate.names.iter().map(|name| normal(name)).collect();
        if let Some(first) = taken.insert(names, place) {
            found.say(
                key("names"),
                "another certificate has the same names",
                format!("`tls.certificate[{first}]` has them already"),
            );
        }
    }
}

fn authority(key: &impl Fn(&str) -> String, section: &AcmeSection, found: &mut Complaints) {
    let is_address = section.directory.parse::<Url>().is_ok_and(|url| url.scheme() == "https" && url.host_str().is_some());
    found.unless(
        is_address,
        &key("directory"),
        "it is not the https address of a directory",
        "as in \"https://acme-v02.api.letsencrypt.org/directory\"",
    );
    found.unless(
        section.agree_to_terms,
        &key("agree_to_terms"),
        "no authority gives an account to somebody who does not agree to its terms of service",
        "read them, and write `agree_to_terms = true`",
    );
    for (place, contact) in section.contact.iter().enumerate() {
        found.unless(
            contact.parse::<lettre::Address>().is_ok(),
            &key(&format!("contact[{place}]")),
            "it is not a mail address",
            "as in \"admin@example.com\"",
        );
    }
    found.unless(
        section.eab_key_id.is_some() == section.eab_key_file.is_some(),
        &key(if section.eab_key_id.is_some() { "eab_key_id" } else { "eab_key_file" }),
        "an external account binding is a key id and a key",
        "write both `eab_key_id` and `eab_key_file`, as the authority gave them out",
    );
    let fits = |profile: &String| !profile.is_empty() && profile.bytes().all(|byte| byte.is_ascii_graphic());
    found.unless(
        section.profile.as_ref().is_none_or(fits),
        &key("profile"),
        "it is not the name of a profile",
        "as in \"shortlived\"; the authority's directory lists those that it knows",
    );
}

fn of_files(key: &impl Fn(&str) -> String, certificate: &TlsCertificate, found: &mut Complaints) {
    for (name, path) in [("chain", &certificate.chain), ("key", &certificate.key)] {
        let is_named = path.as_ref().is_some_and(|path| !path.as_os_str().is_empty());
        found.unless(
            is_named,
            &key(name),
            "it names no file",
            "write the path of a PEM file; or name an authority in `acme`, which issues the certificate",
        );
    }
    let alone = "it belongs to a certificate that an authority issues";
    let help = "name the authority in `acme`, or leave it out: a certificate of files has its names in it";
    found.unless(certificate.names.is_empty(), &key("names"), alone, help);
    found.unless(certificate.challenge.is_none(), &key("challenge"), alone, help);
}

fn issued(key: &impl Fn(&str) -> String, certificate: &TlsCertificate, file: &File, found: &mut Complaints) {
    let mut directories = BTreeMap::new();
    for (place, name) in certificate.acme.iter().enumerate() {
        let path = key(&format!("acme[{place}]"));
        let Some(section) = file.acme.get(name) else {
            let known = file.acme.keys().map(String::as_str);
            found.unknown(path, "authority", name, known, "write `[acme.NAME]` with `directory`");
            continue;
        };
        let directory = section.directory.parse::<Url>().map_or_else(|_| section.directory.clone(), |url| url.to_string());
        if let Some(first) = directories.insert(directory, name) {
            let help = "name another authority that is asked where the first one fails, or leave it out";
            found.say(path, format!("`{name}` is the same authority as `{first}`"), help);
        }
    }
    for (name, path) in [("chain", &certificate.chain), ("key", &certificate.key)] {
        found.unless(
            path.is_none(),
            &key(name),
            "a certificate is read from files or issued by an authority, not both",
            "leave `acme` out, or `chain` and `key`",
        );
    }
    found.unless(
        (1..=NAMES).contains(&certificate.names.len()),
        &key("names"),
        "an authority issues a certificate for 1 to 100 names",
        "write the hosts of `portal.url` and of the apps, as in [\"auth.example.com\", \"wiki.example.com\"]",
    );
    let mut taken = BTreeMap::new();
    for (place, name) in certificate.names.iter().enumerate() {
        let path = key(&format!("names[{place}]"));
        if let Some(first) = taken.insert(normal(name), place) {
            let help = format!("leave it out: it is the same name as `names[{first}]`");
            found.say(path, format!("`{name}` is named twice"), help);
            continue;
        }
        if name.starts_with("*.") {
            found.say(
                path,
                format!("`{name}` is proved by DNS alone, which is not built"),
                "write each name, or give a certificate of files",
            );
        } else if name.parse::<IpAddr>().is_err() && !is_host(name) {
            found.say(path, format!("`{name}` is neither a DNS name nor an IP address"), "as in \"auth.example.com\"");
        }
    }
}

/// A name in the one way in which names are compared: letters small, and an IP address in its shortest form (RFC 5952).
fn normal(name: &str) -> String {
    name.parse::<IpAddr>().map_or_else(|_| name.to_ascii_lowercase(), |address| address.to_string())
}

fn is_host(name: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    name.len() <= 253 && name.contains('.') && name.split('.').all(is_label)
}

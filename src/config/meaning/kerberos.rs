//! What `[kerberos]` means: realms, networks, and a rule that gives each account one user of its own.

use super::Complaints;
use crate::config::schema::{File, KerberosSection};

pub(super) fn look(file: &File, found: &mut Complaints) {
    let Some(kerberos) = &file.kerberos else { return };
    let KerberosSection { keytab, realm, networks, at_once, .. } = kerberos;
    found.unless(
        !keytab.as_os_str().is_empty(),
        "kerberos.keytab",
        "it names no file",
        "the file that `ktpass`, `ktadd` or `samba-tool domain exportkeytab` wrote",
    );
    found.unless(
        !networks.is_empty(),
        "kerberos.networks",
        "no browser would be asked for a ticket",
        "list the networks of the computers that have tickets, as in [\"10.0.0.0/8\"]",
    );
    found.unless((1..=64).contains(at_once), "kerberos.at_once", "it must be from 1 to 64", "leave the key out for the default");
    found.unless(
        !realm.is_empty(),
        "kerberos.realm",
        "tickets of no realm are taken",
        "write `[[kerberos.realm]]` with `name = \"CORP.EXAMPLE\"`",
    );
    for (place, one) in realm.iter().enumerate() {
        let key = |key: &str| format!("kerberos.realm[{place}].{key}");
        let name = &one.name;
        let is_name = !name.is_empty() && !name.contains(|c: char| c.is_control() || c.is_whitespace() || "@/\\:*".contains(c));
        found.unless(is_name, &key("name"), "it is not a realm", "as in \"CORP.EXAMPLE\": one realm, to the letter");
        if realm.iter().take(place).any(|earlier| earlier.name == *name) {
            found.say(key("name"), "it is named twice", "name each realm once");
        }
        let rest = one.user.replace("{realm}", "");
        let around = rest.split("{name}").collect::<Vec<_>>();
        let is_plain = |text: &str| text.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '@' | '+'));
        found.unless(
            around.len() == 2 && is_plain(&around.concat()),
            &key("user"),
            "it must hold `{name}` once, and beside it only `{realm}` and what a user name can have",
            "as in \"{name}\" or \"{name}@{realm}\"",
        );
        // `alice` of two realms is two people.
        let same = realm.iter().take(place).find(|earlier| earlier.user == one.user && !one.user.contains("{realm}"));
        if let Some(earlier) = same {
            found.say(
                key("user"),
                format!("an account of `{name}` would be the user of the account with the same name in `{}`", earlier.name),
                "write \"{name}@{realm}\" for one of them",
            );
        }
    }
}

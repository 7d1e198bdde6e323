//! What the approvals of an app mean: times that fit together, an address that a ping can reach, and certificates that name
//! one app alone.

use std::time::Duration;

use url::Url;

use super::Complaints;
use crate::config::schema::{AppCertificate, AppSection, File};

pub(super) fn look(file: &File, place: usize, app: &AppSection, found: &mut Complaints) {
    let Some(approvals) = &app.approvals else { return };
    let key = |key: &str| format!("app[{place}].approvals.{key}");
    found.longer_than_nothing(&key("lifetime"), approvals.lifetime);
    found.unless(
        approvals.longest.0 <= Duration::from_secs(600),
        &key("longest"),
        "a question that stays open longer than ten minutes is answered by somebody who forgot it",
        "write at most \"10m\"",
    );
    found.unless(
        approvals.lifetime <= approvals.longest,
        &key("lifetime"),
        "it is longer than `longest`, which the app itself could not ask for",
        "make it the shorter one",
    );
    let interval = (Duration::from_secs(1)..=Duration::from_secs(60)).contains(&approvals.interval.0);
    found.unless(
        interval && approvals.interval.0.subsec_nanos() == 0,
        &key("interval"),
        "it must be whole seconds, from 1 to 60",
        "\"5s\" is the default",
    );
    found.unless(approvals.per_minute > 0, &key("per_minute"), "with none the app could never ask", "write 1 or more");
    for (of_app, group) in approvals.groups.iter().enumerate() {
        let path = key(&format!("groups[{of_app}]"));
        found.unless(!group.trim().is_empty(), &path, "it names no group", "leave the key out for everybody");
    }
    if let Some(shown) = &approvals.certificate {
        certificate(file, place, shown, found);
    }
    if let Some(ping) = &approvals.ping {
        let plain = ping.endpoint.parse::<Url>().is_ok_and(|url| {
            url.scheme() == "https" && url.host_str().is_some() && url.username().is_empty() && url.password().is_none()
        });
        found.unless(
            plain && ping.endpoint.len() <= 2048 && !ping.endpoint.contains('#'),
            &key("ping.endpoint"),
            "it must be an `https://` address without a user",
            "as in \"https://bank.example.com/ciba\"",
        );
    }
}

fn certificate(file: &File, place: usize, shown: &AppCertificate, found: &mut Complaints) {
    let path = format!("app[{place}].approvals.certificate");
    found.unless(
        file.portal.mtls_url.is_some(),
        &path,
        "no host asks for a certificate that an app could show",
        "write `portal.mtls_url = \"https://mtls.example.com\"`: a host of its own, for apps alone",
    );
    found.unless(
        !shown.trust.is_empty(),
        &format!("{path}.trust"),
        "nobody stands behind such a certificate",
        "name one of `[trust]`",
    );
    for (of_trust, name) in shown.trust.iter().enumerate().filter(|(_, name)| !file.trust.contains_key(*name)) {
        let known = file.trust.keys().map(String::as_str);
        found.unknown(format!("{path}.trust[{of_trust}]"), "trust", name, known, &format!("write `[trust.{name}]`"));
    }
    found.unless(
        !shown.machines.is_empty(),
        &format!("{path}.machines"),
        "it names no machine",
        "as in [\"bank-backend\"]; a mapping of the authority with `to = \"machine\"`, or the register, names them",
    );
    let earlier = file.app.iter().take(place).filter_map(|app| Some((app, app.approvals.as_ref()?.certificate.as_ref()?)));
    for (of_machine, name) in shown.machines.iter().enumerate() {
        let path = format!("{path}.machines[{of_machine}]");
        found.unless(!name.trim().is_empty(), &path, "it names no machine", "as in \"bank-backend\"");
        // A certificate alone would not show for which of them it asks.
        if let Some((other, _)) = earlier.clone().find(|(_, other)| other.machines.contains(name)) {
            let help = format!("app `{}` has it already: give each app's backend a certificate of its own", other.name);
            found.say(path, format!("machine `{name}` would speak for two apps"), help);
        }
    }
}

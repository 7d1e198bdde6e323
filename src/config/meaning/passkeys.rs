//! What `[passkeys]` means: a domain that browsers accept as a relying party of the portal's page (WebAuthn §5.1.2), and
//! models that can be proved.

use std::time::Duration;

use url::{Host, Url};

use super::Complaints;
use crate::config::schema::{DemandMode, DemandsSection, File, OtpMethod, PasskeysSection, PrimaryMethod};

const SHORTEST: Duration = Duration::from_secs(30);
const LONGEST: Duration = Duration::from_secs(15 * 60);

pub(super) fn look(file: &File, found: &mut Complaints) {
    let passkeys = &file.passkeys;
    relying_party(file, passkeys, found);
    found.unless(
        (1..=100).contains(&passkeys.per_user),
        "passkeys.per_user",
        "it must be from 1 to 100",
        "leave the key out for the default, which is 10",
    );
    found.unless(
        (SHORTEST..=LONGEST).contains(&passkeys.lifetime.0),
        "passkeys.lifetime",
        "it must be from 30 seconds to 15 minutes",
        "leave the key out for the default, which is \"5m\"",
    );
    if passkeys.name.as_deref().is_some_and(|name| name.trim().is_empty() || name.chars().count() > 64) {
        found.say("passkeys.name", "a name has 1 to 64 characters", "leave the key out: `portal.title` is shown then");
    }
    match (&passkeys.attestation_authorities, passkeys.models.is_empty()) {
        (None, false) => found.say(
            "passkeys.models",
            "nothing proves which model an authenticator is: any program can claim an AAGUID",
            "give `passkeys.attestation_authorities` the certificates of the makers, or leave `models` out",
        ),
        (Some(_), true) => found.say(
            "passkeys.models",
            "attestation is demanded, and no model is named",
            "list the AAGUIDs of the models that you issue",
        ),
        _ => {}
    }
    for (place, model) in passkeys.models.iter().enumerate() {
        let path = format!("passkeys.models[{place}]");
        match model.parse::<uuid::Uuid>() {
            Ok(id) if id.is_nil() => {
                found.say(path, "this AAGUID names no model", "take the one that the maker publishes for the model");
            }
            Ok(_) if passkeys.models.iter().take(place).any(|earlier| earlier.eq_ignore_ascii_case(model)) => {
                found.say(path, "it is named twice", "name each model once");
            }
            Ok(_) => {}
            Err(_) => found.say(path, format!("`{model}` is not an AAGUID"), "as in \"2fc0579f-8113-47ea-b116-bb5a8db9202a\""),
        }
    }
}

fn relying_party(file: &File, passkeys: &PasskeysSection, found: &mut Complaints) {
    // Other complaints say what is wrong with an address that is none.
    let Ok(portal) = file.portal.url.parse::<Url>() else { return };
    if let (Some(Host::Ipv4(_) | Host::Ipv6(_)), true) = (portal.host(), file.approval.by_passkey) {
        found.say(
            "approval.by_passkey",
            "browsers make no passkey for an IP address, and `portal.url` has one",
            "give the portal a name in `portal.url`, or leave the key out",
        );
    }
    let help = "write the host of `portal.url` or a domain above it, as in \"example.com\"; or leave the key out";
    if let Some(rp_id) = &passkeys.rp_id {
        let path = "passkeys.rp_id";
        let is_domain = matches!(Host::parse(rp_id), Ok(Host::Domain(_)));
        let host = portal.host_str().unwrap_or_default();
        if rp_id.chars().any(|c| c.is_ascii_uppercase()) {
            found.say(path, "browsers refuse upper-case letters in it", help);
        } else if rp_id.contains(['/', ':']) {
            found.say(path, "it is a domain alone, without scheme, port or path", help);
        } else if rp_id.is_empty() || !is_domain || rp_id.starts_with('.') || rp_id.ends_with('.') {
            found.say(path, format!("`{rp_id}` is not a domain: browsers take no IP address here"), help);
        } else if host != rp_id && !host.strip_suffix(rp_id.as_str()).is_some_and(|rest| rest.ends_with('.')) {
            found.say(path, format!("`{rp_id}` is neither the host of `portal.url` nor a domain above it"), help);
        } else if host != rp_id && (!rp_id.contains('.') || rp_id == "localhost") {
            found.say(path, format!("`{rp_id}` is above all domains of its kind: browsers refuse it"), help);
        }
        return;
    }
    if let (Some(Host::Ipv4(_) | Host::Ipv6(_)), Some(asks)) = (portal.host(), asks(file)) {
        found.say(
            asks,
            "`passkey` cannot be used: browsers make no passkey for an IP address",
            "give the portal a name in `portal.url`; `https://localhost:8443` does for a trial",
        );
    }
}

/// The first place that accepts passkeys.
fn asks(file: &File) -> Option<String> {
    let apps = file.app.iter().enumerate().map(|(place, app)| (format!("app[{place}].demands"), Some(&app.demands)));
    let rules = file.app.iter().enumerate().flat_map(|(app, section)| {
        let named = move |(rule, part)| (format!("app[{app}].rule[{rule}].demands"), Some(part));
        section.rule.iter().map(|rule| &rule.demands).enumerate().map(named)
    });
    [
        ("portal.demands".to_owned(), Some(&file.portal.demands)),
        ("portal.admin_demands".to_owned(), file.portal.admin_demands.as_ref()),
        ("certificates.demands".to_owned(), file.certificates.demands.as_ref()),
    ]
    .into_iter()
    .chain(file.policy.iter().map(|(name, demands)| (format!("policy.{name}"), Some(demands))))
    .chain(apps)
    .chain(rules)
    .filter_map(|(path, demands)| Some((path, demands?)))
    .find_map(|(path, demands)| accepts(demands).map(|check| format!("{path}.{check}.methods")))
}

fn accepts(demands: &DemandsSection) -> Option<&'static str> {
    let primary = demands.primary_factor.as_ref().filter(|demand| demand.mode != DemandMode::Off);
    let otp = demands.otp.as_ref().filter(|demand| demand.mode != DemandMode::Off);
    match (primary, otp) {
        (Some(demand), _) if demand.methods.contains(&PrimaryMethod::Passkey) => Some("primary_factor"),
        (_, Some(demand)) if demand.methods.contains(&OtpMethod::Passkey) => Some("otp"),
        _ => None,
    }
}

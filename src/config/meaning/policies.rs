//! What policies mean: methods that this build has, demands that can be met, names that exist; and no app that stands
//! open because nobody said what it demands.

use http::Method;

use super::{CheckedPart, Complaints, mode, required};
use crate::config::demands::Merged;
use crate::config::schema::{
    AdditionSection, CertificateDemandScope, ClientCertificateDemand, DemandMode, DemandedBinding, DemandsSection,
    DesktopSsoDemand, DesktopSsoMode, File, PrimaryMethod, SessionBinding, UnreachableDemand,
};

pub(super) fn look(file: &File, found: &mut Complaints) {
    for (name, demands) in &file.policy {
        let path = format!("policy.{name}");
        each(file, &path, demands, found);
        found.unless(
            !Merged::of("", demands).is_silent(),
            &path,
            "this policy names no check, so everybody would pass",
            "name a check; if everybody shall pass, say so: `primary_factor = { mode = \"off\" }`",
        );
    }
    portal(file, found);
    for (place, app) in file.app.iter().enumerate() {
        let path = format!("app[{place}]");
        named(file, &path, app.policy.as_deref(), found);
        each(file, &format!("{path}.demands"), &app.demands, found);
        let merged = file.app_demands(place);
        if merged.is_silent() && app.policy.is_none() {
            found.say(
                &path,
                format!("app `{}` demands nothing, so everybody would pass", app.name),
                "name a policy: `policy = \"…\"`; if everybody shall pass, say so: `demands.primary_factor = { mode = \"off\" }`",
            );
        }
        together(&(path.clone(), merged), found);
        for (rule_place, rule) in app.rule.iter().enumerate() {
            let path = format!("{path}.rule[{rule_place}]");
            named(file, &path, rule.policy.as_deref(), found);
            each(file, &format!("{path}.demands"), &rule.demands, found);
            found.unless(
                rule.policy.is_some() || rule.demands.number_style.is_some() || !Merged::of("", &rule.demands).is_silent(),
                &path,
                "this rule changes nothing",
                "give it a `policy` or `demands`, or remove it",
            );
            found.unless(
                !rule.paths.is_empty(),
                &format!("{path}.paths"),
                "a rule without a path never holds",
                "as in [\"/admin/**\"]",
            );
            for (method_place, method) in rule.methods.iter().enumerate() {
                known_method(&format!("{path}.methods[{method_place}]"), method, found);
            }
            together(&(path, file.rule_demands(place, rule_place)), found);
        }
    }
    additions(file, found);
}

fn portal(file: &File, found: &mut Complaints) {
    each(file, "portal.demands", &file.portal.demands, found);
    let merged = file.portal_demands();
    if required(mode(merged.primary_factor.as_ref(), |demand| demand.mode)) {
        together(&("portal.demands".to_owned(), merged), found);
    } else {
        found.say(
            "portal.demands.primary_factor.mode",
            "the portal must require a primary factor: accounts are changed there",
            "remove it: `require` is the default",
        );
    }
    if let Some(demands) = &file.portal.admin_demands {
        each(file, "portal.admin_demands", demands, found);
        for (path, mode) in modes(&Merged::of("portal.admin_demands", demands)) {
            let help = "the administration demands all that the portal does and never less; it is weakened under `[portal.demands]` alone";
            found.unless(mode != DemandMode::Off, &path, "`off` for the administration changes nothing", help);
        }
        no_grace("portal.admin_demands", demands, found);
    }
    certificates(file, found);
    let admin = file.portal.admin_demands.as_ref().and_then(|demands| demands.client_certificate.as_ref());
    for (path, demand) in [
        ("portal.demands.client_certificate", file.portal.demands.client_certificate.as_ref()),
        ("portal.admin_demands.client_certificate", admin),
    ] {
        found.unless(
            demand.is_none_or(|demand| demand.mode == DemandMode::Off),
            path,
            "the portal never asks a browser for a certificate",
            "demand it of the apps; people of every app sign in here",
        );
    }
}

/// Neither the administration nor the page of own certificates is open to who has no second factor yet.
fn no_grace(path: &str, demands: &DemandsSection, found: &mut Complaints) {
    found.unless(
        demands.otp.as_ref().is_none_or(|otp| otp.grace.is_none()),
        &format!("{path}.otp.grace"),
        "nobody passes here in a time without a second factor",
        "take it out; under `[portal.demands]` it opens the account pages, on which nothing can be changed in that time",
    );
}

/// Where users fetch their own certificates, and when they are reminded of the end.
fn certificates(file: &File, found: &mut Complaints) {
    if let Some(demands) = &file.certificates.demands {
        each(file, "certificates.demands", demands, found);
        for (path, mode) in modes(&Merged::of("certificates.demands", demands)) {
            let help = "this page demands all that the portal does and never less; it is weakened under `[portal.demands]` alone";
            found.unless(mode != DemandMode::Off, &path, "`off` for the page of own certificates changes nothing", help);
        }
        no_grace("certificates.demands", demands, found);
        found.unless(
            demands.client_certificate.is_none(),
            "certificates.demands.client_certificate",
            "who fetches a certificate has none yet, so nobody could",
            "demand a network, or more of the sign-in",
        );
    }
    let days = &file.certificates.remind_days;
    for (place, day) in days.iter().enumerate() {
        let path = format!("certificates.remind_days[{place}]");
        found.unless((1..=366).contains(day), &path, "people are reminded 1 to 366 days before the end", "as in [30, 7, 1]");
        let is_new = days.iter().position(|other| other == day) == Some(place);
        found.unless(is_new, &path, "it is in the list already", "take one of the two out");
    }
}

fn additions(file: &File, found: &mut Complaints) {
    for (place, addition) in file.addition.iter().enumerate() {
        let path = format!("addition[{place}]");
        found.unless(
            addition.group.is_some() != addition.user.is_some(),
            &path,
            "an addition holds for one group or for one user",
            "write `group = \"…\"` or `user = \"…\"`, one of them",
        );
        for (app_place, name) in addition.apps.iter().enumerate() {
            let names = file.app.iter().map(|app| app.name.as_str());
            if !names.clone().any(|known| known == name) {
                found.unknown(format!("{path}.apps[{app_place}]"), "app", name, names, "name its `[[app]]`");
            }
        }
        each(file, &format!("{path}.demands"), &addition.demands, found);
        let merged = Merged::of(&format!("{path}.demands"), &addition.demands);
        let adds = !merged.is_silent() || merged.number_style.is_some();
        found.unless(adds, &format!("{path}.demands"), "this addition adds nothing", "name a check");
        for (path, mode) in modes(&merged) {
            let help = "an addition can only add: the strictest wins; take the check out of the app's own demands instead";
            found.unless(mode != DemandMode::Off, &path, "`off` in an addition changes nothing", help);
        }
        if let Some(said) = merged.client_certificate.as_ref().filter(|said| selects(said.demand)) {
            selected_by(file, addition, &said.path, found);
        }
    }
}

fn modes(merged: &Merged<'_>) -> Vec<(String, DemandMode)> {
    let mut modes = Vec::new();
    let mut push = |said: Option<(&String, DemandMode)>| modes.extend(said.map(|(path, mode)| (format!("{path}.mode"), mode)));
    push(merged.ip_restriction.as_ref().map(|said| (&said.path, said.demand.mode)));
    push(merged.client_certificate.as_ref().map(|said| (&said.path, said.demand.mode)));
    push(merged.desktop_sso.as_ref().map(|said| (&said.path, weight(said.demand.mode))));
    push(merged.primary_factor.as_ref().map(|said| (&said.path, said.demand.mode)));
    push(merged.cookie.as_ref().map(|said| (&said.path, said.demand.mode)));
    push(merged.otp.as_ref().map(|said| (&said.path, said.demand.mode)));
    modes
}

/// A mode of desktop_sso among those of the other checks.
const fn weight(mode: DesktopSsoMode) -> DemandMode {
    match mode {
        DesktopSsoMode::Off => DemandMode::Off,
        DesktopSsoMode::Observe | DesktopSsoMode::Offer => DemandMode::Observe,
        DesktopSsoMode::Require => DemandMode::Require,
    }
}

fn named(file: &File, path: &str, policy: Option<&str>, found: &mut Complaints) {
    if let Some(name) = policy.filter(|name| !file.policy.contains_key(*name)) {
        let known = file.policy.keys().map(String::as_str);
        found.unknown(format!("{path}.policy"), "policy", name, known, &format!("write `[policy.{name}]`"));
    }
}

pub(super) fn known_method(path: &str, method: &str, found: &mut Complaints) {
    if Method::from_bytes(method.as_bytes()).is_err() {
        found.say(path, format!("`{method}` is not an HTTP method"), "as in \"GET\" or \"POST\"");
    } else if method != method.to_ascii_uppercase() {
        let help = format!("methods are case-sensitive (RFC 9110 §9.1): did you mean \"{}\"?", method.to_ascii_uppercase());
        found.say(path, format!("`{method}` would match no request"), help);
    }
}

/// What one table of demands says by itself.
fn each(file: &File, path: &str, demands: &DemandsSection, found: &mut Complaints) {
    let merged = Merged::of(path, demands);
    if let Some(said) = &merged.ip_restriction {
        let empty = said.demand.allow.is_empty() && said.demand.deny.is_empty();
        found.unless(
            said.demand.mode == DemandMode::Off || !empty,
            &said.path,
            "it names no network, so everybody would pass",
            "write `allow = [\"10.0.0.0/8\"]` or `deny = [ … ]`, or `mode = \"off\"`",
        );
    }
    if let Some(said) = &merged.client_certificate {
        found.unless(
            said.demand.mode == DemandMode::Off || !said.demand.trust.is_empty(),
            &format!("{}.trust", said.path),
            "it names no authority, so nobody could pass",
            "name one of `[trust]`",
        );
        for (place, name) in said.demand.trust.iter().enumerate() {
            if !file.trust.contains_key(name) {
                let known = file.trust.keys().map(String::as_str);
                found.unknown(format!("{}.trust[{place}]", said.path), "trust", name, known, &format!("write `[trust.{name}]`"));
            }
        }
    }
    if let Some(said) = &merged.desktop_sso {
        let DesktopSsoDemand { mode, desktop_sso_is_primary } = said.demand;
        found.unless(
            file.kerberos.is_some() || *mode == DesktopSsoMode::Off,
            &said.path,
            "there is no `[kerberos]` that could take a ticket",
            "write `[kerberos]` with its keytab, realms and networks (docs/desktop-sso.md), or `mode = \"off\"`",
        );
        found.unless(
            !desktop_sso_is_primary || matches!(mode, DesktopSsoMode::Offer | DesktopSsoMode::Require),
            &format!("{}.desktop_sso_is_primary", said.path),
            "a ticket that is not asked for, or only observed, stands for nothing",
            "write `mode = \"offer\"` or `mode = \"require\"`, or take the key out",
        );
    }
    if let Some(said) = &merged.primary_factor {
        let methods = &said.demand.methods;
        let list = format!("{}.methods", said.path);
        listed(&list, methods, said.demand.mode, "nobody could sign in", "`methods = [\"password\"]`", found);
        if let Some(place) = methods.iter().position(|method| *method == PrimaryMethod::AdPassword) {
            found.unless(
                !file.directory.is_empty() || said.demand.mode == DemandMode::Off,
                &format!("{list}[{place}]"),
                "there is no directory that could judge it",
                "write `[directory.NAME]` with the servers of your Active Directory",
            );
        }
        if let Some(place) = methods.iter().position(|method| *method == PrimaryMethod::Idp) {
            found.unless(
                !file.idp.is_empty() || said.demand.mode == DemandMode::Off,
                &format!("{list}[{place}]"),
                "there is no identity provider to sign in at",
                "write `[[idp]]` with the issuer and the client of your provider",
            );
        }
        if let Some(age) = said.demand.max_age {
            found.longer_than_nothing(&format!("{}.max_age", said.path), age);
        }
        let protect = said.demand.login_protect.as_ref();
        if protect.is_some_and(|protect| protect.when_unreachable == UnreachableDemand::RequireAdPassword) {
            let path = format!("{}.login_protect.when_unreachable", said.path);
            found.unless(
                !file.directory.is_empty(),
                &path,
                "`require_ad_password` asks for a password of Active Directory, and there is no directory",
                "write `[directory.NAME]` with its servers, or \"deny\"",
            );
            found.unless(
                methods.contains(&PrimaryMethod::Password),
                &path,
                "`require_ad_password` asks for our own password too, and that is not accepted here",
                "name `password` among the methods, or write \"deny\"",
            );
        }
    }
    if let Some(said) = &merged.cookie {
        let list = format!("{}.ways", said.path);
        listed(&list, &said.demand.ways, said.demand.mode, "no browser could be registered", "`ways = [\"otp\"]`", found);
        found.unless(
            said.demand.browser_binding != DemandedBinding::Require
                || said.demand.mode == DemandMode::Off
                || file.session.browser_binding != SessionBinding::Off,
            &format!("{}.browser_binding", said.path),
            "a browser must keep a key, and none is offered to: nobody could pass",
            "leave `session.browser_binding` out, or write \"if_available\" here",
        );
    }
    if let Some(said) = &merged.otp {
        if let Some(grace) = &said.demand.grace {
            found.longer_than_nothing(&format!("{}.grace.lasts", said.path), grace.lasts);
        }
        let list = format!("{}.methods", said.path);
        let help = "`methods = [\"totp\", \"recovery_code\"]`";
        listed(&list, &said.demand.methods, said.demand.mode, "nobody could pass", help, found);
        if let Some(age) = said.demand.max_age {
            found.longer_than_nothing(&format!("{}.max_age", said.path), age);
        }
    }
}

fn listed<T: PartialEq>(path: &str, list: &[T], mode: DemandMode, consequence: &str, example: &str, found: &mut Complaints) {
    if list.is_empty() && mode != DemandMode::Off {
        found.say(path, format!("the list is empty: {consequence}"), format!("write {example}, or `mode = \"off\"`"));
    }
    for (place, item) in list.iter().enumerate() {
        if list.iter().take(place).any(|earlier| earlier == item) {
            found.say(format!("{path}[{place}]"), "it is named twice", "name each once");
        }
    }
}

/// Whether a demand concerns the users who were selected alone.
fn selects(demand: &ClientCertificateDemand) -> bool {
    demand.mode != DemandMode::Off && demand.applies_to == CertificateDemandScope::SelectedUsers
}

/// An addition that demands a certificate of selected users holds where it is known for certain who asks.
fn selected_by(file: &File, addition: &AdditionSection, path: &str, found: &mut Complaints) {
    for (place, app) in file.app.iter().enumerate() {
        let is_named = addition.apps.contains(&app.name);
        if !is_named && !addition.apps.is_empty() {
            continue;
        }
        let own = (format!("app `{}`", app.name), file.app_demands(place));
        let rules = app.rule.iter().enumerate();
        let rules = rules.map(|(of_app, rule)| {
            (format!("app `{}` at `{}`", app.name, rule.paths.join(" ")), file.rule_demands(place, of_app))
        });
        let all: Vec<(String, Merged<'_>)> = std::iter::once(own).chain(rules).collect();
        let signs_in = |merged: &Merged<'_>| mode(merged.primary_factor.as_ref(), |demand| demand.mode);
        // Where nobody is asked to sign in nothing is added, or the certificate that is required of everyone says who asks.
        let may_stay_unknown = all.iter().find(|(_, merged)| signs_in(merged) == Some(DemandMode::Observe));
        let names_somebody = |merged: &Merged<'_>| {
            required(signs_in(merged)) || required(mode(merged.client_certificate.as_ref(), |demand| demand.mode))
        };
        let nobody = || all.first().filter(|_| is_named && !all.iter().any(|(_, merged)| names_somebody(merged)));
        if let Some((at, _)) = may_stay_unknown.or_else(nobody) {
            found.say(
                format!("{path}.applies_to"),
                format!("nobody has to sign in at {at}, so it need not be known who was selected, and everybody would pass"),
                "require `primary_factor` there too, name only apps that do in `apps`, or write `applies_to = \"everyone\"`",
            );
            return;
        }
    }
}

/// What the demands of one place mean together.
fn together((path, merged): &CheckedPart<'_>, found: &mut Complaints) {
    let primary = required(mode(merged.primary_factor.as_ref(), |demand| demand.mode));
    let cookie = mode(merged.cookie.as_ref(), |demand| demand.mode);
    let otp = mode(merged.otp.as_ref(), |demand| demand.mode);
    let ticket = merged.desktop_sso.as_ref();
    let counts = ticket.is_some_and(|said| matches!(said.demand.mode, DesktopSsoMode::Offer | DesktopSsoMode::Require));
    let asked = [
        ("desktop_sso", counts, ticket.map(|said| &said.path)),
        ("cookie", required(cookie), merged.cookie.as_ref().map(|said| &said.path)),
        ("otp", required(otp), merged.otp.as_ref().map(|said| &said.path)),
    ];
    for (check, _, said) in asked.into_iter().filter(|(_, required, _)| *required && !primary) {
        found.say(
            said.unwrap_or(path),
            format!("`{check}` is required without a primary factor, so nobody is known whose it could be"),
            format!("require `primary_factor` in `{path}` too, or switch `{check}` off there"),
        );
    }
    if let Some(said) = merged.client_certificate.as_ref().filter(|said| selects(said.demand) && !primary) {
        found.say(
            format!("{}.applies_to", said.path),
            "nobody has to sign in here, so nobody would be known who was selected, and everybody would pass",
            format!("require `primary_factor` in `{path}` too, or write `applies_to = \"everyone\"`"),
        );
    }
    if let Some(said) = merged.otp.as_ref().filter(|said| said.demand.skip_with_cookie && !required(cookie)) {
        found.say(
            format!("{}.skip_with_cookie", said.path),
            "a registered browser cannot stand for it where none is required",
            format!("require `cookie` in `{path}` too"),
        );
    }
}

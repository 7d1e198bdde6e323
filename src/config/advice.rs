//! What a good config says that its writer may not have meant. `check` prints it, and so does the log at the start and at
//! each reload; nothing is refused for it.
//! Invariant: it is read off the text alone; what only the machine or the directory knows is reported by the code that looks there.

mod own_certificates;

use std::collections::BTreeSet;

use url::Url;

use super::Config;
use super::demands::{Merged, SourcedDemand};
use super::diagnose::Complaint;
use super::schema::{
    AppSection, ChannelBindingMode, DemandMode, DemandsSection, IpRestrictionDemand, OtpDemand, OtpMethod, PrimaryFactorDemand,
    PrimaryMethod,
};

impl Config {
    /// Everything of the kind that the text alone shows.
    pub fn advice(&self) -> Vec<Complaint> {
        let mut advice = Advice { config: self, found: Vec::new() };
        advice.weakened_portal();
        advice.shut_out_of_the_portal();
        advice.dropped_with_the_whole();
        advice.ports_of_nobody();
        advice.administrators_of_a_directory();
        advice.tickets();
        advice.found.extend(own_certificates::warnings(&self.file));
        advice.found
    }

    /// Every group that is named, with its key.
    pub fn groups_named(&self) -> Vec<(String, &str)> {
        let file = &self.file;
        let mut lists: Vec<(String, &[String])> = of_demands("portal.demands", &file.portal.demands);
        lists.extend(file.portal.admin_demands.iter().flat_map(|demands| of_demands("portal.admin_demands", demands)));
        lists.extend(file.certificates.demands.iter().flat_map(|demands| of_demands("certificates.demands", demands)));
        lists.extend(file.policy.iter().flat_map(|(name, demands)| of_demands(&format!("policy.{name}"), demands)));
        for (place, app) in file.app.iter().enumerate() {
            let path = format!("app[{place}]");
            lists.extend(of_demands(&format!("{path}.demands"), &app.demands));
            for (rule_place, rule) in app.rule.iter().enumerate() {
                lists.extend(of_demands(&format!("{path}.rule[{rule_place}].demands"), &rule.demands));
            }
            for (of_app, transaction) in app.transaction.iter().enumerate() {
                let approvers = transaction.approvers.iter();
                lists.extend(approvers.map(|it| (format!("{path}.transaction[{of_app}].approvers.groups"), &*it.groups)));
            }
            lists.extend(app.approvals.iter().map(|approvals| (format!("{path}.approvals.groups"), &*approvals.groups)));
        }
        for (place, addition) in file.addition.iter().enumerate() {
            lists.extend(of_demands(&format!("addition[{place}].demands"), &addition.demands));
        }
        let listed = lists.into_iter().flat_map(|(path, groups)| {
            groups.iter().enumerate().map(move |(place, group)| (format!("{path}[{place}]"), group.as_str()))
        });
        let added = file.addition.iter().enumerate();
        let added = added.filter_map(|(place, it)| it.group.as_deref().map(|group| (format!("addition[{place}].group"), group)));
        let mapped = file.idp.iter().enumerate().flat_map(|(place, idp)| {
            let map = idp.groups.iter().flat_map(|groups| &groups.map);
            map.map(move |(theirs, ours)| (format!("idp[{place}].groups.map.{theirs}"), ours.as_str()))
        });
        let administrators = ("portal.administrators".to_owned(), file.portal.administrators.as_str());
        std::iter::once(administrators).chain(listed).chain(added).chain(mapped).collect()
    }

    /// The addresses that browsers and apps come to by a name of ours, with their keys. Not those of which another proxy
    /// ends TLS.
    pub fn own_addresses(&self) -> Vec<(String, Url)> {
        let file = &self.file;
        let apps = file.app.iter().enumerate().filter(|(_, app)| !app.forward_auth);
        let portal = [("portal.url", Some(&file.portal.url)), ("portal.mtls_url", file.portal.mtls_url.as_ref())];
        let portal = portal.into_iter().filter_map(|(key, url)| url.map(|url| (key.to_owned(), url)));
        let all = portal.chain(apps.map(|(place, app)| (format!("app[{place}].url"), &app.url)));
        all.filter_map(|(key, url)| url.parse::<Url>().ok().map(|url| (key, url))).collect()
    }
}

struct Advice<'a> {
    config: &'a Config,
    found: Vec<Complaint>,
}

impl<'a> Advice<'a> {
    /// Who may write a group of a directory that is mapped to the administrators makes administrators here.
    fn administrators_of_a_directory(&mut self) {
        let file = &self.config.file;
        for (name, directory) in &file.directory {
            if directory.groups.contains_key(&file.portal.administrators) {
                self.say(
                    format!("directory.{name}.groups.{}", file.portal.administrators),
                    "an account that may change this group in the directory can make administrators of the gateway",
                    "leave it out, and name administrators here, unless the directory is guarded as well as the gateway",
                );
            }
        }
    }

    fn say(&mut self, path: impl Into<String>, message: impl Into<String>, help: impl Into<String>) {
        self.found.push(Complaint::new(path, message).help(help));
    }

    /// Each set of demands that an app or a part of one has.
    fn everywhere(&self) -> Vec<Merged<'a>> {
        let file = &self.config.file;
        let parts = |(place, app): (usize, &AppSection)| {
            let rules: Vec<_> = (0..app.rule.len()).map(|rule| file.rule_demands(place, rule)).collect();
            std::iter::once(file.app_demands(place)).chain(rules)
        };
        file.app.iter().enumerate().flat_map(parts).collect()
    }

    /// The portal changes accounts, and the administration changes everybody's: less than a second factor is reported.
    fn weakened_portal(&mut self) {
        let file = &self.config.file;
        let Some(SourcedDemand { path, demand }) = file.portal_demands().otp else { return };
        let of_admin = file.portal.admin_demands.as_ref().and_then(|demands| demands.otp.as_ref());
        let admin_asks = of_admin.is_some_and(|otp| otp.mode == DemandMode::Require);
        let who = if admin_asks { "the portal asks" } else { "the portal asks, and with it the administration," };
        if demand.mode != DemandMode::Require {
            let help = "remove it: a one-time password is required where nothing is written; or require one of the \
                administration at least: `admin_demands.otp = {}` under `[portal]`";
            self.say(format!("{path}.mode"), format!("{who} for no second factor"), help);
        } else if demand.skip_with_cookie && !of_admin.is_some_and(|otp| admin_asks && !otp.skip_with_cookie) {
            let help = "remove it, or ask the administration at least: `admin_demands.otp = {}` under `[portal]`";
            self.say(format!("{path}.skip_with_cookie"), format!("{who} for no second factor in a registered browser"), help);
        }
    }

    /// Who passes an app by what the portal does not take never sees the launcher nor the account pages.
    fn shut_out_of_the_portal(&mut self) {
        let portal = self.config.file.portal_demands();
        let (Some(portal), otp) = (&portal.primary_factor, &portal.otp) else { return };
        let second = otp.as_ref().map(|said| said.demand).filter(|otp| otp.mode == DemandMode::Require);
        for part in self.everywhere() {
            let Some(primary) = part.primary_factor.as_ref().filter(|said| said.demand.mode == DemandMode::Require) else {
                continue;
            };
            let unknown: BTreeSet<_> = primary
                .demand
                .methods
                .iter()
                .filter(|method| !portal.demand.methods.contains(method))
                .map(primary_word)
                .collect();
            if !unknown.is_empty() {
                let all: Vec<_> = portal.demand.methods.iter().map(primary_word).chain(unknown.iter().copied()).collect();
                let help = format!("name it under `[portal.demands]` too: `primary_factor = {{ methods = {} }}`", quoted(&all));
                let words = unknown.into_iter().collect::<Vec<_>>().join("` or `");
                let message = format!("who signs in by `{words}` alone passes here, and never the portal");
                self.say(format!("{}.methods", primary.path), message, help);
            }
            let Some(second) = second else { continue };
            let shut: BTreeSet<_> = shut_out(primary.demand, part.otp.as_ref(), second).into_iter().collect();
            let path = match part.otp.as_ref().filter(|said| said.demand.mode == DemandMode::Require) {
                Some(said) => format!("{}.methods", said.path),
                None => format!("{}.methods", primary.path),
            };
            for who in shut {
                let (message, help) = who.message(second);
                self.say(path.clone(), message, help);
            }
        }
    }

    /// A check that is named again replaces the whole: what is not repeated no longer holds.
    fn dropped_with_the_whole(&mut self) {
        let file = &self.config.file;
        for (place, app) in file.app.iter().enumerate() {
            let path = format!("app[{place}].demands");
            if let Some((name, policy)) = app.policy.as_ref().and_then(|name| file.policy.get_key_value(name)) {
                self.replaced(&Merged::of(&format!("policy.{name}"), policy), &Merged::of(&path, &app.demands));
            }
            for (rule_place, rule) in app.rule.iter().enumerate() {
                let begin = match rule.policy.as_ref().and_then(|name| file.policy.get_key_value(name)) {
                    Some((name, policy)) => Merged::of(&format!("policy.{name}"), policy),
                    None => file.app_demands(place),
                };
                let path = format!("app[{place}].rule[{rule_place}].demands");
                self.replaced(&begin, &Merged::of(&path, &rule.demands));
            }
        }
    }

    fn replaced(&mut self, before: &Merged<'_>, after: &Merged<'_>) {
        self.lost(
            before.ip_restriction.as_ref(),
            after.ip_restriction.as_ref(),
            |demand: &IpRestrictionDemand| demand.mode,
            |demand| vec![("allow", !demand.allow.is_empty()), ("deny", !demand.deny.is_empty())],
        );
        self.lost(
            before.primary_factor.as_ref(),
            after.primary_factor.as_ref(),
            |demand: &PrimaryFactorDemand| demand.mode,
            |demand| {
                let people = !demand.groups.is_empty() || !demand.users.is_empty();
                vec![("groups", people), ("max_age", demand.max_age.is_some()), ("login_protect", demand.login_protect.is_some())]
            },
        );
        self.lost(
            before.otp.as_ref(),
            after.otp.as_ref(),
            |demand: &OtpDemand| demand.mode,
            |demand| vec![("max_age", demand.max_age.is_some())],
        );
    }

    /// Keys of a check that `before` has and `after`, in its place, has not.
    fn lost<T>(
        &mut self,
        before: Option<&SourcedDemand<'_, T>>,
        after: Option<&SourcedDemand<'_, T>>,
        mode: impl Fn(&T) -> DemandMode,
        keys: impl Fn(&T) -> Vec<(&'static str, bool)>,
    ) {
        let (Some(before), Some(after)) = (before, after) else { return };
        // Where the mode is lower, less is what is written.
        if mode(before.demand) == DemandMode::Off || mode(after.demand) != DemandMode::Require {
            return;
        }
        let held = keys(before.demand).into_iter().zip(keys(after.demand));
        let lost: Vec<_> = held.filter(|((_, before), (_, after))| *before && !*after).map(|((key, _), _)| key).collect();
        // Written as an empty list, it is meant.
        let lost: Vec<_> = lost.into_iter().filter(|key| !self.config.has(&format!("{}.{key}", after.path))).collect();
        if lost.is_empty() {
            return;
        }
        let keys = lost.join("` and `");
        let help = format!("write `{keys}` here too, or name the whole as it shall be; an empty list says that none is meant");
        let message = format!("this replaces all of `{}`: its `{keys}` no longer holds here", before.path);
        self.say(after.path.clone(), message, help);
    }

    /// What `[kerberos]` says that shuts people out, or asks strangers.
    fn tickets(&mut self) {
        let Some(kerberos) = &self.config.file.kerberos else { return };
        if kerberos.channel_binding == ChannelBindingMode::Require {
            let help = "write \"if_sent\" unless every browser runs on Windows";
            self.say("kerberos.channel_binding", "no browser on Linux or macOS binds a ticket: all of them are shut out", help);
        }
        for (place, network) in kerberos.networks.iter().enumerate().filter(|(_, network)| network.0.prefix_len() == 0) {
            let help = "list the networks of the computers that have tickets";
            let message = format!("{} asks every browser of the world for a ticket", network.0);
            self.say(format!("kerberos.networks[{place}]"), message, help);
        }
    }

    /// An address with a port that none of our sockets has. A balancer in front is known by being trusted.
    fn ports_of_nobody(&mut self) {
        let server = &self.config.file.server;
        let ports: BTreeSet<u16> = server.listen.iter().map(std::net::SocketAddr::port).collect();
        if !server.trusted_proxies.is_empty() || ports.is_empty() || ports.contains(&0) {
            return;
        }
        let all = ports.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        for (key, url) in self.config.own_addresses() {
            let port = url.port_or_known_default().unwrap_or(443);
            if !ports.contains(&port) {
                let message = format!("nobody listens on port {port} here: `server.listen` has {all}");
                let help = "name the port in one as in the other; where a balancer brings it here, list that under \
                    `server.trusted_proxies`";
                self.say(key, message, help);
            }
        }
    }
}

/// The lists of groups in a table of demands.
fn of_demands<'a>(path: &str, demands: &'a DemandsSection) -> Vec<(String, &'a [String])> {
    let admitted = demands.primary_factor.iter().map(|demand| (format!("{path}.primary_factor.groups"), &*demand.groups));
    let grace = demands.otp.as_ref().and_then(|otp| otp.grace.as_ref());
    admitted.chain(grace.map(|grace| (format!("{path}.otp.grace.ends_for"), &*grace.ends_for))).collect()
}

/// People whom the portal's second factor shuts out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum ShutOut {
    /// They have a phone and no authenticator.
    Phone,
    /// They have an authenticator and no phone.
    Authenticator,
    /// They have nothing yet, and a time without.
    Without,
}

impl ShutOut {
    fn message(self, second: &OtpDemand) -> (String, String) {
        let methods = |more: &'static str| {
            let all: Vec<_> = second.methods.iter().map(otp_word).chain([more]).collect();
            format!("take it at the portal too: `otp = {{ methods = {} }}` under `[portal.demands]`", quoted(&all))
        };
        match self {
            Self::Phone => (
                "who has a phone and no authenticator passes here, and never the portal, which asks for a code".to_owned(),
                methods("push"),
            ),
            Self::Authenticator => (
                "who has an authenticator and no phone passes here, and never the portal, which asks on the phone".to_owned(),
                methods("totp"),
            ),
            Self::Without => (
                "who has no second factor yet passes here for a time, and never the portal".to_owned(),
                "give `[portal.demands]` the same `otp.grace`; nothing of the account can be changed in that time, and nobody \
                 administers"
                    .to_owned(),
            ),
        }
    }
}

/// Whom of those who pass a part the portal's second factor shuts out. Who needs no second factor in the part is taken to
/// have one, as everybody has who was invited; but who signs in there by a phone may have nothing but that.
fn shut_out(primary: &PrimaryFactorDemand, otp: Option<&SourcedDemand<'_, OtpDemand>>, portal: &OtpDemand) -> Vec<ShutOut> {
    let takes = |method| portal.methods.contains(&method);
    let mut shut = Vec::new();
    let demanded = otp.map(|said| said.demand).filter(|otp| otp.mode == DemandMode::Require);
    for first in &primary.methods {
        let has_phone = *first == PrimaryMethod::Push;
        match demanded {
            None if has_phone && !takes(OtpMethod::Push) => shut.push(ShutOut::Phone),
            None => {}
            Some(otp) => {
                if otp.methods.contains(&OtpMethod::Push) && !takes(OtpMethod::Push) {
                    shut.push(ShutOut::Phone);
                }
                if otp.methods.contains(&OtpMethod::Totp) && !takes(OtpMethod::Totp) && !(has_phone && takes(OtpMethod::Push)) {
                    shut.push(ShutOut::Authenticator);
                }
                if otp.grace.is_some() && portal.grace.is_none() && !(has_phone && takes(OtpMethod::Push)) {
                    shut.push(ShutOut::Without);
                }
            }
        }
    }
    shut
}

const fn primary_word(method: &PrimaryMethod) -> &'static str {
    match method {
        PrimaryMethod::Push => "push",
        PrimaryMethod::Password => "password",
        PrimaryMethod::AdPassword => "ad_password",
        PrimaryMethod::Idp => "idp",
        PrimaryMethod::Passkey => "passkey",
        PrimaryMethod::Matrix => "matrix",
        PrimaryMethod::TokenMatrix => "token_matrix",
    }
}

const fn otp_word(method: &OtpMethod) -> &'static str {
    match method {
        OtpMethod::Totp => "totp",
        OtpMethod::Push => "push",
        OtpMethod::RecoveryCode => "recovery_code",
        OtpMethod::Passkey => "passkey",
    }
}

fn quoted(words: &[&str]) -> String {
    format!("[{}]", words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", "))
}

//! A config held against what both standards ask for: factors, numbers, lifetimes, guesses.

use std::time::Duration;

use super::report::{Assessment, Report, Requirement};
use crate::config::Config;
use crate::config::demands::Merged;
use crate::config::schema::{DemandMode, File, NumberMatching, OtpMethod, PrimaryMethod, StandardProfile};
use crate::principal::number_style::NumberStyle;

/// A part of the config whose sign-ins are judged.
pub(super) struct JudgedPart<'a> {
    pub(super) name: String,
    pub(super) path: String,
    pub(super) demands: Merged<'a>,
}

pub(super) struct Judge<'a> {
    pub(super) config: &'a Config,
    pub(super) places: Vec<JudgedPart<'a>>,
    /// Parts that ask nobody who they are.
    pub(super) open: Vec<String>,
    pub(super) app: Option<&'a str>,
    pub(super) findings: Vec<Requirement>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(config: &'a Config, app: Option<&'a str>) -> Self {
        let file: &File = &config.file;
        let portal = JudgedPart { name: "portal".to_owned(), path: "portal.demands".to_owned(), demands: file.portal_demands() };
        let mut judge = Self { config, places: vec![portal], open: Vec::new(), app, findings: Vec::new() };
        for (place, own) in file.app.iter().enumerate().filter(|(_, own)| app.is_none_or(|app| app == own.name)) {
            judge.add(own.name.clone(), format!("app[{place}]"), file.app_demands(place));
            for (rule_place, rule) in own.rule.iter().enumerate() {
                let name = format!("{} {}", own.name, rule.paths.join(" "));
                judge.add(name, format!("app[{place}].rule[{rule_place}]"), file.rule_demands(place, rule_place));
            }
        }
        judge
    }

    fn add(&mut self, name: String, path: String, demands: Merged<'a>) {
        let asks = demands.primary_factor.as_ref().is_some_and(|said| said.demand.mode != DemandMode::Off);
        if asks { self.places.push(JudgedPart { name, path, demands }) } else { self.open.push(name) }
    }

    pub(super) fn say(
        &mut self,
        section: &'static str,
        requirement: &'static str,
        verdict: Assessment,
        key: Option<&str>,
        words: String,
    ) {
        let line = key.map_or(0, |key| self.config.line_of(key));
        let key = key.map(str::to_owned);
        self.findings.push(Requirement { section, requirement, verdict, key, line, words, mend: None });
    }

    pub(super) fn fails(&mut self, section: &'static str, requirement: &'static str, key: &str, words: String, mend: &str) {
        self.say(section, requirement, Assessment::Fails, Some(key), words);
        if let Some(finding) = self.findings.last_mut() {
            finding.mend = Some(mend.to_owned());
        }
    }

    /// One requirement that one key decides.
    pub(super) fn one(&mut self, at: (&'static str, &'static str), key: &str, holds: bool, words: String, mend: &str) {
        if holds { self.say(at.0, at.1, Assessment::Ok, Some(key), words) } else { self.fails(at.0, at.1, key, words, mend) }
    }

    pub(super) fn proven(&mut self, section: &'static str, requirement: &'static str, test: &str) {
        self.say(section, requirement, Assessment::Proven, None, test.to_owned());
    }

    pub(super) fn operator(&mut self, section: &'static str, requirement: &'static str, words: &str) {
        self.say(section, requirement, Assessment::Operator, None, words.to_owned());
    }

    pub(super) fn report(mut self, profile: StandardProfile) -> Report {
        self.factors(profile);
        self.observed(profile);
        self.numbers(profile);
        self.times(profile);
        self.guesses(profile);
        match profile {
            StandardProfile::NistAal2 => self.nist(),
            StandardProfile::AsvsL2 => self.asvs(),
        }
        if !self.open.is_empty() {
            let words = format!("these parts ask nobody who they are, and are not judged: {}", self.open.join(", "));
            self.operator("-", "parts without a sign-in are meant to be open", &words);
        }
        let met = self.findings.iter().all(|finding| finding.verdict != Assessment::Fails);
        Report { profile, app: self.app.map(str::to_owned), met, findings: self.findings }
    }

    /// Something known and something held, at every sign-in.
    fn factors(&mut self, profile: StandardProfile) {
        let at = (profile.of("§2.2.1", "6.3.3"), "two factors of different kinds: a password, and something held");
        let weak = |place: &JudgedPart<'_>| (place.name.clone(), place.path.clone(), weaknesses(place));
        let places: Vec<_> = self.places.iter().map(weak).collect();
        for (name, path, weak) in places {
            if weak.is_empty() {
                self.say(at.0, at.1, Assessment::Ok, Some(&path), format!("{name}: a password, then a code or the phone"));
            }
            for (key, why, mend) in weak {
                self.fails(at.0, at.1, &key, format!("{name}: {why}"), mend);
            }
        }
    }

    /// Nothing that only watches.
    fn observed(&mut self, profile: StandardProfile) {
        let at = (profile.of("§2.2", "6.3.4"), "no check only observes");
        let modes = |place: &JudgedPart<'_>| -> Vec<String> {
            let demands = &place.demands;
            let said = [
                demands.ip_restriction.as_ref().map(|said| (&said.path, said.demand.mode)),
                demands.client_certificate.as_ref().map(|said| (&said.path, said.demand.mode)),
                demands.primary_factor.as_ref().map(|said| (&said.path, said.demand.mode)),
                demands.cookie.as_ref().map(|said| (&said.path, said.demand.mode)),
                demands.otp.as_ref().map(|said| (&said.path, said.demand.mode)),
            ];
            let observes = said.into_iter().flatten().filter(|(_, mode)| *mode == DemandMode::Observe);
            observes.map(|(path, _)| format!("{path}.mode")).collect()
        };
        let observes: Vec<String> = self.places.iter().flat_map(modes).collect();
        if observes.is_empty() {
            self.say(at.0, at.1, Assessment::Ok, None, "every check that is demanded is required".to_owned());
        }
        for key in observes {
            self.fails(at.0, at.1, &key, "`observe` lets pass who does not meet it".to_owned(), "write \"require\" or \"off\"");
        }
    }

    /// The secret that is carried from one screen to the other, where a phone is a factor.
    fn numbers(&mut self, profile: StandardProfile) {
        let at = (profile.of("§3.1.3.2", "6.5.4"), "what is carried to the phone has six digits at least (20 bits)");
        let otherwise = self.config.file.approval.number_style;
        let asked: Vec<(String, String, NumberStyle)> = self
            .places
            .iter()
            .filter(|place| asks_phones(&place.demands))
            .map(|place| match &place.demands.number_style {
                Some(said) => (place.name.clone(), said.path.clone(), *said.demand),
                None => (place.name.clone(), "approval.number_style".to_owned(), otherwise),
            })
            .collect();
        if asked.is_empty() {
            self.say(at.0, at.1, Assessment::Ok, None, "no sign-in asks a phone".to_owned());
            return;
        }
        for (name, key, style) in asked {
            let words = match style {
                NumberStyle::Choose => format!("{name}: one of three numbers of two digits is chosen"),
                NumberStyle::Type => format!("{name}: six digits are typed"),
                NumberStyle::Scan => format!("{name}: 128 bits are scanned, or eight digits typed"),
            };
            self.one(at, &key, style != NumberStyle::Choose, words, "write number_style = \"type\" or \"scan\"");
        }
        if profile == StandardProfile::NistAal2 {
            let always = self.config.file.approval.number_matching == NumberMatching::Always;
            let words = if always { "at every question" } else { "a registered browser asks for a yes without a number" };
            let at = ("§3.1.3.1", "every approval carries the secret over: a yes alone does not do");
            self.one(at, "approval.number_matching", always, words.to_owned(), "write number_matching = \"always\"");
        }
    }

    /// How long what is proved, and what is asked, is good.
    fn times(&mut self, profile: StandardProfile) {
        let (session, approval) = (&self.config.file.session, &self.config.file.approval);
        let hours = |hours: u64| Duration::from_secs(hours * 3600);
        let (absolute, idle, lifetime) = (session.absolute, session.idle, approval.lifetime);
        self.one(
            (profile.of("§2.2.3", "7.3.2"), "a session ends within 24 hours, and everything is proved again"),
            "session.absolute",
            absolute.0 <= hours(24),
            format!("{absolute}"),
            "write at most \"24h\"",
        );
        self.one(
            (profile.of("§2.2.3", "7.3.1"), "a session that is not used ends within an hour"),
            "session.idle",
            idle.0 <= hours(1),
            format!("{idle}"),
            "write at most \"1h\"",
        );
        self.one(
            (profile.of("§3.1.3.2", "6.5.5"), "what a phone is asked ends within ten minutes"),
            "approval.lifetime",
            lifetime.0 <= Duration::from_secs(600),
            format!("{lifetime}"),
            "write at most \"10m\"",
        );
    }

    /// Who guesses.
    fn guesses(&mut self, profile: StandardProfile) {
        let (password, approval, regulation) =
            (&self.config.file.password, &self.config.file.approval, &self.config.file.regulation);
        let (length, wrong, slowed, longest) =
            (password.minimum_length, approval.wrong_answers, regulation.per_user, regulation.longest_delay);
        self.one(
            (profile.of("§3.1.1.2", "6.2.1"), "passwords have eight characters at least, beside a second factor"),
            "password.minimum_length",
            length >= 8,
            format!("{length}"),
            "write 8 or more; 15 is the default",
        );
        self.one(
            (profile.of("§3.2.2", "6.6.3"), "wrong numbers are limited: a hundred at most in a row"),
            "approval.wrong_answers",
            wrong <= 100,
            format!("{wrong}, then approvals are locked until an administrator unlocks them"),
            "write at most 100; 5 is the default",
        );
        self.one(
            (profile.of("§3.2.2", "6.3.1"), "wrong passwords and codes are limited"),
            "regulation.per_user",
            slowed <= 100,
            format!("{slowed} of one user from anywhere, then each further one waits {longest}"),
            "write at most 100, which is the default",
        );
    }
}

/// Whether a phone may be asked there.
fn asks_phones(demands: &Merged<'_>) -> bool {
    let primary = demands.primary_factor.as_ref().is_some_and(|said| said.demand.methods.contains(&PrimaryMethod::Push));
    let second = demands.otp.as_ref().is_some_and(|said| said.demand.methods.contains(&OtpMethod::Push));
    primary || second
}

/// Why a sign-in there is not by two factors of different kinds: the key, why, and what would do.
fn weaknesses(place: &JudgedPart<'_>) -> Vec<(String, &'static str, &'static str)> {
    let mut weak = Vec::new();
    let demands = &place.demands;
    if let Some(said) = &demands.primary_factor
        && said.demand.methods.contains(&PrimaryMethod::Push)
    {
        let why = "the phone replaces the password: something held, and nothing known";
        weak.push((format!("{}.methods", said.path), why, "accept passwords there, and the phone under `otp`"));
    }
    match demands.otp.as_ref().filter(|said| said.demand.mode != DemandMode::Off) {
        // A passkey that verified its user is something held and something known or a part of the body (§3.1.7).
        None if demands.primary_factor.as_ref().is_some_and(|said| said.demand.methods == [PrimaryMethod::Passkey]) => {}
        None => {
            let path = demands.otp.as_ref().map_or_else(|| place.path.clone(), |said| format!("{}.mode", said.path));
            weak.push((path, "no second factor is demanded", "demand `otp`"));
        }
        Some(said) => {
            if said.demand.skip_with_cookie {
                let why = "a registered browser stands for the second factor, and a cookie is none (§5.1)";
                weak.push((format!("{}.skip_with_cookie", said.path), why, "leave `skip_with_cookie` out"));
            }
            if said.demand.grace.is_some() {
                let why = "who has no second factor passes without for a time";
                weak.push((format!("{}.grace", said.path), why, "leave `grace` out"));
            }
        }
    }
    weak
}

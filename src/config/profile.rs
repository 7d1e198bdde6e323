//! Profiles of standards: which of their requirements this config meets, which it does not and how to mend it, which the
//! build meets whatever the config says (each with the test that shows it), and which are for people to meet.
//! Sections are those of NIST SP 800-63B-4 and of OWASP ASVS 5.0.0; nothing is numbered here that was not read there.
//! Invariant: what cannot be seen is never called met.

use std::fmt;
use std::time::Duration;

use serde::Serialize;

use super::Config;
use super::demands::Merged;
use super::diagnose::{Complaint, Diagnosis};
use super::schema::{File, Mode, NumberMatching, NumberStyle, OtpMethod, PrimaryMethod, Profile};

/// What is said of one requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The config meets it.
    Ok,
    /// It does not.
    Fails,
    /// The build meets it: the test named shows it.
    Proven,
    /// It is for the operator of the gateway to meet.
    Operator,
}

/// One line of a profile.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// Where the standard says so.
    pub section: &'static str,
    /// What it asks for, in few words.
    pub requirement: &'static str,
    /// What is said of it.
    pub verdict: Verdict,
    /// The key that decides.
    pub key: Option<String>,
    /// Its line; 0 where a default speaks.
    pub line: u32,
    /// How it stands; the test; what is to be done.
    pub words: String,
    /// What would do, where it fails.
    pub mend: Option<String>,
}

/// A profile held against a config.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The profile.
    pub profile: Profile,
    /// The app it is demanded of; none: of everything.
    pub app: Option<String>,
    /// Whether nothing fails.
    pub met: bool,
    /// Line by line.
    pub findings: Vec<Finding>,
}

/// Every profile that a config demands, held against it; `asked` besides, of everything.
pub fn reports(config: &Config, asked: Option<Profile>) -> Vec<Report> {
    let whole = [config.file.profile, asked.filter(|asked| config.file.profile != Some(*asked))];
    let whole = whole.into_iter().flatten().map(|profile| (profile, None));
    let apps = config.file.app.iter().filter_map(|app| Some((app.profile?, Some(app.name.as_str()))));
    whole.chain(apps).map(|(profile, app)| Judge::new(config, app).report(profile)).collect()
}

/// What is not met of the profiles that a config demands: nothing runs with it.
///
/// # Errors
/// A [`Diagnosis`] with all of it.
pub fn met(config: &Config) -> Result<(), Diagnosis> {
    let complaints = unmet(&reports(config, None));
    if complaints.is_empty() { Ok(()) } else { Err(config.complain(complaints)) }
}

/// What fails, as complaints on the keys that decide.
pub fn unmet(reports: &[Report]) -> Vec<Complaint> {
    let failing = |report: &Report| -> Vec<Complaint> {
        let fails = report.findings.iter().filter(|finding| finding.verdict == Verdict::Fails);
        let complaint = |finding: &Finding| {
            let message = format!("{} {}: {}", report.profile.standard(), finding.section, finding.words);
            let complaint = Complaint::new(finding.key.clone().unwrap_or_default(), message);
            finding.mend.iter().fold(complaint, |complaint, mend| complaint.help(mend.clone()))
        };
        fails.map(complaint).collect()
    };
    reports.iter().flat_map(failing).collect()
}

impl Profile {
    /// The word in the config.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NistAal2 => "nist-aal2",
            Self::AsvsL2 => "asvs-l2",
        }
    }

    /// The standard.
    pub const fn standard(self) -> &'static str {
        match self {
            Self::NistAal2 => "NIST SP 800-63B-4",
            Self::AsvsL2 => "OWASP ASVS 5.0",
        }
    }

    /// Of two sections, that of this standard.
    const fn of(self, nist: &'static str, asvs: &'static str) -> &'static str {
        match self {
            Self::NistAal2 => nist,
            Self::AsvsL2 => asvs,
        }
    }
}

/// A part of the config whose sign-ins are judged.
struct Place<'a> {
    name: String,
    path: String,
    demands: Merged<'a>,
}

struct Judge<'a> {
    config: &'a Config,
    places: Vec<Place<'a>>,
    /// Parts that ask nobody who they are.
    open: Vec<String>,
    app: Option<&'a str>,
    findings: Vec<Finding>,
}

impl<'a> Judge<'a> {
    fn new(config: &'a Config, app: Option<&'a str>) -> Self {
        let file: &File = &config.file;
        let portal = Place { name: "portal".to_owned(), path: "portal.demands".to_owned(), demands: file.portal_demands() };
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
        let asks = demands.primary_factor.as_ref().is_some_and(|said| said.demand.mode != Mode::Off);
        if asks { self.places.push(Place { name, path, demands }) } else { self.open.push(name) }
    }

    fn say(&mut self, section: &'static str, requirement: &'static str, verdict: Verdict, key: Option<&str>, words: String) {
        let line = key.map_or(0, |key| self.config.line_of(key));
        let key = key.map(str::to_owned);
        self.findings.push(Finding { section, requirement, verdict, key, line, words, mend: None });
    }

    fn fails(&mut self, section: &'static str, requirement: &'static str, key: &str, words: String, mend: &str) {
        self.say(section, requirement, Verdict::Fails, Some(key), words);
        if let Some(finding) = self.findings.last_mut() {
            finding.mend = Some(mend.to_owned());
        }
    }

    /// One requirement that one key decides.
    fn one(&mut self, at: (&'static str, &'static str), key: &str, holds: bool, words: String, mend: &str) {
        if holds { self.say(at.0, at.1, Verdict::Ok, Some(key), words) } else { self.fails(at.0, at.1, key, words, mend) }
    }

    fn proven(&mut self, section: &'static str, requirement: &'static str, test: &str) {
        self.say(section, requirement, Verdict::Proven, None, test.to_owned());
    }

    fn operator(&mut self, section: &'static str, requirement: &'static str, words: &str) {
        self.say(section, requirement, Verdict::Operator, None, words.to_owned());
    }

    fn report(mut self, profile: Profile) -> Report {
        self.factors(profile);
        self.observed(profile);
        self.numbers(profile);
        self.times(profile);
        self.guesses(profile);
        match profile {
            Profile::NistAal2 => self.nist(),
            Profile::AsvsL2 => self.asvs(),
        }
        if !self.open.is_empty() {
            let words = format!("these parts ask nobody who they are, and are not judged: {}", self.open.join(", "));
            self.operator("-", "parts without a sign-in are meant to be open", &words);
        }
        let met = self.findings.iter().all(|finding| finding.verdict != Verdict::Fails);
        Report { profile, app: self.app.map(str::to_owned), met, findings: self.findings }
    }

    /// Something known and something held, at every sign-in.
    fn factors(&mut self, profile: Profile) {
        let at = (profile.of("§2.2.1", "6.3.3"), "two factors of different kinds: a password, and something held");
        let weak = |place: &Place<'_>| (place.name.clone(), place.path.clone(), weaknesses(place));
        let places: Vec<_> = self.places.iter().map(weak).collect();
        for (name, path, weak) in places {
            if weak.is_empty() {
                self.say(at.0, at.1, Verdict::Ok, Some(&path), format!("{name}: a password, then a code or the phone"));
            }
            for (key, why, mend) in weak {
                self.fails(at.0, at.1, &key, format!("{name}: {why}"), mend);
            }
        }
    }

    /// Nothing that only watches.
    fn observed(&mut self, profile: Profile) {
        let at = (profile.of("§2.2", "6.3.4"), "no check only observes");
        let modes = |place: &Place<'_>| -> Vec<String> {
            let demands = &place.demands;
            let said = [
                demands.ip_restriction.as_ref().map(|said| (&said.path, said.demand.mode)),
                demands.client_certificate.as_ref().map(|said| (&said.path, said.demand.mode)),
                demands.primary_factor.as_ref().map(|said| (&said.path, said.demand.mode)),
                demands.cookie.as_ref().map(|said| (&said.path, said.demand.mode)),
                demands.otp.as_ref().map(|said| (&said.path, said.demand.mode)),
            ];
            let observes = said.into_iter().flatten().filter(|(_, mode)| *mode == Mode::Observe);
            observes.map(|(path, _)| format!("{path}.mode")).collect()
        };
        let observes: Vec<String> = self.places.iter().flat_map(modes).collect();
        if observes.is_empty() {
            self.say(at.0, at.1, Verdict::Ok, None, "every check that is demanded is required".to_owned());
        }
        for key in observes {
            self.fails(at.0, at.1, &key, "`observe` lets pass who does not meet it".to_owned(), "write \"require\" or \"off\"");
        }
    }

    /// The secret that is carried from one screen to the other, where a phone is a factor.
    fn numbers(&mut self, profile: Profile) {
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
            self.say(at.0, at.1, Verdict::Ok, None, "no sign-in asks a phone".to_owned());
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
        if profile == Profile::NistAal2 {
            let always = self.config.file.approval.number_matching == NumberMatching::Always;
            let words = if always { "at every question" } else { "a registered browser asks for a yes without a number" };
            let at = ("§3.1.3.1", "every approval carries the secret over: a yes alone does not do");
            self.one(at, "approval.number_matching", always, words.to_owned(), "write number_matching = \"always\"");
        }
    }

    /// How long what is proved, and what is asked, is good.
    fn times(&mut self, profile: Profile) {
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
    fn guesses(&mut self, profile: Profile) {
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

    fn nist(&mut self) {
        let certificate = self.places.iter().find_map(|place| {
            place
                .demands
                .client_certificate
                .as_ref()
                .filter(|said| said.demand.mode == Mode::Require)
                .map(|said| said.path.clone())
        });
        let at = ("§2.2.2", "a phishing-resistant way is offered (§3.2.5: client-authenticated TLS is one)");
        match certificate {
            Some(key) => self.say(at.0, at.1, Verdict::Ok, Some(&key), "a client certificate is demanded there".to_owned()),
            None => self.fails(
                at.0,
                at.1,
                "app",
                "no sign-in demands a client certificate, and this build has no passkeys".to_owned(),
                "demand `client_certificate` of an app: it is asked for at the app, never at the portal",
            ),
        }
        self.proven("§3.1.1.2", "common passwords are not taken, and no composition is asked for", PASSWORDS);
        self.proven("§3.1.2.2", "a recovery code is good once, and kept as a hash", RECOVERY_CODES);
        self.proven("§3.1.3.2", "what is carried to the phone is drawn uniformly, and good once", NUMBERS);
        self.proven("§3.1.3.2", "phones are left in peace after much that was asked in vain", PEACE);
        self.proven("§3.1.4.2", "a one-time password is accepted once", TOTP_ONCE);
        self.proven("§3.2.2", "guesses at once are counted before they are evaluated", GUESSES);
        self.proven("§5.1", "a session's secret opens one host alone, and is drawn again as privilege rises", SESSIONS);
        self.operator("§2.2.2", "federal agencies use validated cryptography (FIPS 140)", "this build is not a validated module");
        self.operator(
            "§3.2.2",
            "no more than 100 failures in a row",
            "attempts are slowed, never refused for good: watch the audit log for `sign_in`",
        );
        self.operator("§4.1", "authenticators are bound to the right person", "hand invitations to nobody else");
        self.operator(
            "§4.2",
            "accounts are recovered as the standard says",
            "an administrator's invitation is what recovers one",
        );
        self.operator("§4.6", "people are notified of what happens to their account", "`[mail]` and an address of each user");
    }

    fn asvs(&mut self) {
        let skew = self.config.file.totp.skew;
        let codes = self
            .places
            .iter()
            .any(|place| place.demands.otp.as_ref().is_some_and(|said| said.demand.methods.contains(&OtpMethod::Totp)));
        self.one(
            ("6.5.5", "a one-time password lives for 30 seconds"),
            "totp.skew",
            skew == 0 || !codes,
            if codes { format!("{skew} steps before and after count too") } else { "none is accepted".to_owned() },
            "write skew = 0",
        );
        let fresh = self.config.file.session.fresh;
        self.one(
            ("7.5.1", "who changes an account has signed in lately"),
            "session.fresh",
            fresh.0 <= Duration::from_secs(3600),
            format!("{fresh}"),
            "write at most \"1h\"; \"10m\" is the default",
        );
        let per_user = self.config.file.session.per_user;
        let words = format!("{per_user}; beyond them the oldest goes");
        self.say("7.1.2", "how many sessions one account may have is defined", Verdict::Ok, Some("session.per_user"), words);
        self.proven("6.2.4", "the first 3,000 passwords that anybody would guess are not taken", PASSWORDS);
        self.proven("6.5.1", "codes, recovery codes and approvals are good once", TOTP_ONCE);
        self.proven("6.5.2", "recovery codes are kept as hashes", RECOVERY_CODES);
        self.proven("6.5.3", "numbers are drawn uniformly", NUMBERS);
        self.proven("6.6.2", "an approval is bound to its request", BOUND);
        self.proven("7.2.3", "a session's secret has 256 bits", SESSIONS);
        self.proven("7.2.4", "a sign-in draws a new session secret, and the old one ends", SESSIONS);
        self.proven("7.4.2", "who is switched off has no session", SWITCHED_OFF);
        self.operator("6.1.1", "the defence against guessing is documented", "[regulation] and [approval] of this config are it");
        self.operator(
            "6.2.12",
            "passwords are checked against breached ones",
            "the common ones alone are, in this build; a directory may check more",
        );
        self.operator("6.4.4", "who lost a factor is identified as at enrolment", "by the person who sends the new invitation");
        self.operator("7.1.1", "lifetimes of sessions are documented", "[session] of this config is it");
    }
}

const PASSWORDS: &str = "src/factor/password.rs::first_guesses_are_not_taken_and_no_composition_is_asked_for";
const RECOVERY_CODES: &str = "src/factor/recovery_code.rs::a_recovery_code_is_good_once_and_a_new_set_ends_the_old_t37";
const NUMBERS: &str = "src/approval/number.rs::every_number_is_drawn_alike_t42";
const PEACE: &str = "src/approval/tests.rs::unanswered_questions_are_followed_by_growing_silence_t41";
const TOTP_ONCE: &str = "src/factor/totp.rs::a_code_is_accepted_once_however_many_come_at_once_t37";
const GUESSES: &str = "src/portal/tests/effort.rs::of_two_hundred_guesses_at_once_few_are_evaluated_t39";
const SESSIONS: &str = "src/session/tests.rs::a_rise_of_privilege_changes_the_cookie_and_ends_the_old_one_t26";
const BOUND: &str = "src/approval/tests.rs::an_answer_is_refused_that_was_altered_replayed_or_given_by_another";
const SWITCHED_OFF: &str = "src/session/tests.rs::a_user_switched_off_by_the_account_alone_has_no_session_even_after_a_restart";

/// Whether a phone may be asked there.
fn asks_phones(demands: &Merged<'_>) -> bool {
    let primary = demands.primary_factor.as_ref().is_some_and(|said| said.demand.methods.contains(&PrimaryMethod::Push));
    let second = demands.otp.as_ref().is_some_and(|said| said.demand.methods.contains(&OtpMethod::Push));
    primary || second
}

/// Why a sign-in there is not by two factors of different kinds: the key, why, and what would do.
fn weaknesses(place: &Place<'_>) -> Vec<(String, &'static str, &'static str)> {
    let mut weak = Vec::new();
    let demands = &place.demands;
    if let Some(said) = &demands.primary_factor
        && said.demand.methods.contains(&PrimaryMethod::Push)
    {
        let why = "the phone replaces the password: something held, and nothing known";
        weak.push((format!("{}.methods", said.path), why, "accept passwords there, and the phone under `otp`"));
    }
    match demands.otp.as_ref().filter(|said| said.demand.mode != Mode::Off) {
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

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fails = self.findings.iter().filter(|finding| finding.verdict == Verdict::Fails).count();
        let of = self.app.as_ref().map_or_else(String::new, |app| format!(" of {app}"));
        let met = if fails == 0 { "met, as far as a config can".to_owned() } else { format!("{fails} not met") };
        writeln!(out, "profile {}{of} ({}): {met}", self.profile.word(), self.profile.standard())?;
        for finding in &self.findings {
            let verdict = match finding.verdict {
                Verdict::Ok => "ok",
                Verdict::Fails => "FAILS",
                Verdict::Proven => "proven",
                Verdict::Operator => "operator",
            };
            writeln!(out, "  {verdict:<9} {:<9} {}", finding.section, finding.requirement)?;
            let line = if finding.line == 0 { String::new() } else { format!("  (line {})", finding.line) };
            let key = finding.key.as_ref().map_or_else(String::new, |key| format!("{key}: "));
            writeln!(out, "                      {key}{}{line}", finding.words)?;
            if let Some(mend) = &finding.mend {
                writeln!(out, "                      mend: {mend}")?;
            }
        }
        Ok(())
    }
}

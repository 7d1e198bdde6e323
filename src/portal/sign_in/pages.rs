//! The steps of a sign-in, and how it ends.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;

use crate::portal::kit::paths;
use crate::chain::refusal::Refusal;
use crate::portal::kit::barrier::{Barrier, Mark};
use crate::portal::kit::moment::lasting;
use crate::portal::kit::page::{Frame, Page};

/// Where the traveller wants to go.
#[derive(Clone, Debug)]
pub struct Destination {
    /// What people call the app.
    pub title: String,
    /// Its host, as the address bar will show it.
    pub host: String,
    /// Whether something was posted and is kept until the sign-in is done.
    pub holds_post: bool,
}

/// What the steps have in common.
#[derive(Clone, Debug)]
pub struct Step {
    /// The six marks.
    pub barrier: Barrier,
    /// The app; `None` for the portal itself.
    pub destination: Option<Destination>,
    /// The id of the departure, sent back as `for`.
    pub departure: Option<String>,
    /// Why the chain asks: `Turn::refusal`.
    pub why: Refusal,
    /// What was wrong with the last attempt.
    pub problem: Option<Problem>,
}

/// What was wrong with an attempt. The same words whoever was named (T31).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Unknown user, wrong password, locked account: told alike.
    WrongCredentials,
    /// Another name than that of this user, whose certificate the connection shows: told alike, whatever was typed.
    CertificateOf(Arc<str>),
    /// Not the code that is valid now.
    WrongCode,
    /// Not one of the recovery codes that are left.
    WrongRecoveryCode,
    /// Nothing was entered, or not the right number of digits.
    Incomplete,
    /// Too many at once; nothing was judged.
    Busy,
    /// A directory that judges passwords does not answer.
    DirectoryUnavailable,
    /// Two passwords are asked for, and one was entered.
    BothNeeded,
    /// The browser does not keep cookies, so that nothing entered is remembered.
    CookiesBlocked,
    /// What the phone was asked is over, or was lost with a restart.
    QuestionOver,
    /// Too many failures: the next attempt counts after this time.
    SlowDown(Duration),
}

impl Problem {
    pub(in crate::portal) fn text(&self, frame: &Frame) -> String {
        match self {
            Self::WrongCredentials => frame.say("problem-wrong-credentials"),
            Self::CertificateOf(user) => frame.with("problem-certificate-of", "user", frame.short(user)),
            Self::WrongCode => frame.say("problem-wrong-code"),
            Self::WrongRecoveryCode => frame.say("problem-wrong-recovery-code"),
            Self::Incomplete => frame.say("problem-incomplete"),
            Self::Busy => frame.say("problem-busy"),
            Self::DirectoryUnavailable => frame.say("problem-directory-unavailable"),
            Self::BothNeeded => frame.say("problem-both-needed"),
            Self::CookiesBlocked => frame.say("problem-cookies-blocked"),
            Self::QuestionOver => frame.say("problem-question-over"),
            Self::SlowDown(wait) => frame.with("problem-slow-down", "wait", lasting(*wait, frame.language)),
        }
    }
}

impl Step {
    /// "Wiki asks for a one-time password."
    pub(in crate::portal) fn why(&self, frame: &Frame) -> String {
        let app = self.destination.as_ref().map_or_else(|| frame.organisation_name(), |destination| &destination.title);
        frame.with(&format!("why-{}", dashed(self.why.code())), "app", app)
    }

    /// `/sign-in` with this departure and, where given, another method.
    fn path(&self, method: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        if let Some(departure) = &self.departure {
            query.append_pair("for", departure);
        }
        if !method.is_empty() {
            query.append_pair("method", method);
        }
        let query = query.finish();
        if query.is_empty() { paths::SIGN_IN.to_owned() } else { format!("{}?{query}", paths::SIGN_IN) }
    }
}

/// Message keys have dashes where codes have underscores.
pub(in crate::portal) fn dashed(code: &str) -> String {
    code.replace('_', "-")
}

/// User name and password.
#[derive(Debug, Template)]
#[template(path = "sign_in/password.html")]
pub struct PasswordPage {
    /// The frame.
    pub frame: Frame,
    /// The step.
    pub step: Step,
    /// What was typed as the user name before, or whom a fresh sign-in is asked of.
    pub user: String,
    /// Whether it must be this user (a session is there, only older than asked).
    pub user_is_fixed: bool,
    /// Whether our own password and the directory's are asked for together.
    pub both: bool,
    /// Where the phone is asked instead.
    pub push_at: Option<String>,
}

/// A one-time password.
#[derive(Debug, Template)]
#[template(path = "sign_in/otp.html")]
pub struct OtpPage {
    /// The frame.
    pub frame: Frame,
    /// The step.
    pub step: Step,
    /// Who is signing in.
    pub user: String,
    /// What is asked for.
    pub method: OtpMethod,
    /// What could be used instead.
    pub others: Vec<OtpMethod>,
    /// Where the phone is asked instead.
    pub push_at: Option<String>,
}

impl OtpPage {
    const fn heading(&self) -> &'static str {
        match self.method {
            OtpMethod::Totp => "otp-title-totp",
            OtpMethod::RecoveryCode => "otp-title-recovery",
        }
    }
}

/// What a one-time password can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OtpMethod {
    /// Six digits of an authenticator app.
    Totp,
    /// One of the ten codes on paper.
    RecoveryCode,
}

impl OtpMethod {
    /// As the form and the chain say it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Totp => "totp",
            Self::RecoveryCode => "recovery_code",
        }
    }
}

/// Registering this browser with a one-time password; the same code passes check 6.
#[derive(Debug, Template)]
#[template(path = "sign_in/browser.html")]
pub struct BrowserPage {
    /// The frame.
    pub frame: Frame,
    /// The step.
    pub step: Step,
    /// Who is signing in.
    pub user: String,
    /// What is asked for.
    pub method: OtpMethod,
    /// What could be used instead.
    pub others: Vec<OtpMethod>,
    /// Where the phone is asked instead.
    pub push_at: Option<String>,
    /// What to call this browser, proposed: "Firefox on Windows".
    pub name: String,
    /// How long it stays registered.
    pub lasts_days: u64,
    /// Whether the code passes check 6 too.
    pub passes_otp_too: bool,
}

/// A second factor is asked for and the user has none that would do: what is missing, and how it is got. Never by the
/// password alone (T36).
#[derive(Debug, Template)]
#[template(path = "sign_in/no_authenticator.html")]
pub struct NoAuthenticatorPage {
    /// The frame.
    pub frame: Frame,
    /// The step.
    pub step: Step,
    /// Who is signing in.
    pub user: String,
    /// What is missing.
    pub missing: Missing,
}

/// What somebody lacks to pass a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// An authenticator app.
    Authenticator,
    /// A phone.
    Phone,
    /// One of the two.
    Either,
    /// Nothing, but the approvals of the phone are suspended or locked.
    Rest,
}

impl NoAuthenticatorPage {
    const fn words(&self) -> (&'static str, &'static str, &'static str, &'static str) {
        let link = "no-second-administrator";
        match self.missing {
            Missing::Authenticator => ("no-authenticator-title", "no-authenticator-what", "no-authenticator-ask", link),
            Missing::Phone => ("no-phone-title", "no-phone-what", "no-phone-ask", link),
            Missing::Either => ("no-second-title", "no-second-what", "no-second-ask", link),
            Missing::Rest => ("phone-rests-title", "phone-rests-what", "phone-rests-ask", "phone-rests-administrator"),
        }
    }

    fn command(&self) -> String {
        let user = &self.user;
        match self.missing {
            Missing::Authenticator | Missing::Either => format!("“sekisho user reset-factor {user} authenticator”"),
            Missing::Phone => format!("“sekisho push invite {user}”"),
            Missing::Rest => format!("“sekisho push resume {user}”, “sekisho push unlock {user}”"),
        }
    }
}

/// Locked for a while: nothing is judged until then.
#[derive(Debug, Template)]
#[template(path = "sign_in/slow_down.html")]
pub struct SlowDownPage {
    /// The frame.
    pub frame: Frame,
    /// Where one stands, if known.
    pub barrier: Option<Barrier>,
    /// The id of the departure.
    pub departure: Option<String>,
    /// How long still.
    pub retry_after: Duration,
}

impl SlowDownPage {
    fn wait(&self) -> String {
        lasting(self.retry_after, self.frame.language)
    }

    fn back(&self) -> String {
        self.departure.as_ref().map_or_else(
            || paths::SIGN_IN.to_owned(),
            |departure| {
                format!(
                    "{}?{}",
                    paths::SIGN_IN,
                    url::form_urlencoded::Serializer::new(String::new()).append_pair("for", departure).finish()
                )
            },
        )
    }
}

/// This sign-in is over: it took too long, or was finished in another tab.
#[derive(Debug, Template)]
#[template(path = "sign_in/expired.html")]
pub struct ExpiredPage {
    /// The frame.
    pub frame: Frame,
    /// The app it was for, if still known: its address begins again.
    pub start_over: Option<Destination>,
}

/// What was posted could not be kept over the sign-in.
#[derive(Debug, Template)]
#[template(path = "sign_in/not_kept.html")]
pub struct NotKeptPage {
    /// The frame.
    pub frame: Frame,
    /// The app.
    pub destination: Destination,
    /// Why.
    pub reason: NotKept,
    /// Whether the sign-in is done by now; else `go_on` leads to it.
    pub signed_in: bool,
    /// The page to go on to, without what was posted.
    pub go_on: String,
}

/// Why a posted body was not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotKept {
    /// Larger than is held.
    TooLarge,
    /// It came from a page of another site.
    Foreign,
    /// The sign-in took too long.
    Expired,
    /// Too much is held at present.
    Full,
    /// For a reason that is not known any more.
    Unsaid,
}

impl NotKeptPage {
    const fn why(&self) -> &'static str {
        match self.reason {
            NotKept::TooLarge => "not-kept-too-large",
            NotKept::Foreign => "not-kept-foreign",
            NotKept::Expired => "not-kept-expired",
            NotKept::Full => "not-kept-full",
            NotKept::Unsaid => "not-kept-unsaid",
        }
    }
}

/// Signing out: asks what of.
#[derive(Debug, Template)]
#[template(path = "sign_out/sign_out.html")]
pub struct SignOutPage {
    /// The frame.
    pub frame: Frame,
    /// How many other sessions the user has.
    pub other_sessions: usize,
}

impl SignOutPage {
    const fn elsewhere(&self) -> bool {
        self.other_sessions > 0
    }
}

/// Signed out.
#[derive(Debug, Template)]
#[template(path = "sign_out/signed_out.html")]
pub struct SignedOutPage {
    /// The frame.
    pub frame: Frame,
    /// What of.
    pub scope: SignedOut,
}

/// What was signed out of.
#[derive(Clone, Debug)]
pub enum SignedOut {
    /// Of one app; the portal and the others go on.
    App(String),
    /// Of this browser's session: the portal and every app.
    Here,
    /// Of every session on every device.
    Everywhere,
}

impl SignedOut {
    fn text(&self, frame: &Frame) -> String {
        match self {
            Self::App(app) => frame.with("signed-out-of-app", "app", app),
            Self::Here => frame.say("signed-out-here"),
            Self::Everywhere => frame.say("signed-out-everywhere"),
        }
    }
}

/// A step as samples show it.
pub(in crate::portal) fn sample_step(marks: [Mark; 6], why: Refusal, problem: Option<Problem>) -> Step {
    Step {
        barrier: Barrier(marks),
        destination: Some(Destination { title: "Wiki".to_owned(), host: "wiki.example.com".to_owned(), holds_post: false }),
        departure: Some("8mL2xQ".to_owned()),
        why,
        problem,
    }
}

/// A destination whose names were chosen by somebody with bad intentions.
pub(in crate::portal) fn hostile_destination() -> Destination {
    Destination { title: crate::portal::samples::hostile(), host: "a".repeat(10_000), holds_post: true }
}

use Mark::{Done, NotNeeded, Now, ToCome};

impl Page for PasswordPage {
    const NAME: &'static str = "sign-in-password";

    fn samples(frame: &Frame) -> Vec<Self> {
        let marks = [Done, Done, NotNeeded, Now, NotNeeded, ToCome];
        let page = |step: Step, user: &str, user_is_fixed| Self {
            frame: frame.clone(),
            user: user.to_owned(),
            user_is_fixed,
            both: matches!(step.problem, Some(Problem::BothNeeded | Problem::DirectoryUnavailable)),
            push_at: user_is_fixed.then(|| "/sign-in?for=8mL2xQ&method=push".to_owned()),
            step,
        };
        let mut posting = sample_step(marks, Refusal::PrimaryFactorMissing, None);
        posting.destination.iter_mut().for_each(|destination| destination.holds_post = true);
        let mut hostile = sample_step(marks, Refusal::PrimaryFactorMethod, Some(Problem::SlowDown(Duration::from_secs(40))));
        hostile.destination = Some(hostile_destination());
        let mut portal =
            sample_step([NotNeeded, NotNeeded, NotNeeded, Now, NotNeeded, NotNeeded], Refusal::PrimaryFactorMissing, None);
        portal.destination = None;
        portal.departure = None;
        vec![
            page(sample_step(marks, Refusal::PrimaryFactorMissing, None), "", false),
            page(sample_step(marks, Refusal::PrimaryFactorMissing, Some(Problem::WrongCredentials)), "alice", false),
            page(sample_step(marks, Refusal::PrimaryFactorMissing, Some(Problem::CertificateOf("alice".into()))), "alice", false),
            page(posting, "", false),
            page(portal, "", false),
            page(sample_step(marks, Refusal::PrimaryFactorTooOld, Some(Problem::Busy)), "alice", true),
            page(sample_step(marks, Refusal::PrimaryFactorMissing, Some(Problem::CookiesBlocked)), "", false),
            page(sample_step(marks, Refusal::PrimaryFactorMissing, Some(Problem::BothNeeded)), "alice", false),
            page(sample_step(marks, Refusal::PrimaryFactorMissing, Some(Problem::DirectoryUnavailable)), "alice", false),
            page(hostile, &crate::portal::samples::hostile(), false),
        ]
    }
}

impl Page for OtpPage {
    const NAME: &'static str = "sign-in-otp";

    fn samples(frame: &Frame) -> Vec<Self> {
        let marks = [Done, NotNeeded, NotNeeded, Done, Done, Now];
        let page = |why, problem, method, others: &[OtpMethod]| Self {
            frame: frame.clone(),
            step: sample_step(marks, why, problem),
            user: "alice".to_owned(),
            method,
            others: others.to_vec(),
            push_at: others.is_empty().then(|| "/sign-in?for=8mL2xQ&method=push".to_owned()),
        };
        let mut hostile = page(Refusal::OtpMissing, Some(Problem::Incomplete), OtpMethod::Totp, &[]);
        hostile.user = crate::portal::samples::hostile();
        hostile.step.destination = Some(hostile_destination());
        vec![
            page(Refusal::OtpMissing, None, OtpMethod::Totp, &[OtpMethod::RecoveryCode]),
            page(Refusal::OtpTooOld, Some(Problem::WrongCode), OtpMethod::Totp, &[OtpMethod::RecoveryCode]),
            page(Refusal::OtpMethod, None, OtpMethod::RecoveryCode, &[OtpMethod::Totp]),
            page(Refusal::OtpMissing, Some(Problem::WrongRecoveryCode), OtpMethod::RecoveryCode, &[]),
            hostile,
        ]
    }
}

impl Page for BrowserPage {
    const NAME: &'static str = "sign-in-browser";

    fn samples(frame: &Frame) -> Vec<Self> {
        let page = |why, problem, method, other, name: &str, passes_otp_too: bool, last| Self {
            frame: frame.clone(),
            step: sample_step([Done, NotNeeded, NotNeeded, Done, Now, last], why, problem),
            user: "alice".to_owned(),
            method,
            others: vec![other],
            push_at: (!passes_otp_too).then(|| "/sign-in?for=8mL2xQ&method=push".to_owned()),
            name: name.to_owned(),
            lasts_days: 180,
            passes_otp_too,
        };
        let (totp, recovery) = (OtpMethod::Totp, OtpMethod::RecoveryCode);
        vec![
            page(Refusal::BrowserNotRegistered, None, totp, recovery, "Firefox (Windows)", true, ToCome),
            page(
                Refusal::BrowserRegisteredOtherwise,
                Some(Problem::WrongCode),
                recovery,
                totp,
                "Safari (iPhone)",
                false,
                NotNeeded,
            ),
            page(Refusal::BrowserNotRegistered, None, totp, recovery, &crate::portal::samples::hostile(), false, NotNeeded),
        ]
    }
}

impl Page for NoAuthenticatorPage {
    const NAME: &'static str = "sign-in-no-authenticator";

    fn samples(frame: &Frame) -> Vec<Self> {
        let page = |missing, user: &str| Self {
            frame: frame.clone(),
            step: sample_step([Done, NotNeeded, NotNeeded, Done, NotNeeded, Now], Refusal::OtpMissing, None),
            user: user.to_owned(),
            missing,
        };
        let all = [Missing::Authenticator, Missing::Phone, Missing::Either, Missing::Rest];
        all.map(|missing| page(missing, "alice")).into_iter().chain([page(Missing::Either, &crate::portal::samples::hostile())]).collect()
    }
}

impl Page for SlowDownPage {
    const NAME: &'static str = "sign-in-slow-down";

    fn samples(frame: &Frame) -> Vec<Self> {
        let page = |barrier, seconds, departure: Option<&str>| Self {
            frame: frame.clone(),
            barrier,
            departure: departure.map(str::to_owned),
            retry_after: Duration::from_secs(seconds),
        };
        vec![
            page(Some(Barrier([Done, NotNeeded, NotNeeded, Now, NotNeeded, ToCome])), 900, Some("8mL2xQ")),
            page(None, 25, None),
            page(None, 7200, None),
        ]
    }
}

impl Page for ExpiredPage {
    const NAME: &'static str = "sign-in-expired";

    fn samples(frame: &Frame) -> Vec<Self> {
        let wiki = Destination { title: "Wiki".to_owned(), host: "wiki.example.com".to_owned(), holds_post: false };
        [None, Some(wiki.clone()), Some(Destination { title: crate::portal::samples::hostile(), ..wiki })]
            .into_iter()
            .map(|start_over| Self { frame: frame.clone(), start_over })
            .collect()
    }
}

impl Page for NotKeptPage {
    const NAME: &'static str = "sign-in-not-kept";

    fn samples(frame: &Frame) -> Vec<Self> {
        [NotKept::TooLarge, NotKept::Foreign, NotKept::Expired, NotKept::Full, NotKept::Unsaid]
            .into_iter()
            .map(|reason| Self {
                frame: frame.clone(),
                destination: Destination { title: "Wiki".to_owned(), host: "wiki.example.com".to_owned(), holds_post: false },
                reason,
                signed_in: reason == NotKept::Expired,
                go_on: "https://wiki.example.com/edit/Start".to_owned(),
            })
            .collect()
    }
}

impl Page for SignOutPage {
    const NAME: &'static str = "sign-out";

    fn samples(frame: &Frame) -> Vec<Self> {
        [0, 1, 4].into_iter().map(|other_sessions| Self { frame: frame.clone(), other_sessions }).collect()
    }
}

impl Page for SignedOutPage {
    const NAME: &'static str = "signed-out";

    fn samples(frame: &Frame) -> Vec<Self> {
        [SignedOut::App("Wiki".to_owned()), SignedOut::Here, SignedOut::Everywhere, SignedOut::App(crate::portal::samples::hostile())]
            .into_iter()
            .map(|scope| Self { frame: frame.clone(), scope })
            .collect()
    }
}

/// The end of what a form began: the browser goes on from here, by itself or by a link.
#[derive(Debug, Template)]
#[template(path = "sign_in/continue.html")]
pub struct ContinuePage {
    /// The frame.
    pub frame: Frame,
    /// The app that it leads to, as people call it.
    pub app: String,
    /// The address of ours that leads there.
    pub next: String,
}

impl Page for ContinuePage {
    const NAME: &'static str = "continue";

    fn samples(frame: &Frame) -> Vec<Self> {
        let next = "/continue".to_owned();
        ["Wiki".to_owned(), crate::portal::samples::hostile()]
            .into_iter()
            .map(|app| Self { frame: frame.clone(), app, next: next.clone() })
            .collect()
    }
}

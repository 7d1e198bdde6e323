//! The steps that a one-time password passes: check 6, and registering this browser for check 5.

use askama::Template;

use crate::chain::refusal::Refusal;
use crate::portal::kit::barrier::CheckMark::{Done, NotNeeded, Now, ToCome};
use crate::portal::kit::destination::hostile_destination;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::sample::hostile;
use crate::portal::sign_in::step::{SignInStep, StepProblem, sample_step};

/// A one-time password.
#[derive(Debug, Template)]
#[template(path = "sign_in/otp.html")]
pub struct OtpPage {
    /// The frame.
    pub frame: Frame,
    /// The step.
    pub step: SignInStep,
    /// Who is signing in.
    pub user: String,
    /// What is asked for.
    pub method: CodeMethod,
    /// What could be used instead.
    pub others: Vec<CodeMethod>,
    /// Where the phone is asked instead.
    pub push_at: Option<String>,
    /// Whether a passkey could be used instead.
    pub has_passkey: bool,
}

impl OtpPage {
    fn passkey_at(&self) -> Option<String> {
        self.has_passkey.then(|| self.step.path("passkey"))
    }

    const fn heading(&self) -> &'static str {
        match self.method {
            CodeMethod::Totp => "otp-title-totp",
            CodeMethod::RecoveryCode => "otp-title-recovery",
        }
    }
}

/// What a one-time password can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeMethod {
    /// Six digits of an authenticator app.
    Totp,
    /// One of the ten codes on paper.
    RecoveryCode,
}

impl CodeMethod {
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
    pub step: SignInStep,
    /// Who is signing in.
    pub user: String,
    /// What is asked for.
    pub method: CodeMethod,
    /// What could be used instead.
    pub others: Vec<CodeMethod>,
    /// Where the phone is asked instead.
    pub push_at: Option<String>,
    /// Whether a passkey could be used instead.
    pub has_passkey: bool,
    /// Where an administrator is asked instead.
    pub apply_at: Option<String>,
    /// What to call this browser, proposed: "Firefox on Windows".
    pub name: String,
    /// How long it stays registered.
    pub lasts_days: u64,
    /// Whether the code passes check 6 too.
    pub passes_otp_too: bool,
}

impl BrowserPage {
    fn passkey_at(&self) -> Option<String> {
        self.has_passkey.then(|| self.step.path("passkey"))
    }
}

/// A second factor is asked for and the user has none that is accepted: what is missing, and how to get it. Never by the
/// password alone (T36).
#[derive(Debug, Template)]
#[template(path = "sign_in/no_authenticator.html")]
pub struct NoAuthenticatorPage {
    /// The frame.
    pub frame: Frame,
    /// The step.
    pub step: SignInStep,
    /// Who is signing in.
    pub user: String,
    /// What is missing.
    pub missing: Missing,
}

impl NoAuthenticatorPage {
    const fn words(&self) -> (&'static str, &'static str, &'static str, &'static str) {
        let link = "no-second-administrator";
        match self.missing {
            Missing::Authenticator => ("no-authenticator-title", "no-authenticator-what", "no-authenticator-ask", link),
            Missing::Phone => ("no-phone-title", "no-phone-what", "no-phone-ask", link),
            Missing::Either => ("no-second-title", "no-second-what", "no-second-ask", link),
            Missing::Passkey => ("no-passkey-title", "no-passkey-what", "no-passkey-ask", link),
            Missing::Rest => ("phone-rests-title", "phone-rests-what", "phone-rests-ask", "phone-rests-administrator"),
        }
    }

    fn command(&self) -> String {
        let user = &self.user;
        match self.missing {
            Missing::Authenticator | Missing::Either => format!("“sekisho user reset-factor {user} authenticator”"),
            Missing::Phone => format!("“sekisho push invite {user}”"),
            Missing::Passkey => format!("“sekisho user reset-factor {user} passkeys”"),
            Missing::Rest => format!("“sekisho push resume {user}”, “sekisho push unlock {user}”"),
        }
    }
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
    /// A passkey.
    Passkey,
    /// Nothing, but the approvals of the phone are suspended or locked.
    Rest,
}

impl PortalPage for OtpPage {
    const NAME: &'static str = "sign-in-otp";

    fn samples(frame: &Frame) -> Vec<Self> {
        let marks = [Done, NotNeeded, NotNeeded, Done, Done, Now];
        let page = |why, problem, method, others: &[CodeMethod]| Self {
            frame: frame.clone(),
            step: sample_step(marks, why, problem),
            user: "alice".to_owned(),
            method,
            others: others.to_vec(),
            has_passkey: others.is_empty(),
            push_at: others.is_empty().then(|| "/sign-in?for=8mL2xQ&method=push".to_owned()),
        };
        let mut worst = page(Refusal::OtpMissing, Some(StepProblem::Incomplete), CodeMethod::Totp, &[]);
        worst.user = hostile();
        worst.step.destination = Some(hostile_destination());
        vec![
            page(Refusal::OtpMissing, None, CodeMethod::Totp, &[CodeMethod::RecoveryCode]),
            page(Refusal::OtpTooOld, Some(StepProblem::WrongCode), CodeMethod::Totp, &[CodeMethod::RecoveryCode]),
            page(Refusal::OtpMethod, None, CodeMethod::RecoveryCode, &[CodeMethod::Totp]),
            page(Refusal::OtpMissing, Some(StepProblem::WrongRecoveryCode), CodeMethod::RecoveryCode, &[]),
            worst,
        ]
    }
}

impl PortalPage for BrowserPage {
    const NAME: &'static str = "sign-in-browser";

    fn samples(frame: &Frame) -> Vec<Self> {
        let page = |why, problem, method, other, name: &str, passes_otp_too: bool, last| Self {
            frame: frame.clone(),
            step: sample_step([Done, NotNeeded, NotNeeded, Done, Now, last], why, problem),
            user: "alice".to_owned(),
            method,
            others: vec![other],
            has_passkey: !passes_otp_too,
            push_at: (!passes_otp_too).then(|| "/sign-in?for=8mL2xQ&method=push".to_owned()),
            apply_at: passes_otp_too.then(|| "/sign-in?for=8mL2xQ&method=apply".to_owned()),
            name: name.to_owned(),
            lasts_days: 180,
            passes_otp_too,
        };
        let (totp, recovery) = (CodeMethod::Totp, CodeMethod::RecoveryCode);
        vec![
            page(Refusal::BrowserNotRegistered, None, totp, recovery, "Firefox (Windows)", true, ToCome),
            page(
                Refusal::BrowserRegisteredOtherwise,
                Some(StepProblem::WrongCode),
                recovery,
                totp,
                "Safari (iPhone)",
                false,
                NotNeeded,
            ),
            page(Refusal::BrowserNotBound, None, totp, recovery, "Chrome (Windows)", false, NotNeeded),
            page(Refusal::BrowserNotRegistered, None, totp, recovery, &hostile(), false, NotNeeded),
        ]
    }
}

impl PortalPage for NoAuthenticatorPage {
    const NAME: &'static str = "sign-in-no-authenticator";

    fn samples(frame: &Frame) -> Vec<Self> {
        let page = |missing, user: &str| Self {
            frame: frame.clone(),
            step: sample_step([Done, NotNeeded, NotNeeded, Done, NotNeeded, Now], Refusal::OtpMissing, None),
            user: user.to_owned(),
            missing,
        };
        let all = [Missing::Authenticator, Missing::Phone, Missing::Either, Missing::Passkey, Missing::Rest];
        all.map(|missing| page(missing, "alice")).into_iter().chain([page(Missing::Either, &hostile())]).collect()
    }
}

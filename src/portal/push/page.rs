//! Signing in by a phone: the user name alone, the page that waits for the phone, and the same for the steps after it.

use std::time::Duration;

use askama::Template;

use crate::approval::number::Carried;
use crate::chain::refusal::Refusal;
use crate::portal::kit::barrier::CheckMark::{Done, NotNeeded, Now, ToCome};
use crate::portal::kit::destination::hostile_destination;
use crate::portal::kit::number::sample_number;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::sample::hostile;
use crate::portal::passkey::part::PasskeyOffer;
use crate::portal::sign_in::step::{SignInStep, StepProblem, sample_step};
use crate::principal::number_style::NumberStyle;

/// The user name alone: the phone is asked next.
#[derive(Debug, Template)]
#[template(path = "push/ask.html")]
pub struct PushPage {
    /// The frame.
    pub frame: Frame,
    /// The step.
    pub step: SignInStep,
    /// What was typed before, or the user whose fresh sign-in is asked for.
    pub user: String,
    /// Whether it must be this user.
    pub user_is_fixed: bool,
    /// Whether a password would do too.
    pub password_at: Option<String>,
    /// Whether that is a password, and not an identity provider alone.
    pub by_password: bool,
    /// A passkey, where one does as well.
    pub passkey: Option<PasskeyOffer>,
}

/// What a phone is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneStep {
    /// Check 4.
    SignIn,
    /// Check 5: a number registers the browser.
    Browser,
    /// Check 6.
    SecondFactor,
}

/// How a question ended without an approval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuestionEnd {
    /// Denied, or the wrong number was chosen.
    Denied,
    /// Nobody answered.
    Expired,
    /// Withdrawn here.
    Cancelled,
    /// Another window of this browser asked again.
    Superseded,
}

/// Waiting for the phone. The page is the same whether a phone was asked or not.
#[derive(Debug, Template)]
#[template(path = "push/waiting.html")]
pub struct WaitingPage {
    /// The frame.
    pub frame: Frame,
    /// The step.
    pub step: SignInStep,
    /// Who signs in.
    pub user: String,
    /// What for.
    pub asked: PhoneStep,
    /// The number to carry over to the phone, where there is one.
    pub number: Option<Carried>,
    /// How long it may still be answered.
    pub left: Duration,
    /// How it ended, if it did.
    pub over: Option<QuestionEnd>,
    /// Another way to pass this check.
    pub other_at: Option<String>,
}

impl WaitingPage {
    const fn heading(&self) -> &'static str {
        match (self.over, self.asked) {
            (Some(QuestionEnd::Denied), _) => "push-denied-title",
            (Some(QuestionEnd::Expired), _) => "push-expired-title",
            (Some(QuestionEnd::Cancelled), _) => "push-cancelled-title",
            (Some(QuestionEnd::Superseded), _) => "push-superseded-title",
            (None, PhoneStep::Browser) => "push-browser-title",
            (None, PhoneStep::SignIn | PhoneStep::SecondFactor) => "push-waiting-title",
        }
    }

    const fn what(&self) -> &'static str {
        match self.over {
            Some(QuestionEnd::Denied) => "push-denied-what",
            Some(QuestionEnd::Expired) => "push-expired-what",
            Some(QuestionEnd::Cancelled) => "push-cancelled-what",
            Some(QuestionEnd::Superseded) => "push-superseded-what",
            None => match &self.number {
                Some(Carried { by_passkey: true, .. }) => "push-passkey-what",
                Some(Carried { style: NumberStyle::Choose, .. }) => "push-number-what",
                Some(Carried { style: NumberStyle::Type, .. }) => "push-number-type-what",
                Some(Carried { style: NumberStyle::Scan, .. }) => "push-number-scan-what",
                None => "push-waiting-what",
            },
        }
    }

    fn state_at(&self) -> String {
        address(paths::PUSH_STATE, self.step.departure.as_deref())
    }

    fn next(&self) -> String {
        format!("{}&{}", address(paths::SIGN_IN, self.step.departure.as_deref()), paths::ASKED)
    }

    /// A code is shown, and nothing can be missing on a phone.
    fn is_by_passkey(&self) -> bool {
        self.number.as_ref().is_some_and(|number| number.by_passkey)
    }

    /// Where a code is read, that leads there by itself, and a second one beside it would be read instead.
    fn leads_to_approver(&self) -> bool {
        self.number.as_ref().is_none_or(|number| number.style != NumberStyle::Scan)
    }

    fn left_seconds(&self) -> u64 {
        self.left.as_secs()
    }

    fn asked_of(&self) -> &str {
        if self.asked == PhoneStep::SignIn { &self.user } else { "" }
    }
}

/// A step that the phone may answer, before it is asked: a button.
#[derive(Debug, Template)]
#[template(path = "push/phone.html")]
pub struct PhonePage {
    /// The frame.
    pub frame: Frame,
    /// The step.
    pub step: SignInStep,
    /// Who signs in.
    pub user: String,
    /// Whether it registers this browser by a number.
    pub registers: bool,
    /// Whether a code is shown, which a passkey on the phone answers.
    pub by_passkey: bool,
    /// Where an administrator is asked instead.
    pub apply_at: Option<String>,
}

impl PhonePage {
    const fn heading(&self) -> &'static str {
        if self.registers { "push-browser-title" } else { "push-phone-title" }
    }

    const fn what(&self) -> &'static str {
        match (self.by_passkey, self.registers) {
            (true, true) => "push-passkey-browser-what",
            (true, false) => "push-passkey-step-what",
            (false, true) => "push-browser-what",
            (false, false) => "push-phone-what",
        }
    }

    const fn submit(&self) -> &'static str {
        if self.by_passkey { "push-passkey-step-submit" } else { "push-phone-submit" }
    }
}

impl PortalPage for PhonePage {
    const NAME: &'static str = "sign-in-phone";

    fn samples(frame: &Frame) -> Vec<Self> {
        let alice = || "alice".to_owned();
        [(false, false, alice()), (true, false, hostile()), (false, true, alice()), (true, true, alice())]
            .map(|(registers, by_passkey, user)| Self {
                by_passkey,
                frame: frame.clone(),
                step: sample_step([Done, NotNeeded, NotNeeded, Done, NotNeeded, Now], Refusal::OtpMissing, None),
                user,
                registers,
                apply_at: registers.then(|| "/sign-in?for=8mL2xQ&method=apply".to_owned()),
            })
            .into()
    }
}

fn address(path: &str, departure: Option<&str>) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("for", departure.unwrap_or_default()).finish();
    format!("{path}?{query}")
}

impl PushPage {
    /// What the other way is called.
    const fn other_key(&self) -> &'static str {
        if self.by_password { "push-use-password" } else { "push-use-other" }
    }
}

impl PortalPage for PushPage {
    const NAME: &'static str = "sign-in-push";

    fn samples(frame: &Frame) -> Vec<Self> {
        let marks = [Done, NotNeeded, NotNeeded, Now, NotNeeded, NotNeeded];
        let page = |why, user: &str, user_is_fixed, password: bool| Self {
            frame: frame.clone(),
            step: sample_step(marks, why, None),
            user: user.to_owned(),
            user_is_fixed,
            password_at: password.then(|| "/sign-in?for=8mL2xQ&method=password".to_owned()),
            by_password: user.is_empty(),
            passkey: password.then_some(PasskeyOffer { conditional: true, first: false, browser_name: None }),
        };
        let mut worst = page(Refusal::PrimaryFactorMissing, &hostile(), false, true);
        worst.step.destination = Some(hostile_destination());
        let mut over = page(Refusal::PrimaryFactorMissing, "", false, false);
        over.step.problem = Some(StepProblem::QuestionOver);
        vec![
            page(Refusal::PrimaryFactorMissing, "", false, true),
            over,
            page(Refusal::PrimaryFactorTooOld, "alice", true, false),
            worst,
        ]
    }
}

impl PortalPage for WaitingPage {
    const NAME: &'static str = "sign-in-waiting";

    fn samples(frame: &Frame) -> Vec<Self> {
        let page = |asked, number: Option<NumberStyle>, over, other: bool| Self {
            frame: frame.clone(),
            step: sample_step([Done, NotNeeded, NotNeeded, Now, NotNeeded, ToCome], Refusal::PrimaryFactorMissing, None),
            user: "alice".to_owned(),
            asked,
            number: number.map(sample_number),
            left: Duration::from_secs(52),
            over,
            other_at: other.then(|| "/sign-in?for=8mL2xQ&method=password".to_owned()),
        };
        let mut by_passkey = page(PhoneStep::SignIn, Some(NumberStyle::Scan), None, true);
        by_passkey.number = by_passkey.number.map(Carried::for_passkey);
        let mut worst = page(PhoneStep::SignIn, None, Some(QuestionEnd::Superseded), true);
        worst.user = hostile();
        worst.step.destination = Some(hostile_destination());
        vec![
            page(PhoneStep::SignIn, Some(NumberStyle::Choose), None, true),
            page(PhoneStep::SecondFactor, None, None, true),
            page(PhoneStep::SignIn, None, Some(QuestionEnd::Denied), false),
            page(PhoneStep::SignIn, None, Some(QuestionEnd::Expired), true),
            page(PhoneStep::Browser, Some(NumberStyle::Type), None, false),
            page(PhoneStep::SecondFactor, Some(NumberStyle::Scan), None, true),
            page(PhoneStep::SignIn, None, Some(QuestionEnd::Cancelled), true),
            by_passkey,
            worst,
        ]
    }
}

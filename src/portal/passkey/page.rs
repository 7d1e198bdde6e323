//! A step of a sign-in that asks for a passkey and nothing else.

use askama::Template;

use crate::chain::Check;
use crate::chain::refusal::Refusal;
use crate::portal::idp::page::ProviderChoice;
use crate::portal::kit::barrier::CheckMark::{Done, NotNeeded, Now, ToCome};
use crate::portal::kit::destination::hostile_destination;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::sample::hostile;
use crate::portal::passkey::part::PasskeyOffer;
use crate::portal::sign_in::code_page::CodeMethod;
use crate::portal::sign_in::step::{SignInStep, StepProblem, sample_step};

/// A passkey is asked for.
#[derive(Debug, Template)]
#[template(path = "passkey/step.html")]
pub struct PasskeyPage {
    /// The frame.
    pub frame: Frame,
    /// The step.
    pub step: SignInStep,
    /// Which check it passes.
    pub check: Check,
    /// Who is signing in; empty at check 4.
    pub user: String,
    /// The box.
    pub offer: PasskeyOffer,
    /// Codes that could be used instead.
    pub others: Vec<CodeMethod>,
    /// Where the phone is asked instead.
    pub push_at: Option<String>,
    /// The identity providers that can be chosen instead.
    pub idp: ProviderChoice,
}

impl PasskeyPage {
    /// No link leads from here to here.
    const fn passkey_at(&self) -> Option<&String> {
        None
    }

    const fn heading(&self) -> &'static str {
        match self.check {
            Check::PrimaryFactor => "password-title",
            Check::Cookie => "browser-title",
            _ => "passkey-title",
        }
    }

    const fn how(&self) -> &'static str {
        match self.check {
            Check::PrimaryFactor => "passkey-how-sign-in",
            Check::Cookie => "passkey-how-browser",
            _ => "passkey-how",
        }
    }
}

impl PortalPage for PasskeyPage {
    const NAME: &'static str = "sign-in-passkey";

    fn samples(frame: &Frame) -> Vec<Self> {
        let page = |check, step: SignInStep, user: &str, browser_name: Option<&str>| Self {
            frame: frame.clone(),
            step,
            check,
            user: user.to_owned(),
            offer: PasskeyOffer { conditional: false, first: true, browser_name: browser_name.map(str::to_owned) },
            others: if user.is_empty() { Vec::new() } else { vec![CodeMethod::Totp, CodeMethod::RecoveryCode] },
            push_at: user.is_empty().then(|| "/sign-in?for=8mL2xQ&method=push".to_owned()),
            idp: if user.is_empty() { ProviderChoice::sample() } else { ProviderChoice::default() },
        };
        let first = [Done, NotNeeded, NotNeeded, Now, NotNeeded, ToCome];
        let browser = [Done, NotNeeded, NotNeeded, Done, Now, ToCome];
        let last = [Done, NotNeeded, NotNeeded, Done, NotNeeded, Now];
        let mut worst = sample_step(last, Refusal::OtpMissing, Some(StepProblem::PasskeyRefused));
        worst.destination = Some(hostile_destination());
        vec![
            page(Check::PrimaryFactor, sample_step(first, Refusal::PrimaryFactorMissing, None), "", None),
            page(
                Check::PrimaryFactor,
                sample_step(first, Refusal::PrimaryFactorMissing, Some(StepProblem::PasskeyNotVerified)),
                "",
                None,
            ),
            page(Check::Cookie, sample_step(browser, Refusal::BrowserNotRegistered, None), "alice", Some("Firefox (Windows)")),
            page(Check::Otp, sample_step(last, Refusal::OtpMissing, Some(StepProblem::PasskeyOver)), "alice", None),
            page(Check::Otp, worst, &hostile(), None),
        ]
    }
}

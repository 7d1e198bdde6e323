//! Pieces that the steps of a sign-in share: the head of a step, the hidden fields of its form, and the way to sign in as
//! another user.

use askama::Template;
use askama::filters::Safe;

use crate::portal::idp::page::ProviderChoice;
use crate::portal::kit::page::Frame;
use crate::portal::kit::parts::written;
use crate::portal::kit::paths;
use crate::portal::sign_in::step::SignInStep;

/// What stands over the form of a step.
#[derive(Template)]
#[template(path = "sign_in/step.html")]
struct StepPart<'a> {
    frame: &'a Frame,
    step: &'a SignInStep,
    title: &'a str,
    is_scripted: bool,
}

/// A link for a person who is not the user that signs in.
#[derive(Template)]
#[template(path = "sign_in/someone_else.html")]
struct SomeoneElsePart<'a> {
    frame: &'a Frame,
    departure: Option<&'a str>,
}

/// The identity providers that can be chosen.
#[derive(Template)]
#[template(path = "idp/providers.html")]
struct ProvidersPart<'a> {
    frame: &'a Frame,
    idp: &'a ProviderChoice,
    step: &'a SignInStep,
}

impl Frame {
    /// The head of a step: where to, the marks, the heading, why, and what went wrong.
    pub(in crate::portal) fn step(&self, step: &SignInStep, title: &str) -> Safe<String> {
        written(&StepPart { frame: self, step, title: &self.say(title), is_scripted: true })
    }

    /// The same for a page with a table of digits, beside which no script runs.
    pub(in crate::portal) fn step_of_table(&self, step: &SignInStep, title: &str) -> Safe<String> {
        written(&StepPart { frame: self, step, title: &self.say(title), is_scripted: false })
    }

    /// A way to sign in as somebody else, towards the same departure.
    pub(in crate::portal) fn someone_else(&self, departure: Option<&str>) -> Safe<String> {
        written(&SomeoneElsePart { frame: self, departure })
    }

    /// The identity providers that can be chosen.
    pub(in crate::portal) fn providers(&self, idp: &ProviderChoice, step: &SignInStep) -> Safe<String> {
        written(&ProvidersPart { frame: self, idp, step })
    }

    /// The hidden fields of a step's form.
    pub(in crate::portal) fn carried(&self, step: &SignInStep) -> Safe<String> {
        let Safe(mut fields) = self.token();
        if let Some(departure) = &step.departure {
            fields.push_str(&self.hidden("for", departure).0);
        }
        Safe(fields)
    }
}

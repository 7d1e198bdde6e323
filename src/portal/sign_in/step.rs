//! What the steps of a sign-in have in common.

use std::sync::Arc;
use std::time::Duration;

use crate::chain::refusal::Refusal;
use crate::portal::kit::barrier::{Barrier, CheckMark};
use crate::portal::kit::moment::lasting;
use crate::portal::kit::page::Frame;
use crate::portal::kit::paths;
use crate::portal::kit::sample::hostile;

/// What the steps have in common.
#[derive(Clone, Debug)]
pub struct SignInStep {
    /// The six marks.
    pub barrier: Barrier,
    /// The app; `None` for the portal itself.
    pub destination: Option<AppDestination>,
    /// The id of the departure, sent back as `for`.
    pub departure: Option<String>,
    /// Why the chain asks: `Turn::refusal`.
    pub why: Refusal,
    /// What was wrong with the last attempt.
    pub problem: Option<StepProblem>,
}

impl SignInStep {
    /// "Wiki asks for a one-time password."
    pub(in crate::portal) fn why(&self, frame: &Frame) -> String {
        let app = self.destination.as_ref().map_or_else(|| frame.organisation_name(), |destination| &destination.title);
        frame.with(&format!("why-{}", dashed(self.why.code())), "app", app)
    }

    /// `/sign-in` with this departure and, where given, another method.
    pub(in crate::portal) fn path(&self, method: &str) -> String {
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

/// The app that the sign-in leads to.
#[derive(Clone, Debug)]
pub struct AppDestination {
    /// What people call the app.
    pub title: String,
    /// Its host, as the address bar will show it.
    pub host: String,
    /// Whether something was posted and is kept until the sign-in is done.
    pub holds_post: bool,
}

/// What was wrong with an attempt. The words are the same for every user name (T31).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepProblem {
    /// Unknown user, wrong password, locked account: one answer.
    WrongCredentials,
    /// Another name than that of this user, whose certificate the connection shows: one answer, whatever was typed.
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

impl StepProblem {
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

/// Message keys have dashes where codes have underscores.
pub(in crate::portal) fn dashed(code: &str) -> String {
    code.replace('_', "-")
}

/// A step as samples show it.
pub(in crate::portal) fn sample_step(marks: [CheckMark; 6], why: Refusal, problem: Option<StepProblem>) -> SignInStep {
    SignInStep {
        barrier: Barrier(marks),
        destination: Some(AppDestination { title: "Wiki".to_owned(), host: "wiki.example.com".to_owned(), holds_post: false }),
        departure: Some("8mL2xQ".to_owned()),
        why,
        problem,
    }
}

/// A destination whose names were chosen by somebody with bad intentions.
pub(in crate::portal) fn hostile_destination() -> AppDestination {
    AppDestination { title: hostile(), host: "a".repeat(10_000), holds_post: true }
}

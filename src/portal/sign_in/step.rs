//! What the steps of a sign-in have in common.

use std::sync::Arc;
use std::time::Duration;

use crate::chain::policy::Policy;
use crate::chain::refusal::Refusal;
use crate::portal::kit::barrier::{Barrier, CheckMark};
use crate::portal::kit::destination::{AppDestination, dashed};
use crate::portal::kit::moment::lasting;
use crate::portal::kit::page::Frame;
use crate::portal::kit::paths;
use crate::portal::sign_in::ticket_problem::TicketProblem;

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
    /// Where a pattern can be used instead, from the page of another method.
    pub matrix_at: Option<String>,
    /// Where a pattern and the table of the phone can be used instead, from the page of another method.
    pub token_at: Option<String>,
    /// Whose login form is opened from a phone first. It is what the policy says, so that it tells nothing of any user (T31).
    pub opened_by_phone: Option<OpenedBy>,
    /// Where the approver is.
    pub approver_at: String,
}

/// Who opens a login form from the phone first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenedBy {
    /// Everybody.
    Everybody,
    /// Some users, by what is demanded of a group or a network on top.
    Some,
}

impl OpenedBy {
    /// What a policy says of its login form, whoever comes.
    pub(in crate::portal) fn of(policy: &Policy) -> Option<Self> {
        policy.services_of_anybody().next()?;
        Some(if policy.protecting(None).next().is_some() { Self::Everybody } else { Self::Some })
    }

    pub(in crate::portal) const fn key(self) -> &'static str {
        match self {
            Self::Everybody => "step-opened-by-phone",
            Self::Some => "step-opened-by-phone.some",
        }
    }
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

/// A name as it was typed, and the domain that was chosen beside it.
#[derive(Clone, Copy, Default)]
pub(in crate::portal) struct TypedName<'a> {
    pub(in crate::portal) name: &'a str,
    pub(in crate::portal) domain: &'a str,
}

impl<'a> From<&'a str> for TypedName<'a> {
    fn from(name: &'a str) -> Self {
        Self { name, domain: "" }
    }
}

/// What was wrong with an attempt. The words are the same for every user name (T31).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepProblem {
    /// Unknown user, wrong password, locked account: one answer.
    WrongCredentials,
    /// Unknown user, wrong answer to a table, locked account: one answer.
    WrongAnswer,
    /// The same for an answer to the table of a phone.
    WrongToken,
    /// The table was used or has ended; another one is shown.
    TableOver,
    /// Another name than that of this user, whose certificate the connection shows: one answer, whatever was typed.
    CertificateOf(Arc<str>),
    /// Another name than that of the user whose ticket the computer showed.
    TicketOf(Arc<str>),
    /// The ticket of the computer does not count.
    Ticket(TicketProblem),
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
    /// The directory of this domain, which was chosen, does not answer.
    DirectoryDown(Arc<str>),
    /// The password is right, must be changed first, and cannot be changed from here.
    MustChangeThere,
    /// Two passwords are asked for, and one was entered.
    BothNeeded,
    /// The browser does not keep cookies, so that nothing entered is remembered.
    CookiesBlocked,
    /// No identity provider has people with such a mail address.
    UnknownMail,
    /// What the phone was asked is over, or was lost with a restart.
    QuestionOver,
    /// A passkey was not accepted: unknown, of another user, not assigned: one answer.
    PasskeyRefused,
    /// The authenticator did not verify its user.
    PasskeyNotVerified,
    /// The challenge of the passkey was used up or has ended.
    PasskeyOver,
    /// As many applications of the user wait as may.
    DevicesWait,
    /// The application was rejected, and may be made again after this time.
    DeviceLater(Duration),
    /// Too many failures: the next attempt counts after this time.
    SlowDown(Duration),
}

impl StepProblem {
    /// Whether opening the page again may help: a browser shows a new ticket then.
    pub(in crate::portal) const fn offers_again(&self) -> bool {
        matches!(self, Self::Ticket(_))
    }

    pub(in crate::portal) fn text(&self, frame: &Frame) -> String {
        match self {
            Self::WrongCredentials => frame.say("problem-wrong-credentials"),
            Self::WrongAnswer => frame.say("problem-wrong-answer"),
            Self::WrongToken => frame.say("problem-wrong-token"),
            Self::TableOver => frame.say("problem-table-over"),
            Self::CertificateOf(user) => frame.with("problem-certificate-of", "user", frame.short(user)),
            Self::TicketOf(user) => frame.with("problem-ticket-of", "user", frame.short(user)),
            Self::Ticket(problem) => problem.text(frame),
            Self::WrongCode => frame.say("problem-wrong-code"),
            Self::WrongRecoveryCode => frame.say("problem-wrong-recovery-code"),
            Self::Incomplete => frame.say("problem-incomplete"),
            Self::Busy => frame.say("problem-busy"),
            Self::DirectoryUnavailable => frame.say("problem-directory-unavailable"),
            Self::DirectoryDown(domain) => frame.with("problem-directory-down", "domain", frame.short(domain)),
            Self::MustChangeThere => frame.say("problem-must-change-there"),
            Self::BothNeeded => frame.say("problem-both-needed"),
            Self::CookiesBlocked => frame.say("problem-cookies-blocked"),
            Self::UnknownMail => frame.say("problem-unknown-mail"),
            Self::QuestionOver => frame.say("problem-question-over"),
            Self::PasskeyRefused => frame.say("problem-passkey-refused"),
            Self::PasskeyNotVerified => frame.say("problem-passkey-not-verified"),
            Self::PasskeyOver => frame.say("problem-passkey-over"),
            Self::DevicesWait => frame.say("problem-devices-wait"),
            Self::DeviceLater(wait) => frame.with("problem-device-later", "wait", lasting(*wait, frame.language)),
            Self::SlowDown(wait) => frame.with("problem-slow-down", "wait", lasting(*wait, frame.language)),
        }
    }
}

/// A step as samples show it.
pub(in crate::portal) fn sample_step(marks: [CheckMark; 6], why: Refusal, problem: Option<StepProblem>) -> SignInStep {
    SignInStep {
        barrier: Barrier(marks),
        destination: Some(AppDestination { title: "Wiki".to_owned(), host: "wiki.example.com".to_owned(), holds_post: false }),
        departure: Some("8mL2xQ".to_owned()),
        why,
        problem,
        matrix_at: None,
        token_at: None,
        opened_by_phone: None,
        approver_at: SAMPLE_APPROVER.to_owned(),
    }
}

const SAMPLE_APPROVER: &str = "https://auth.example.com/approver/";

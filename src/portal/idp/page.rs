//! The pages of a sign-in at an identity provider: the choice of one, and what is said where it did not work.

use std::time::Duration;

use askama::Template;
use http::StatusCode;

use crate::chain::refusal::Refusal;
use crate::idp::IdpFault;
use crate::portal::kit::barrier::CheckMark::{Done, NotNeeded, Now, ToCome};
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::sample::hostile;
use crate::portal::sign_in::step::{SignInStep, StepProblem, sample_step};
use crate::sign_in::idp::IdpTrouble;

/// How long a network waits that brought back too much that led to no sign-in.
pub(in crate::portal) const RETURNS_REST: Duration = Duration::from_secs(600);

/// Where the sign-in towards a goal begins at a provider.
pub(in crate::portal) fn begins_at(provider: &str, goal: &str, mail: Option<&str>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("provider", provider).append_pair("for", goal);
    if let Some(mail) = mail {
        query.append_pair("mail", mail);
    }
    format!("{}?{}", paths::IDP, query.finish())
}

/// The providers that a page offers.
#[derive(Clone, Debug, Default)]
pub struct ProviderChoice {
    /// One for each.
    pub buttons: Vec<ProviderButton>,
    /// Whether a mail address leads to one.
    pub by_mail: bool,
}

/// The way to one provider.
#[derive(Clone, Debug)]
pub struct ProviderButton {
    /// What people call it.
    pub title: String,
    /// Where it begins.
    pub path: String,
    /// Whether it did not answer a moment ago.
    pub is_down: bool,
}

impl ProviderChoice {
    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.buttons.is_empty() && !self.by_mail
    }

    pub(in crate::portal) fn sample() -> Self {
        let button = |title: String, name: &str, is_down| {
            let path = format!("/sign-in/idp?provider={name}&for=8mL2xQ");
            ProviderButton { title, path, is_down }
        };
        Self { buttons: vec![button("Contoso".to_owned(), "contoso", false), button(hostile(), "other", true)], by_mail: true }
    }
}

/// Check 4 by a provider, where no password is taken.
#[derive(Debug, Template)]
#[template(path = "idp/choice.html")]
pub struct IdpPage {
    /// The frame.
    pub frame: Frame,
    /// The step.
    pub step: SignInStep,
    /// Whose fresh sign-in is asked for; empty for anybody's.
    pub user: String,
    /// The providers.
    pub idp: ProviderChoice,
    /// Where the phone is asked instead.
    pub push_at: Option<String>,
}

/// What went wrong, as far as it tells a person what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdpWhat {
    /// It does not answer.
    Unavailable,
    /// It let nobody in.
    Denied,
    /// The two do not fit together.
    SetUp,
    /// Its answer cannot be verified.
    NotBelieved,
    /// The sign-in there was not strong enough.
    NotEnough,
    /// A fresh sign-in cannot be proved.
    NotFresh,
    /// There is no account here for the person who is called this.
    NoAccount(String),
    /// No account can be made with this name.
    NoName(String),
    /// The account signs in otherwise.
    NotAssigned,
    /// It is another person.
    OtherPerson,
    /// The person is another user's here.
    Taken,
    /// The chain refuses the user.
    Refused,
    /// It was begun in another browser, or this one keeps no cookies.
    AnotherBrowser,
    /// It took too long, or nothing is known of it.
    Over,
    /// It began at the provider.
    Unsolicited,
}

impl IdpWhat {
    pub(in crate::portal) fn of(trouble: IdpTrouble) -> Self {
        match trouble {
            IdpTrouble::Provider(failure) => match failure.fault {
                IdpFault::Unavailable => Self::Unavailable,
                IdpFault::Denied => Self::Denied,
                IdpFault::SetUp => Self::SetUp,
                IdpFault::NotBelieved => Self::NotBelieved,
                IdpFault::NotEnough => Self::NotEnough,
                IdpFault::TimeUnknown | IdpFault::NotFresh => Self::NotFresh,
            },
            IdpTrouble::NoAccount(person) | IdpTrouble::LinkRemoved(person) => Self::NoAccount(person),
            IdpTrouble::NoName(name) => Self::NoName(name),
            IdpTrouble::NotAssigned => Self::NotAssigned,
            IdpTrouble::OtherPerson => Self::OtherPerson,
            IdpTrouble::Refused(_) => Self::Refused,
            IdpTrouble::NotNow | IdpTrouble::TooMany | IdpTrouble::Over => Self::Over,
            IdpTrouble::Unsolicited => Self::Unsolicited,
        }
    }

    /// The status of the page.
    pub(in crate::portal) const fn status(&self) -> StatusCode {
        match self {
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::FORBIDDEN,
        }
    }

    /// The part of the message's key.
    pub(in crate::portal) const fn key(&self) -> &'static str {
        match self {
            Self::Unavailable => "unavailable",
            Self::Denied => "denied",
            Self::SetUp => "set-up",
            Self::NotBelieved => "not-believed",
            Self::NotEnough => "not-enough",
            Self::NotFresh => "not-fresh",
            Self::NoAccount(_) => "no-account",
            Self::NoName(_) => "no-name",
            Self::NotAssigned => "not-assigned",
            Self::OtherPerson => "other-person",
            Self::Taken => "taken",
            Self::Refused => "refused",
            Self::AnotherBrowser => "another-browser",
            Self::Over => "over",
            Self::Unsolicited => "unsolicited",
        }
    }

    /// The code of the page, where what happened has no finer one.
    pub(in crate::portal) const fn code(&self) -> &'static str {
        match self {
            Self::Unavailable => IdpFault::Unavailable.code(),
            Self::Denied => IdpFault::Denied.code(),
            Self::SetUp => IdpFault::SetUp.code(),
            Self::NotBelieved => IdpFault::NotBelieved.code(),
            Self::NotEnough => IdpFault::NotEnough.code(),
            Self::NotFresh => IdpFault::NotFresh.code(),
            Self::NoAccount(_) => "idp_no_account",
            Self::NoName(_) => "idp_no_name",
            Self::NotAssigned => "idp_not_assigned",
            Self::OtherPerson => "idp_other_person",
            Self::Taken => "idp_linked_elsewhere",
            Self::Refused => "user_disabled",
            Self::AnotherBrowser => "idp_another_browser",
            Self::Over => "idp_over",
            Self::Unsolicited => "idp_unsolicited",
        }
    }
}

/// A sign-in at a provider that did not work: what happened, and what to do.
#[derive(Debug, Template)]
#[template(path = "idp/problem.html")]
pub struct IdpProblemPage {
    /// The frame; its request id is shown.
    pub frame: Frame,
    /// What people call the provider.
    pub provider: String,
    /// What went wrong.
    pub what: IdpWhat,
    /// Its stable code.
    pub code: &'static str,
    /// The provider's own word for it.
    pub word: Option<String>,
    /// Where it begins again.
    pub again: String,
    /// Where another way is chosen.
    pub other: Option<String>,
}

impl IdpProblemPage {
    fn said(&self, part: &str) -> String {
        let key = format!("idp-{}{part}", self.what.key());
        self.frame.with(&key, "provider", &*self.frame.short(&self.provider))
    }

    /// Who the provider says it is, where that is what went wrong.
    fn person(&self) -> Option<&str> {
        match &self.what {
            IdpWhat::NoAccount(person) | IdpWhat::NoName(person) => Some(person),
            _ => None,
        }
    }
}

impl PortalPage for IdpPage {
    const NAME: &'static str = "sign-in-idp";

    fn samples(frame: &Frame) -> Vec<Self> {
        let marks = [Done, NotNeeded, NotNeeded, Now, NotNeeded, ToCome];
        let page = |why, problem, user: &str, idp: ProviderChoice, push_at: Option<&str>| Self {
            frame: frame.clone(),
            step: sample_step(marks, why, problem),
            user: user.to_owned(),
            idp,
            push_at: push_at.map(str::to_owned),
        };
        let one = || ProviderChoice { buttons: ProviderChoice::sample().buttons.into_iter().take(1).collect(), by_mail: false };
        vec![
            page(Refusal::PrimaryFactorMissing, None, "", one(), None),
            page(
                Refusal::PrimaryFactorMissing,
                Some(StepProblem::UnknownMail),
                "",
                ProviderChoice::sample(),
                Some("/sign-in?for=8mL2xQ&method=push"),
            ),
            page(Refusal::PrimaryFactorTooOld, None, "alice", one(), None),
        ]
    }
}

impl PortalPage for IdpProblemPage {
    const NAME: &'static str = "sign-in-idp-problem";

    fn samples(frame: &Frame) -> Vec<Self> {
        let all = [
            IdpWhat::Unavailable,
            IdpWhat::Denied,
            IdpWhat::SetUp,
            IdpWhat::NotBelieved,
            IdpWhat::NotEnough,
            IdpWhat::NotFresh,
            IdpWhat::NoAccount("alice@example.com".to_owned()),
            IdpWhat::NoName(hostile()),
            IdpWhat::NotAssigned,
            IdpWhat::OtherPerson,
            IdpWhat::Taken,
            IdpWhat::Refused,
            IdpWhat::AnotherBrowser,
            IdpWhat::Over,
            IdpWhat::Unsolicited,
        ];
        let other = |what: &IdpWhat| !matches!(what, IdpWhat::AnotherBrowser | IdpWhat::Over | IdpWhat::Unsolicited);
        all.into_iter()
            .map(|what| Self {
                frame: frame.clone(),
                provider: if what == IdpWhat::OtherPerson { hostile() } else { "Contoso".to_owned() },
                code: what.code(),
                word: (what == IdpWhat::Denied).then(|| "access_denied".to_owned()),
                again: "/sign-in/idp?provider=contoso&for=8mL2xQ".to_owned(),
                other: other(&what).then(|| paths::SIGN_IN.to_owned()),
                what,
            })
            .collect()
    }
}

//! The answers of pages to an act that was refused.

use std::time::Duration;

use askama::Template;
use axum::response::Response;
use http::StatusCode;
use http::header::{self, HeaderValue};

use crate::portal::kit::dead_link::{DeadLink, DeadLinkPage};
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::sample::signed_in_sample;
use crate::portal::kit::slow_down::{SlowDownPage, SlowDownReason};
use crate::portal::kit::visit::Visit;
use crate::self_service::ActError;

/// What an act that was not done answers.
pub(in crate::portal) fn refused(visit: &Visit, error: &ActError) -> Response {
    match error {
        ActError::NeedsAnotherFactor => not_like_this(visit, NotLikeThis::NeedsAnotherFactor),
        ActError::Excluded => not_like_this(visit, NotLikeThis::Excluded),
        ActError::Demanded => not_like_this(visit, NotLikeThis::AuthenticatorDemanded),
        ActError::LastWay => not_like_this(visit, NotLikeThis::LastWay),
        ActError::NotAllowed => not_like_this(visit, NotLikeThis::AdministratorsOnly),
        ActError::TooMany(limit) => not_like_this(visit, NotLikeThis::TooManyApprovers(*limit)),
        ActError::NotFound => visit.error(StatusCode::NOT_FOUND, "not_found"),
        ActError::WrongCurrent
        | ActError::AsBefore
        | ActError::Unsuitable(_)
        | ActError::NotTaken(_)
        | ActError::WrongCode
        | ActError::Passkey(_) => visit.error(StatusCode::BAD_REQUEST, "not_taken"),
        ActError::DeadLink => {
            let page = DeadLinkPage { frame: visit.frame(), reason: DeadLink::Unknown };
            visit.page(StatusCode::GONE, &page, &[])
        }
        ActError::SlowDown(wait) => {
            let page = SlowDownPage {
                frame: visit.frame(),
                barrier: None,
                departure: None,
                reason: SlowDownReason::Guesses,
                retry_after: *wait,
            };
            let mut response = visit.page(StatusCode::TOO_MANY_REQUESTS, &page, &[]);
            retry_after(&mut response, *wait);
            response
        }
        ActError::Busy(wait) => {
            let mut response = visit.error(StatusCode::SERVICE_UNAVAILABLE, "busy");
            retry_after(&mut response, *wait);
            response
        }
        ActError::Shared(_) | ActError::Database(_) | ActError::Factor(_) | ActError::Unavailable => visit.failed(error),
    }
}

fn not_like_this(visit: &Visit, reason: NotLikeThis) -> Response {
    visit.page(StatusCode::FORBIDDEN, &NotLikeThisPage { frame: visit.frame(), reason }, &[])
}

/// Gives a page the status 503 and `Retry-After`, if there is a wait.
pub(in crate::portal) fn with_wait(mut response: Response, wait: Option<Duration>) -> Response {
    if let Some(wait) = wait {
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        retry_after(&mut response, wait);
    }
    response
}

/// The wait of a busy moment.
pub(in crate::portal) const fn busy(error: &ActError) -> Option<Duration> {
    match error {
        ActError::Busy(wait) => Some(*wait),
        _ => None,
    }
}

pub(in crate::portal) fn retry_after(response: &mut Response, wait: Duration) {
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
}

/// The change of an account was refused: the reason, and what the user can do.
#[derive(Debug, Template)]
#[template(path = "kit/not_like_this.html")]
pub struct NotLikeThisPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// Why.
    pub reason: NotLikeThis,
}

impl NotLikeThisPage {
    const fn word(&self) -> (&'static str, &'static str, &'static str) {
        match self.reason {
            NotLikeThis::NeedsAnotherFactor => ("another-factor-title", "another-factor-what", "another-factor-do"),
            NotLikeThis::AuthenticatorDemanded => ("demanded-title", "demanded-what", "demanded-do"),
            NotLikeThis::LastWay => ("last-way-title", "last-way-what", "last-way-do"),
            NotLikeThis::Excluded => ("excluded-title", "excluded-what", "excluded-do"),
            NotLikeThis::AdministratorsOnly => ("not-allowed-title", "not-allowed-what", "not-allowed-do"),
            NotLikeThis::TooManyApprovers(_) => ("too-many-title", "too-many-what", "too-many-do"),
        }
    }
}

/// Why something cannot be done like this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotLikeThis {
    /// The change concerns a factor, for which a password alone is not enough (T36), and the user has nothing else. A user with a second
    /// factor is asked for it before.
    NeedsAnotherFactor,
    /// A policy demands what would be removed.
    AuthenticatorDemanded,
    /// The user could not sign in any more.
    LastWay,
    /// Only administrators do this here.
    AdministratorsOnly,
    /// A phone and an authenticator exclude each other.
    Excluded,
    /// There are as many approvers as may be.
    TooManyApprovers(usize),
}

impl PortalPage for NotLikeThisPage {
    const NAME: &'static str = "account-not-like-this";

    fn samples(frame: &Frame) -> Vec<Self> {
        [
            NotLikeThis::NeedsAnotherFactor,
            NotLikeThis::AuthenticatorDemanded,
            NotLikeThis::LastWay,
            NotLikeThis::AdministratorsOnly,
            NotLikeThis::Excluded,
            NotLikeThis::TooManyApprovers(3),
        ]
        .map(|reason| Self { frame: signed_in_sample(frame), reason })
        .into()
    }
}

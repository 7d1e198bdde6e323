//! The answer to a one-time link that opens nothing.

use askama::Template;

use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;

/// A link that opens nothing.
#[derive(Debug, Template)]
#[template(path = "kit/dead_link.html")]
pub struct DeadLinkPage {
    /// The frame.
    pub frame: Frame,
    /// Why.
    pub reason: DeadLink,
}

impl DeadLinkPage {
    const fn why(&self) -> &'static str {
        match self.reason {
            DeadLink::Used => "dead-link-used",
            DeadLink::Expired => "dead-link-expired",
            DeadLink::Unknown => "dead-link-unknown",
        }
    }
}

/// Why a link opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeadLink {
    /// It did what it was for.
    Used,
    /// It has expired.
    Expired,
    /// We do not know it: mistyped, cut, or withdrawn.
    Unknown,
}

impl PortalPage for DeadLinkPage {
    const NAME: &'static str = "dead-link";

    fn samples(frame: &Frame) -> Vec<Self> {
        [DeadLink::Used, DeadLink::Expired, DeadLink::Unknown].map(|reason| Self { frame: frame.clone(), reason }).into()
    }
}

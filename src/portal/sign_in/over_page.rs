//! The pages that end a sign-in.

use askama::Template;

use crate::portal::kit::destination::AppDestination;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::sample::hostile;

/// This sign-in is over: it took too long, or was finished in another tab.
#[derive(Debug, Template)]
#[template(path = "sign_in/expired.html")]
pub struct ExpiredPage {
    /// The frame.
    pub frame: Frame,
    /// The app of this sign-in, if it is still known: opening it begins a new sign-in.
    pub start_over: Option<AppDestination>,
}

/// The posted data could not be kept during the sign-in.
#[derive(Debug, Template)]
#[template(path = "sign_in/not_kept.html")]
pub struct NotKeptPage {
    /// The frame.
    pub frame: Frame,
    /// The app.
    pub destination: AppDestination,
    /// Why.
    pub reason: NotKeptReason,
    /// Whether the sign-in is done by now; else `go_on` leads to it.
    pub signed_in: bool,
    /// The page to go on to, without what was posted.
    pub go_on: String,
}

impl NotKeptPage {
    const fn why(&self) -> &'static str {
        match self.reason {
            NotKeptReason::TooLarge => "not-kept-too-large",
            NotKeptReason::Foreign => "not-kept-foreign",
            NotKeptReason::Expired => "not-kept-expired",
            NotKeptReason::Full => "not-kept-full",
            NotKeptReason::Unsaid => "not-kept-unsaid",
        }
    }
}

/// Why a posted body was not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotKeptReason {
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

impl PortalPage for ExpiredPage {
    const NAME: &'static str = "sign-in-expired";

    fn samples(frame: &Frame) -> Vec<Self> {
        let wiki = AppDestination { title: "Wiki".to_owned(), host: "wiki.example.com".to_owned(), holds_post: false };
        [None, Some(wiki.clone()), Some(AppDestination { title: hostile(), ..wiki })]
            .into_iter()
            .map(|start_over| Self { frame: frame.clone(), start_over })
            .collect()
    }
}

impl PortalPage for NotKeptPage {
    const NAME: &'static str = "sign-in-not-kept";

    fn samples(frame: &Frame) -> Vec<Self> {
        [NotKeptReason::TooLarge, NotKeptReason::Foreign, NotKeptReason::Expired, NotKeptReason::Full, NotKeptReason::Unsaid]
            .into_iter()
            .map(|reason| Self {
                frame: frame.clone(),
                destination: AppDestination { title: "Wiki".to_owned(), host: "wiki.example.com".to_owned(), holds_post: false },
                reason,
                signed_in: reason == NotKeptReason::Expired,
                go_on: "https://wiki.example.com/edit/Start".to_owned(),
            })
            .collect()
    }
}

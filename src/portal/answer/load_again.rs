//! The page that loads its own address again: the browser renews the cookie of its key before the page asks for anything.

use askama::Template;

use crate::portal::kit::assets::AGAIN;
use crate::portal::kit::page::{Frame, PortalPage};

/// Loads its own address again, by its script, which keeps what stands behind `#`; without script by itself or by a link.
#[derive(Debug, Template)]
#[template(path = "answer/load_again.html")]
pub struct LoadAgainPage {
    /// The frame.
    pub frame: Frame,
    /// Its own address, without a fragment: to one with a fragment a browser would only scroll.
    pub next: String,
}

impl LoadAgainPage {
    /// The script of the page, which its policy names by its hash ([`crate::portal::kit::protection::allow_script`]).
    pub fn script(&self) -> &'static str {
        std::str::from_utf8(AGAIN.content).unwrap_or_default()
    }
}

impl PortalPage for LoadAgainPage {
    const NAME: &'static str = "load-again";

    fn samples(frame: &Frame) -> Vec<Self> {
        let frame = Frame::standalone(frame.language, frame.organisation.clone(), "01KAT5Z9M3".into());
        vec![Self { frame, next: "/page?of=wiki".to_owned() }]
    }
}

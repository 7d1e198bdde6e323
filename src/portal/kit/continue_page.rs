//! The page that leaves for an app after one of our forms.

use askama::Template;

use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::sample::hostile;

/// The end of what a form began: the browser goes on from here, by itself or by a link.
#[derive(Debug, Template)]
#[template(path = "kit/continue_page.html")]
pub struct ContinuePage {
    /// The frame.
    pub frame: Frame,
    /// The app that it leads to, as people call it.
    pub app: String,
    /// The address that leads there.
    pub next: String,
}

impl PortalPage for ContinuePage {
    const NAME: &'static str = "continue";

    fn samples(frame: &Frame) -> Vec<Self> {
        let next = "/continue".to_owned();
        ["Wiki".to_owned(), hostile()].into_iter().map(|app| Self { frame: frame.clone(), app, next: next.clone() }).collect()
    }
}

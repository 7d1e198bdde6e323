//! The phone: an installable page that shows what is asked and answers. The page brings every sentence in its language in
//! templates; its script fills them.

use askama::Template;

use crate::portal::kit::assets;
use crate::portal::kit::page::{Frame, PortalPage};

/// The approver.
#[derive(Debug, Template)]
#[template(path = "approver/approver.html")]
pub struct ApproverPage {
    /// The frame, without a person: the phone is known by its key.
    pub frame: Frame,
}

impl ApproverPage {
    fn touch_icon(&self) -> &'static str {
        let [.., touch] = &*assets::ICONS;
        &touch.path
    }

    fn script(&self) -> &'static str {
        &assets::APPROVER.path
    }
}

impl PortalPage for ApproverPage {
    const NAME: &'static str = "approver";

    fn samples(frame: &Frame) -> Vec<Self> {
        vec![Self { frame: frame.clone() }]
    }
}

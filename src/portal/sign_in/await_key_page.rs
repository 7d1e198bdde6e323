//! The page of a sign-in that waits for the key of the browser: the browser registers it after a page is shown.

use askama::Template;

use crate::portal::kit::page::{Frame, PortalPage};

/// Waits for the key, and goes on by itself or by a link.
#[derive(Debug, Template)]
#[template(path = "sign_in/await_key_page.html")]
pub struct AwaitKeyPage {
    /// The frame.
    pub frame: Frame,
    /// The address of the sign-in.
    pub next: String,
}

impl PortalPage for AwaitKeyPage {
    const NAME: &'static str = "sign-in-await-key";

    fn samples(frame: &Frame) -> Vec<Self> {
        vec![Self { frame: frame.clone(), next: "/sign-in?for=8mL2xQ".to_owned() }]
    }
}

//! What a page is: a struct of plain values with a template, some samples of itself, and the frame it stands in.
//! A handler fills the struct and calls [`PortalPage::html`]; the gateway does the same for its own answers.
//! Invariant: a page reads no state; the handler passes everything that it shows.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use askama::filters::Safe;
use jiff::tz::TimeZone;

use crate::clock::Timestamp;
use crate::portal::kit::assets::{COPY, GATE, LIVE, STEP, STYLE, WAITING};
use crate::portal::kit::language::Language;
use crate::portal::kit::language::words::Argument;
use crate::portal::kit::legible::short;
use crate::portal::kit::moment;

/// A page.
pub trait PortalPage: Template + Sized {
    /// How tests and screenshots call it: `sign-in-password`.
    const NAME: &'static str;

    /// Itself in every state worth seeing, hostile values included.
    fn samples(frame: &Frame) -> Vec<Self>;

    /// The whole document.
    fn html(&self) -> String {
        // Writing to a String cannot fail, and our templates have no failing expression.
        self.render().unwrap_or_default()
    }
}

/// What surrounds every page: the organisation, the user who is signed in, and the language.
#[derive(Clone)]
pub struct Frame {
    /// The language.
    pub language: Language,
    /// `[portal] title`: the organisation that runs the gateway.
    pub organisation: Option<Arc<str>>,
    /// What administrators announce on every page.
    pub announcement: Option<String>,
    /// Who is signed in.
    pub person: Option<Person>,
    /// Path and query of this page, to which the chooser of languages leads back. `None` for the answer to a POST and for an
    /// answer on an app's host: there no chooser is shown.
    pub here: Option<String>,
    /// The value that every form sends back as `token`, where the handlers ask for one.
    pub form_token: Option<String>,
    /// Where the stylesheet is.
    pub styles: Styles,
    /// The request's id, shown where something went wrong.
    pub request_id: Option<Arc<str>>,
    /// What time it is: for "3 minutes ago".
    pub now: Timestamp,
    /// The zone that times are written in: the reader's where the browser named it, else that of the config.
    pub zone: TimeZone,
}

debug_by_name!(Frame);

/// Who is signed in, as the head of the page shows.
#[derive(Clone, Debug)]
pub struct Person {
    /// The user name.
    pub user: String,
    /// The name that people use.
    pub display_name: Option<String>,
    /// Whether the administration is open to them.
    pub administrator: bool,
}

impl Person {
    pub(in crate::portal) fn sample(administrator: bool) -> Self {
        Self { user: "alice".to_owned(), display_name: Some("Alice Arai".to_owned()), administrator }
    }

    pub(in crate::portal) fn called(&self) -> &str {
        self.display_name.as_deref().unwrap_or(&self.user)
    }
}

/// Where the stylesheet is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Styles {
    /// Fetched from the portal's own host.
    Linked,
    /// Written into the page: for answers on hosts where nothing else of ours can be fetched.
    Inside,
}

impl Frame {
    /// A frame that needs no request: nobody signed in, no chooser.
    pub fn bare(language: Language) -> Self {
        Self {
            language,
            organisation: None,
            announcement: None,
            person: None,
            here: None,
            form_token: None,
            styles: Styles::Linked,
            request_id: None,
            now: Timestamp::default(),
            zone: TimeZone::UTC,
        }
    }

    /// The frame of an answer on an app's host: everything it needs is inside, and it shows no user.
    pub fn standalone(language: Language, organisation: Option<Arc<str>>, request_id: Arc<str>) -> Self {
        Self { organisation, request_id: Some(request_id), styles: Styles::Inside, ..Self::bare(language) }
    }

    /// Says `key`.
    pub fn say(&self, key: &str) -> String {
        self.language.say(key)
    }

    /// Says `key` with one value in it.
    pub fn with(&self, key: &str, name: &'static str, value: impl Argument) -> String {
        self.language.with(key, name, value)
    }

    /// The organisation that runs the gateway, else the name of the product.
    pub fn organisation_name(&self) -> &str {
        self.organisation.as_deref().unwrap_or("Sekisho")
    }

    /// A moment in words, with the instant for machines.
    pub fn moment(&self, moment: &Timestamp) -> Safe<String> {
        time(*moment, moment::written(*moment, &self.zone, self.language))
    }

    /// How long ago a moment was; its date where that is longer than a month.
    pub fn ago(&self, moment: &Timestamp) -> Safe<String> {
        // A month ago and more a date says it better.
        let length = self.now.since(*moment);
        if length >= Duration::from_secs(30 * 86_400) {
            return self.moment(moment);
        }
        time(*moment, moment::ago(length, self.language))
    }

    /// A value that is not ours, cut to the length of a line.
    pub fn short(&self, text: &str) -> String {
        short(text)
    }

    pub(in crate::portal) fn languages(&self) -> [Language; 7] {
        Language::ALL
    }

    pub(in crate::portal) fn style_path(&self) -> &'static str {
        &STYLE.path
    }

    pub(in crate::portal) fn style(&self) -> &'static str {
        STYLE.text()
    }

    pub(in crate::portal) fn waiting_path(&self) -> &'static str {
        &WAITING.path
    }

    pub(in crate::portal) fn live_path(&self) -> &'static str {
        &LIVE.path
    }

    pub(in crate::portal) fn step_path(&self) -> &'static str {
        &STEP.path
    }

    pub(in crate::portal) fn copy_path(&self) -> &'static str {
        &COPY.path
    }

    pub(in crate::portal) fn gate_path(&self) -> &'static str {
        &GATE.path
    }

    pub(in crate::portal) fn gate(&self) -> &'static str {
        GATE.text()
    }

    pub(in crate::portal) fn linked(&self) -> bool {
        self.styles == Styles::Linked
    }
}

/// Words for people, the instant for machines.
fn time(moment: Timestamp, words: String) -> Safe<String> {
    Safe(TimeElement { machine: moment.rfc3339(), words }.render().unwrap_or_default())
}

/// A time on a page.
#[derive(Template)]
#[template(source = r#"<time datetime="{{ machine }}">{{ words }}</time>"#, ext = "html")]
struct TimeElement {
    machine: String,
    words: String,
}

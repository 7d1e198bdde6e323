//! Pieces that several pages share, each with its own small template: the six marks, the head of a step, what went
//! wrong, the time that is left, the hidden fields of a form.

use std::borrow::Borrow;

use askama::Template;
use askama::filters::Safe;

use crate::chain::Check;
use crate::portal::kit::barrier::{Barrier, CheckMark};
use crate::portal::kit::language::words;
use crate::portal::kit::language::words::Argument as _;
use crate::portal::kit::notice::PageNotice;
use crate::portal::kit::page::Frame;
use crate::principal::method::Method;

/// The six marks.
#[derive(Template)]
#[template(path = "kit/parts/barrier.html")]
struct BarrierPart<'a> {
    frame: &'a Frame,
    barrier: &'a Barrier,
}

impl BarrierPart<'_> {
    /// "Step 1 of 2".
    fn whereabouts(&self, number: &usize) -> String {
        let values = [("number", number.value()), ("count", self.barrier.count().value())];
        words::say(self.frame.language, "barrier-here", &values)
    }
}

/// What went wrong, before the form that it happened in.
#[derive(Template)]
#[template(path = "kit/parts/problem.html")]
struct ProblemPart<'a> {
    frame: &'a Frame,
    text: &'a str,
}

/// What to know, above a page.
#[derive(Template)]
#[template(path = "kit/parts/notices.html")]
struct NoticesPart<'a> {
    frame: &'a Frame,
    notices: &'a [PageNotice],
}

/// The time that is left to answer: in minutes, at the end in seconds. `waiting.js` counts on from there.
#[derive(Template)]
#[template(path = "kit/parts/left.html")]
struct LeftPart<'a> {
    frame: &'a Frame,
    seconds: u64,
}

impl LeftPart<'_> {
    fn text(&self) -> String {
        match self.seconds {
            seconds @ 0..=90 => self.frame.with("push-left", "count", seconds),
            seconds => self.frame.with("push-left-minutes", "count", seconds.div_ceil(60)),
        }
    }
}

/// A hidden field.
#[derive(Template)]
#[template(source = r#"<input type="hidden" name="{{ name }}" value="{{ value }}">"#, ext = "html")]
struct Hidden<'a> {
    name: &'a str,
    value: &'a str,
}

impl Frame {
    /// The six marks.
    pub(in crate::portal) fn barrier(&self, barrier: &Barrier) -> Safe<String> {
        written(&BarrierPart { frame: self, barrier })
    }

    /// What went wrong.
    pub(in crate::portal) fn problem(&self, text: &str) -> Safe<String> {
        written(&ProblemPart { frame: self, text })
    }

    /// The time that is left to answer.
    pub(in crate::portal) fn left(&self, seconds: impl Borrow<u64>) -> Safe<String> {
        written(&LeftPart { frame: self, seconds: *seconds.borrow() })
    }

    /// What to know.
    pub(in crate::portal) fn notices(&self, notices: &[PageNotice]) -> Safe<String> {
        written(&NoticesPart { frame: self, notices })
    }

    /// A hidden field.
    pub(in crate::portal) fn hidden(&self, name: &str, value: &str) -> Safe<String> {
        written(&Hidden { name, value })
    }

    /// The hidden field that every form of ours carries.
    pub(in crate::portal) fn token(&self) -> Safe<String> {
        self.form_token.as_ref().map_or(Safe(String::new()), |token| self.hidden("token", token))
    }

    /// What people call a check.
    pub(in crate::portal) fn check(&self, check: &Check) -> String {
        self.say(key(*check))
    }

    /// The note that an app asks for a check: "Asks for a one-time password".
    pub(in crate::portal) fn asks(&self, check: &Check) -> String {
        self.say(&format!("{}.asks", key(*check)))
    }

    fn mark(&self, mark: &CheckMark) -> String {
        self.say(match *mark {
            CheckMark::Done => "mark-done",
            CheckMark::Now => "mark-now",
            CheckMark::NotNeeded | CheckMark::ToCome => "mark-to-come",
            CheckMark::Stopped => "mark-stopped",
        })
    }
}

/// How a browser was registered: a message key.
pub(in crate::portal) const fn browser_way(way: Method) -> &'static str {
    match way {
        Method::BrowserByNumber => "browser-way-number",
        Method::BrowserByAdmin => "browser-way-admin",
        Method::BrowserByLink => "browser-way-link",
        _ => "browser-way-otp",
    }
}

const fn key(check: Check) -> &'static str {
    match check {
        Check::IpRestriction => "check-ip-restriction",
        Check::ClientCertificate => "check-client-certificate",
        Check::DesktopSso => "check-desktop-sso",
        Check::PrimaryFactor => "check-primary-factor",
        Check::Cookie => "check-cookie",
        Check::Otp => "check-otp",
    }
}

pub(in crate::portal) fn written(part: &impl Template) -> Safe<String> {
    // As for a page: writing to a String cannot fail.
    Safe(part.render().unwrap_or_default())
}

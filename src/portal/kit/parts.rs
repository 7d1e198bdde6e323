//! Pieces that several pages share, each with its own small template: the six marks, the head of a step, what went
//! wrong, the time that is left, the hidden fields of a form.

use std::borrow::Borrow;

use askama::Template;
use askama::filters::Safe;

use crate::approval::number::Carried;
use crate::chain::Check;
use crate::portal::invitation::pages::InvitationStep;
use crate::portal::kit::barrier::{Barrier, CheckMark};
use crate::portal::kit::notice::PageNotice;
use crate::portal::kit::page::Frame;
use crate::portal::kit::paths;
use crate::portal::sign_in::step::SignInStep;
use crate::principal::number_style::NumberStyle;

/// The six marks.
#[derive(Template)]
#[template(path = "kit/parts/barrier.html")]
struct BarrierPart<'a> {
    frame: &'a Frame,
    barrier: &'a Barrier,
}

/// What stands over the form of a step.
#[derive(Template)]
#[template(path = "kit/parts/step.html")]
struct StepPart<'a> {
    frame: &'a Frame,
    step: &'a SignInStep,
    title: &'a str,
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

/// A number for the phone: the user chooses it there, types it, or scans it as a code.
#[derive(Template)]
#[template(path = "kit/parts/number.html")]
struct NumberPart<'a> {
    frame: &'a Frame,
    carried: &'a Carried,
}

impl NumberPart<'_> {
    fn code(&self) -> Option<Safe<String>> {
        crate::portal::kit::qr::svg(self.carried.address.as_deref()?, &self.frame.say("push-number-code")).map(Safe)
    }

    fn is_typed(&self) -> bool {
        self.carried.style != NumberStyle::Choose
    }

    /// Digit by digit: a screen reader would read it as one large number.
    fn spelled(&self) -> String {
        self.carried.digits.chars().map(String::from).collect::<Vec<_>>().join(" ")
    }

    /// In two groups, so that nobody loses the place.
    fn grouped(&self) -> String {
        let (one, other) = self.carried.digits.split_at_checked(self.carried.digits.len() / 2).unwrap_or_default();
        format!("{one}\u{a0}{other}")
    }
}

/// The three steps of an invitation.
#[derive(Template)]
#[template(path = "kit/parts/invitation_steps.html")]
struct InvitationPart<'a> {
    frame: &'a Frame,
    here: InvitationStep,
}

/// A link for a person who is not the user that signs in.
#[derive(Template)]
#[template(path = "kit/parts/someone_else.html")]
struct SomeoneElsePart<'a> {
    frame: &'a Frame,
    departure: Option<&'a str>,
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

    /// The head of a step: where to, the marks, the heading, why, and what went wrong.
    pub(in crate::portal) fn step(&self, step: &SignInStep, title: &str) -> Safe<String> {
        written(&StepPart { frame: self, step, title: &self.say(title) })
    }

    /// What went wrong.
    pub(in crate::portal) fn problem(&self, text: &str) -> Safe<String> {
        written(&ProblemPart { frame: self, text })
    }

    /// The time that is left to answer.
    pub(in crate::portal) fn left(&self, seconds: impl Borrow<u64>) -> Safe<String> {
        written(&LeftPart { frame: self, seconds: *seconds.borrow() })
    }

    /// A number for the phone.
    pub(in crate::portal) fn number(&self, carried: &Carried) -> Safe<String> {
        written(&NumberPart { frame: self, carried })
    }

    /// What to know.
    pub(in crate::portal) fn notices(&self, notices: &[PageNotice]) -> Safe<String> {
        written(&NoticesPart { frame: self, notices })
    }

    /// The three steps of an invitation.
    pub(in crate::portal) fn invitation(&self, here: InvitationStep) -> Safe<String> {
        written(&InvitationPart { frame: self, here })
    }

    /// A way to sign in as somebody else, towards the same departure.
    pub(in crate::portal) fn someone_else(&self, departure: Option<&str>) -> Safe<String> {
        written(&SomeoneElsePart { frame: self, departure })
    }

    /// A hidden field.
    pub(in crate::portal) fn hidden(&self, name: &str, value: &str) -> Safe<String> {
        written(&Hidden { name, value })
    }

    /// The hidden field that every form of ours carries.
    pub(in crate::portal) fn token(&self) -> Safe<String> {
        self.form_token.as_ref().map_or(Safe(String::new()), |token| self.hidden("token", token))
    }

    /// The hidden fields of a step's form.
    pub(in crate::portal) fn carried(&self, step: &SignInStep) -> Safe<String> {
        let Safe(mut fields) = self.token();
        if let Some(departure) = &step.departure {
            fields.push_str(&self.hidden("for", departure).0);
        }
        Safe(fields)
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
            CheckMark::NotNeeded => "mark-not-needed",
            CheckMark::ToCome => "mark-to-come",
            CheckMark::Stopped => "mark-stopped",
        })
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

fn written(part: &impl Template) -> Safe<String> {
    // As for a page: writing to a String cannot fail.
    Safe(part.render().unwrap_or_default())
}

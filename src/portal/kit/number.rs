//! The number that a user carries from a page to the phone.

use askama::Template;
use askama::filters::Safe;

use crate::approval::number::Carried;
use crate::portal::kit::page::Frame;
use crate::portal::kit::parts::written;
use crate::portal::kit::qr;
use crate::principal::number_style::NumberStyle;

/// A number for the phone: the user chooses it there, types it, or scans it as a code.
#[derive(Template)]
#[template(path = "kit/number.html")]
struct NumberPart<'a> {
    frame: &'a Frame,
    carried: &'a Carried,
}

impl NumberPart<'_> {
    fn code(&self) -> Option<Safe<String>> {
        let label = if self.carried.by_passkey { "push-passkey-code" } else { "push-number-code" };
        qr::svg(self.carried.address.as_deref()?, &self.frame.say(label)).map(Safe)
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

impl Frame {
    /// A number for the phone.
    pub(in crate::portal) fn number(&self, carried: &Carried) -> Safe<String> {
        written(&NumberPart { frame: self, carried })
    }
}

/// A number of each kind, for samples.
pub(in crate::portal) fn sample_number(style: NumberStyle) -> Carried {
    let digits = match style {
        NumberStyle::Choose => "42",
        NumberStyle::Type => "042907",
        NumberStyle::Scan => "04290718",
    };
    let code = "https://auth.example.com/approver/#scan=AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAA";
    Carried {
        style,
        digits: digits.to_owned(),
        address: (style == NumberStyle::Scan).then(|| code.to_owned()),
        by_passkey: false,
    }
}

//! What the samples of pages are made of.

use crate::portal::kit::page::{Frame, Person};

pub(in crate::portal) const NOW: i64 = 1_795_509_000;

pub(in crate::portal) fn signed_in_sample(frame: &Frame) -> Frame {
    Frame { person: Some(Person::sample(false)), ..frame.clone() }
}

pub(in crate::portal) fn administrator_sample(frame: &Frame) -> Frame {
    Frame { person: Some(Person::sample(true)), ..frame.clone() }
}

/// A name as somebody with bad intentions would choose it: markup, a formula, a right-to-left override, a flood.
pub(in crate::portal) fn hostile() -> String {
    format!("\"><svg onload=alert(1)>=cmd()'\u{202E}txt.exe\u{0}\u{2028}{}", "a".repeat(10_000))
}

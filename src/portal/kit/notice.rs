//! Notices above a page: what was just done, or what needs attention. Each feature makes its own from message keys.

use std::borrow::Cow;

use crate::clock::Timestamp;
use crate::portal::kit::page::Frame;
use crate::portal::kit::visit::Visit;

/// A notice above a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageNotice {
    message: Cow<'static, str>,
    value: NoticeValue,
    link: Option<(&'static str, &'static str)>,
    at: Option<Timestamp>,
    is_warning: bool,
}

/// What is put into the sentence of a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
enum NoticeValue {
    None,
    Count(usize),
    Address(String),
}

impl PageNotice {
    /// A notice that reports a success; `message` is a message key.
    pub fn success(message: impl Into<Cow<'static, str>>) -> Self {
        Self { message: message.into(), value: NoticeValue::None, link: None, at: None, is_warning: false }
    }

    /// A notice that asks for attention; `message` is a message key.
    pub fn warning(message: impl Into<Cow<'static, str>>) -> Self {
        Self { is_warning: true, ..Self::success(message) }
    }

    /// The same with a number, which the message calls `$count`.
    pub fn with_count(self, count: usize) -> Self {
        Self { value: NoticeValue::Count(count), ..self }
    }

    /// The same with an address of the network, which the message calls `$address`.
    pub fn with_address(self, address: String) -> Self {
        Self { value: NoticeValue::Address(address), ..self }
    }

    /// The same with a link behind the sentence: its address, and the message key of its text.
    pub fn with_link(self, path: &'static str, text: &'static str) -> Self {
        Self { link: Some((path, text)), ..self }
    }

    /// The same with the moment that it is about.
    pub fn at(self, at: Timestamp) -> Self {
        Self { at: Some(at), ..self }
    }

    pub(in crate::portal) fn text(&self, frame: &Frame) -> String {
        match &self.value {
            NoticeValue::None => frame.say(&self.message),
            NoticeValue::Count(count) => frame.with(&self.message, "count", count),
            NoticeValue::Address(address) => frame.with(&self.message, "address", address),
        }
    }

    pub(in crate::portal) const fn link(&self) -> Option<(&'static str, &'static str)> {
        self.link
    }

    pub(in crate::portal) const fn when(&self) -> Option<&Timestamp> {
        self.at.as_ref()
    }

    pub(in crate::portal) const fn warns(&self) -> bool {
        self.is_warning
    }
}

/// What the address says of the action that led to a page: `?done=others-ended&count=3`. The word is one of `T`; an address
/// with another word was made by hand, and says nothing.
pub(in crate::portal) fn done<T: std::str::FromStr>(visit: &Visit) -> Option<(T, usize)> {
    let word = visit.query("done")?.parse().ok()?;
    let count = visit.query("count").and_then(|count| count.parse().ok()).unwrap_or(0);
    Some((word, count))
}

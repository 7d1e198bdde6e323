//! The answer to an attempt while attempts are locked for a while.

use std::time::Duration;

use askama::Template;

use crate::portal::kit::barrier::Barrier;
use crate::portal::kit::barrier::CheckMark::{Done, NotNeeded, Now, ToCome};
use crate::portal::kit::moment::lasting;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;

/// Why nothing is judged for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlowDownReason {
    /// Too many guesses from this network.
    Guesses,
    /// Too many ways back from an identity provider, from this network, that led to no sign-in: nobody's fault at the browser.
    Returns,
}

/// Locked for a while: nothing is judged until then.
#[derive(Debug, Template)]
#[template(path = "kit/slow_down.html")]
pub struct SlowDownPage {
    /// The frame.
    pub frame: Frame,
    /// Where one stands, if known.
    pub barrier: Option<Barrier>,
    /// The id of the departure.
    pub departure: Option<String>,
    /// Why.
    pub reason: SlowDownReason,
    /// How long still.
    pub retry_after: Duration,
}

impl SlowDownPage {
    fn wait(&self) -> String {
        lasting(self.retry_after, self.frame.language)
    }

    const fn words(&self) -> (&'static str, &'static str) {
        match self.reason {
            SlowDownReason::Guesses => ("slow-down-why", "slow-down-do"),
            SlowDownReason::Returns => ("slow-down-returns-why", "slow-down-returns-do"),
        }
    }

    fn back(&self) -> String {
        self.departure.as_ref().map_or_else(
            || paths::SIGN_IN.to_owned(),
            |departure| {
                format!(
                    "{}?{}",
                    paths::SIGN_IN,
                    url::form_urlencoded::Serializer::new(String::new()).append_pair("for", departure).finish()
                )
            },
        )
    }
}

impl PortalPage for SlowDownPage {
    const NAME: &'static str = "sign-in-slow-down";

    fn samples(frame: &Frame) -> Vec<Self> {
        let page = |barrier, seconds, departure: Option<&str>, reason| Self {
            frame: frame.clone(),
            barrier,
            departure: departure.map(str::to_owned),
            reason,
            retry_after: Duration::from_secs(seconds),
        };
        vec![
            page(
                Some(Barrier([Done, NotNeeded, NotNeeded, Now, NotNeeded, ToCome])),
                900,
                Some("8mL2xQ"),
                SlowDownReason::Guesses,
            ),
            page(None, 25, None, SlowDownReason::Guesses),
            page(None, 7200, None, SlowDownReason::Guesses),
            page(None, 600, Some("8mL2xQ"), SlowDownReason::Returns),
        ]
    }
}

//! Something that happened, as it is noted: who, what, from where, which check decided, by which request.

use std::collections::BTreeMap;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::facts::client_address::ClientAddress;

/// The name of the app among what was only given.
const APP: &str = "app";

/// How it ended.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    ValueEnum,
    strum::EnumString,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[schema(as = Ended)]
pub enum EventOutcome {
    /// It was done.
    #[default]
    Done,
    /// It was refused or went wrong.
    Refused,
}

impl EventOutcome {
    /// The word in rows and filters.
    pub fn word(self) -> &'static str {
        self.into()
    }
}

/// Something that happened.
#[derive(Clone, Debug, Default)]
pub struct Event {
    pub(super) what: &'static str,
    pub(super) outcome: EventOutcome,
    pub(super) user: Option<String>,
    pub(super) actor: Option<String>,
    pub(super) app: Option<String>,
    pub(super) address: Option<ClientAddress>,
    pub(super) request_id: Option<String>,
    pub(super) check: Option<&'static str>,
    pub(super) refusal: Option<&'static str>,
    pub(super) details: BTreeMap<&'static str, String>,
    /// Those of the details, and `app`, that are what somebody gave and may be anything.
    as_given: Vec<&'static str>,
}

impl Event {
    /// Begins with what happened: `user.add`, `sign_in`, `session.revoke`; a dot between the object and the action.
    pub fn new(what: &'static str) -> Self {
        Self { what, ..Self::default() }
    }

    /// Whom it is about.
    #[must_use]
    pub fn user(mut self, user: impl Into<String>) -> Self {
        self.user = Some(user.into());
        self
    }

    /// Who did it, where that is not the user.
    #[must_use]
    pub fn actor(mut self, actor: impl Into<String>) -> Self {
        self.actor = Some(actor.into());
        self
    }

    /// At which app.
    #[must_use]
    pub fn app(mut self, app: impl Into<String>) -> Self {
        self.app = Some(app.into());
        self
    }

    /// At which app, as somebody gave its name: left out if it was refused.
    #[must_use]
    pub fn app_as_given(mut self, app: impl Into<String>) -> Self {
        self.as_given.push(APP);
        self.app(app)
    }

    /// Where from.
    #[must_use]
    pub const fn address(mut self, address: ClientAddress) -> Self {
        self.address = Some(address);
        self
    }

    /// By which request.
    #[must_use]
    pub fn request_id(mut self, id: impl Into<String>) -> Self {
        self.request_id = Some(id.into());
        self
    }

    /// Which check decided.
    #[must_use]
    pub const fn check(mut self, check: &'static str) -> Self {
        self.check = Some(check);
        self
    }

    /// That it was refused, and why: a refusal's code. What was only given is left out then.
    #[must_use]
    pub fn refused(mut self, code: &'static str) -> Self {
        self.refusal = Some(code);
        self.outcome = EventOutcome::Refused;
        for name in std::mem::take(&mut self.as_given) {
            self.details.remove(name);
            if name == APP {
                self.app = None;
            }
        }
        self
    }

    /// One more thing to know. Never a secret.
    #[must_use]
    pub fn detail(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.details.insert(name, value.into());
        self
    }

    /// One more thing to know, as somebody gave it and nobody has read it yet. It may be anything, a private key that was pasted by
    /// mistake: it is written where the act was done, since it proved to be what it should be then, and left out where it was
    /// refused.
    #[must_use]
    pub fn as_given(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.as_given.push(name);
        self.detail(name, value)
    }
}

//! The three steps of an invitation, shown above each of its pages.

use askama::Template;
use askama::filters::Safe;

use crate::portal::kit::page::Frame;
use crate::portal::kit::parts::written;

/// The three steps of an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum InvitationStep {
    /// 1.
    Password,
    /// 2.
    Authenticator,
    /// 3.
    RecoveryCodes,
}

impl InvitationStep {
    /// In their order.
    pub const ORDER: [Self; 3] = [Self::Password, Self::Authenticator, Self::RecoveryCodes];

    pub(in crate::portal) const fn key(self) -> &'static str {
        match self {
            Self::Password => "invitation-step-password",
            Self::Authenticator => "invitation-step-authenticator",
            Self::RecoveryCodes => "invitation-step-recovery",
        }
    }
}

/// The three steps of an invitation.
#[derive(Template)]
#[template(path = "enrol/steps.html")]
struct InvitationPart<'a> {
    frame: &'a Frame,
    here: InvitationStep,
}

impl Frame {
    /// The three steps of an invitation.
    pub(in crate::portal) fn invitation(&self, here: InvitationStep) -> Safe<String> {
        written(&InvitationPart { frame: self, here })
    }
}

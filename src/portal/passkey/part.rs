//! The box of a page in which a passkey is used or made. It works by script alone, and says so where none runs.

use askama::Template;
use askama::filters::Safe;

use crate::portal::kit::assets::PASSKEYS;
use crate::portal::kit::page::Frame;
use crate::portal::kit::parts::written;
use crate::portal::kit::paths;
use crate::portal::sign_in::step::SignInStep;

/// How a sign-in page offers a passkey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyOffer {
    /// Whether the field of the user name offers passkeys too (conditional mediation).
    pub conditional: bool,
    /// Whether it stands before the other ways of the page.
    pub first: bool,
    /// At check 5: what to call the browser that is registered by it.
    pub browser_name: Option<String>,
}

/// What a box does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::portal) enum BoxKind {
    /// Signs in, or passes a step.
    Use,
    /// Passes check 5, and so registers the browser.
    Register,
    /// Makes a passkey.
    Create,
}

impl BoxKind {
    const fn word(self) -> &'static str {
        match self {
            Self::Use | Self::Register => "use",
            Self::Create => "create",
        }
    }

    const fn button(self) -> &'static str {
        match self {
            Self::Use => "passkey-use",
            Self::Register => "passkey-register-browser",
            Self::Create => "passkey-create",
        }
    }

    const fn name_label(self) -> &'static str {
        match self {
            Self::Use | Self::Register => "browser-field-name",
            Self::Create => "passkey-field-name",
        }
    }

    const fn name_hint(self) -> &'static str {
        match self {
            Self::Use | Self::Register => "browser-hint-name",
            Self::Create => "passkey-hint-name",
        }
    }

    /// What can go wrong in the browser: the error's name, or a word of the script, and what to say. A certificate that the
    /// browser does not trust gives the error of a wrong domain in Firefox, so that its text names both.
    const fn problems(self) -> [(&'static str, &'static str); 8] {
        [
            ("NotAllowedError", if matches!(self, Self::Create) { "passkey-not-made" } else { "passkey-not-given" }),
            ("SecurityError", "passkey-insecure"),
            ("InvalidStateError", "passkey-registered-already"),
            ("NotSupportedError", "passkey-not-supported"),
            ("unsupported", "passkey-browser-too-old"),
            ("Over", "passkey-begin-again"),
            ("SlowDown", "passkey-slow-down"),
            ("other", "passkey-failed"),
        ]
    }
}

/// The box.
#[derive(Template)]
#[template(path = "passkey/box.html")]
pub(in crate::portal) struct PasskeyBox<'a> {
    pub(in crate::portal) frame: &'a Frame,
    pub(in crate::portal) kind: BoxKind,
    /// Where the script draws a challenge.
    pub(in crate::portal) options: &'a str,
    /// Where the answer is posted.
    pub(in crate::portal) action: &'a str,
    /// Hidden fields of the form.
    pub(in crate::portal) fields: Safe<String>,
    /// A name, where one is asked for.
    pub(in crate::portal) name: Option<&'a str>,
    pub(in crate::portal) conditional: bool,
    pub(in crate::portal) primary: bool,
}

#[derive(Template)]
#[template(source = r#"<script type="module" src="{{ path }}"></script>"#, ext = "html")]
struct Script<'a> {
    path: &'a str,
}

impl Frame {
    /// The box of a sign-in step.
    pub(in crate::portal) fn passkey(&self, step: &SignInStep, offer: &PasskeyOffer) -> Safe<String> {
        written(&PasskeyBox {
            frame: self,
            kind: if offer.browser_name.is_some() { BoxKind::Register } else { BoxKind::Use },
            options: paths::PASSKEY_OPTIONS,
            action: paths::PASSKEY,
            fields: self.carried(step),
            name: offer.browser_name.as_deref(),
            conditional: offer.conditional,
            primary: offer.first,
        })
    }

    /// The script of every page that has a box.
    pub(in crate::portal) fn passkey_script(&self) -> Safe<String> {
        written(&Script { path: &PASSKEYS.path })
    }
}

//! Settings that change while the gateway runs.
//! Invariant: names below `state.` are the program's own and stay so.

pub mod clear;
pub mod list;
pub mod set;

use super::error::AdminError;
use crate::account::settings::PORTAL_NOTICE;

/// Names of the program's own.
const OWN: &str = "state.";

/// Every setting there is, and what it does. A name that nobody reads would be a promise that nobody keeps.
pub const KNOWN: [(&str, &str); 1] =
    [(PORTAL_NOTICE, "a sentence on every page of the portal, to announce a maintenance for example")];

fn known(name: &str) -> Result<(), AdminError> {
    if KNOWN.iter().any(|(known, _)| *known == name) {
        return Ok(());
    }
    let all: Vec<String> = KNOWN.iter().map(|(name, what)| format!("{name} ({what})")).collect();
    let why = format!("{name:?} is none; there is {}", all.join(", "));
    Err(AdminError::Input { what: "read the name of the setting", why })
}

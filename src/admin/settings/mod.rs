//! Settings that change while the gateway runs.
//! Invariant: names below `state.` are the program's own and stay so.

pub mod clear;
pub mod list;
pub mod set;

use super::error::AdminError;
use crate::account::settings::{MEMBERS_MAY_ADD, MEMBERS_MAY_DELETE, PORTAL_NOTICE};

/// Names of the program's own.
const OWN: &str = "state.";

/// Every setting there is, and what it does. A name that nobody reads would be a promise that nobody keeps.
pub const KNOWN: [(&str, &str); 3] = [
    (PORTAL_NOTICE, "a sentence on every page of the portal, to announce a maintenance for example"),
    (MEMBERS_MAY_ADD, "whether users may add phones themselves: true or false, over what the config says"),
    (MEMBERS_MAY_DELETE, "whether users may remove phones themselves, likewise"),
];

fn known(name: &str) -> Result<(), AdminError> {
    if KNOWN.iter().any(|(known, _)| *known == name) {
        return Ok(());
    }
    let all: Vec<String> = KNOWN.iter().map(|(name, what)| format!("{name} ({what})")).collect();
    let why = format!("{name:?} is none; there is {}", all.join(", "));
    Err(AdminError::Input { what: "read the name of the setting", why })
}

/// Whether a setting takes this value.
fn takes(name: &str, value: &str) -> Result<(), AdminError> {
    let is_switch = [MEMBERS_MAY_ADD, MEMBERS_MAY_DELETE].contains(&name);
    let why = if is_switch && !["true", "false"].contains(&value) {
        "write true or false"
    } else if value.chars().count() > 1000 || value.chars().any(char::is_control) {
        "write at most 1,000 characters on one line"
    } else {
        return Ok(());
    };
    Err(AdminError::Input { what: "set the value", why: why.to_owned() })
}

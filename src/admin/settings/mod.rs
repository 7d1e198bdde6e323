//! Settings that change while the gateway runs.
//! Invariant: names below `state.` are the program's own and stay so.

pub mod clear;
pub mod list;
pub mod set;

use super::error::AdminError;

/// Names of the program's own.
const OWN: &str = "state.";

fn readable(name: &str) -> Result<(), AdminError> {
    let legal = !name.is_empty()
        && name.len() <= 64
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'_' | b'-'));
    if !legal {
        let why = "write 1 to 64 characters of a-z 0-9 . _ -".to_owned();
        return Err(AdminError::Input { what: "read the name of the setting", why });
    }
    if name.starts_with(OWN) {
        let why = format!("{name} is the program's own");
        return Err(AdminError::Input { what: "change the setting", why });
    }
    Ok(())
}

//! Every page, one file for each errand. What a handler fills in is in the struct; how it looks is in the template of
//! the same name.

pub mod sign_in;
pub mod answer;
pub mod launcher;
pub mod enrol;
pub mod account;
pub mod paths;

#[cfg(test)]
mod tests;

/// A name as somebody with bad intentions would choose it: markup, a formula, a right-to-left override, a flood.
fn hostile() -> String {
    format!("\"><svg onload=alert(1)>=cmd()'\u{202E}txt.exe\u{0}\u{2028}{}", "a".repeat(10_000))
}

//! What is said of a profile, line by line, and how it is printed.

use std::fmt;

use serde::Serialize;

use crate::config::schema::StandardProfile;

/// What is said of one requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Assessment {
    /// The config meets it.
    Ok,
    /// It does not.
    Fails,
    /// The build meets it: the test named shows it.
    Proven,
    /// It is for the operator of the gateway to meet.
    Operator,
}

/// One line of a profile.
#[derive(Clone, Debug, Serialize)]
pub struct Requirement {
    /// Where the standard says so.
    pub section: &'static str,
    /// What it asks for, in few words.
    pub requirement: &'static str,
    /// What is said of it.
    pub verdict: Assessment,
    /// The key that decides.
    pub key: Option<String>,
    /// Its line; 0 where a default speaks.
    pub line: u32,
    /// How it stands; the test; what is to be done.
    pub words: String,
    /// What would do, where it fails.
    pub mend: Option<String>,
}

/// A profile held against a config.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The profile.
    pub profile: StandardProfile,
    /// The app it is demanded of; none: of everything.
    pub app: Option<String>,
    /// Whether nothing fails.
    pub met: bool,
    /// Line by line.
    pub findings: Vec<Requirement>,
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fails = self.findings.iter().filter(|finding| finding.verdict == Assessment::Fails).count();
        let of = self.app.as_ref().map_or_else(String::new, |app| format!(" of {app}"));
        let met = if fails == 0 { "met, as far as a config can".to_owned() } else { format!("{fails} not met") };
        writeln!(out, "profile {}{of} ({}): {met}", self.profile.word(), self.profile.standard())?;
        for finding in &self.findings {
            let verdict = match finding.verdict {
                Assessment::Ok => "ok",
                Assessment::Fails => "FAILS",
                Assessment::Proven => "proven",
                Assessment::Operator => "operator",
            };
            writeln!(out, "  {verdict:<9} {:<9} {}", finding.section, finding.requirement)?;
            let line = if finding.line == 0 { String::new() } else { format!("  (line {})", finding.line) };
            let key = finding.key.as_ref().map_or_else(String::new, |key| format!("{key}: "));
            writeln!(out, "                      {key}{}{line}", finding.words)?;
            if let Some(mend) = &finding.mend {
                writeln!(out, "                      mend: {mend}")?;
            }
        }
        Ok(())
    }
}

//! Profiles of standards: which of their requirements this config meets, which it does not and how to mend it, which the
//! build meets whatever the config says (each with the test that shows it), and which are for people to meet.
//! Sections are those of NIST SP 800-63B-4 and of OWASP ASVS 5.0.0; nothing is numbered here that was not read there.
//! Invariant: what cannot be seen is never called met.

mod asvs;
mod judge;
mod nist;
mod proofs;
mod report;

pub use self::report::{Assessment, Report, Requirement};

use self::judge::Judge;
use super::Config;
use super::diagnose::{Complaint, Diagnosis};
use super::schema::StandardProfile;

/// Every profile that a config demands, held against it; `asked` besides, of everything.
pub fn reports(config: &Config, asked: Option<StandardProfile>) -> Vec<Report> {
    let whole = [config.file.profile, asked.filter(|asked| config.file.profile != Some(*asked))];
    let whole = whole.into_iter().flatten().map(|profile| (profile, None));
    let apps = config.file.app.iter().filter_map(|app| Some((app.profile?, Some(app.name.as_str()))));
    whole.chain(apps).map(|(profile, app)| Judge::new(config, app).report(profile)).collect()
}

/// What is not met of the profiles that a config demands: nothing runs with it.
///
/// # Errors
/// A [`Diagnosis`] with all of it.
pub fn met(config: &Config) -> Result<(), Diagnosis> {
    let complaints = unmet(&reports(config, None));
    if complaints.is_empty() { Ok(()) } else { Err(config.complain(complaints)) }
}

/// What fails, as complaints on the keys that decide.
pub fn unmet(reports: &[Report]) -> Vec<Complaint> {
    let failing = |report: &Report| -> Vec<Complaint> {
        let fails = report.findings.iter().filter(|finding| finding.verdict == Assessment::Fails);
        let complaint = |finding: &Requirement| {
            let message = format!("{} {}: {}", report.profile.standard(), finding.section, finding.words);
            let complaint = Complaint::new(finding.key.clone().unwrap_or_default(), message);
            finding.mend.iter().fold(complaint, |complaint, mend| complaint.help(mend.clone()))
        };
        fails.map(complaint).collect()
    };
    reports.iter().flat_map(failing).collect()
}

impl StandardProfile {
    /// The word in the config.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NistAal2 => "nist-aal2",
            Self::AsvsL2 => "asvs-l2",
        }
    }

    /// The standard.
    pub const fn standard(self) -> &'static str {
        match self {
            Self::NistAal2 => "NIST SP 800-63B-4",
            Self::AsvsL2 => "OWASP ASVS 5.0",
        }
    }

    /// Of two sections, that of this standard.
    const fn of(self, nist: &'static str, asvs: &'static str) -> &'static str {
        match self {
            Self::NistAal2 => nist,
            Self::AsvsL2 => asvs,
        }
    }
}

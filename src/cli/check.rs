//! `sekisho check`: reads the config, says what it means app by app, and holds it against written expectations.
//! The policies printed are the compiled ones, and the expectations are judged by the chain itself.

pub mod effective;
mod expected;

use std::collections::HashSet;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use tokio_util::task::TaskTracker;

use self::effective::Effective;
use crate::certificate::bundles::Bundles;
use crate::chain::policy::Policies;
use crate::clock::{SharedClock, SystemClock};
use crate::config::Config;
use crate::config::diagnose::Diagnosis;
use crate::config::expectation::Expectations;
use crate::gateway::tls::ServerTls;
use crate::gateway::upstream::Upstreams;

/// Check the config and print the effective policy of every app.
#[derive(Args, Clone, Debug)]
pub struct Check {
    /// The config file.
    #[arg(long, value_name = "FILE", env = "SEKISHO_CONFIG", default_value = "config/sekisho.toml")]
    pub config: PathBuf,
    /// A file of expectations that the policies must meet.
    #[arg(long, value_name = "FILE")]
    pub expect: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
    /// Do not read the certificates, keys and bundles that the config names, as where the config is kept and not run.
    #[arg(long)]
    pub without_files: bool,
}

impl Check {
    /// Checks and prints: what the config means to `out`, what is wrong to `words`; with `json` both to `out`. True if
    /// nothing is wrong.
    ///
    /// # Errors
    /// What `out` and `words` say when they are written to.
    pub fn run(&self, out: &mut impl Write, words: &mut impl Write) -> io::Result<bool> {
        let mut refuse = |out: &mut dyn Write, what: &str, diagnosis: &Diagnosis| {
            if self.json {
                writeln!(out, "{:#}", diagnosis.json())?;
            } else {
                write!(words, "error: {what}\n\n{diagnosis}\n")?;
            }
            Ok(false)
        };
        let (config, policies) = match compiled(&self.config) {
            Ok(compiled) => compiled,
            Err(diagnosis) => return refuse(out, "the config is not good", &diagnosis),
        };
        let clock: SharedClock = Arc::new(SystemClock::new());
        if let Some(diagnosis) = (!self.without_files).then(|| files(&config, &clock).err()).flatten() {
            return refuse(out, "the config is good, but not the files that it names", &diagnosis);
        }
        let expectations = self.expect.as_deref().map(Expectations::read).transpose();
        let held = expectations.and_then(|expectations| {
            let Some(expectations) = expectations else { return Ok(0) };
            expected::hold(&config, &policies, &expectations).map(|()| expectations.list.len())
        });
        let count = match held {
            Ok(count) => count,
            Err(diagnosis) => return refuse(out, "not as expected", &diagnosis),
        };
        let effective = Effective::of(&config, &policies);
        if self.json {
            serde_json::to_writer_pretty(&mut *out, &effective)?;
            writeln!(out)?;
        } else {
            write!(out, "{effective}")?;
        }
        if count > 0 {
            writeln!(words, "{count} expectations hold")?;
        }
        Ok(true)
    }
}

/// Reads a config and compiles its policies.
///
/// # Errors
/// A [`Diagnosis`] with everything that is wrong.
pub fn compiled(path: &std::path::Path) -> Result<(Config, Policies), Diagnosis> {
    let config = Config::read(path)?;
    let policies = Policies::compile(&config).map_err(|complaints| config.complain(complaints))?;
    Ok((config, policies))
}

/// Reads every certificate, key, bundle and revocation list that the config names, as a start would.
///
/// # Errors
/// A [`Diagnosis`] with everything that could not be used.
pub fn files(config: &Config, clock: &SharedClock) -> Result<(), Diagnosis> {
    let mut complaints = Bundles::compile(&config.file.trust, clock.now()).err().unwrap_or_default();
    complaints.extend(crate::factor::ad_password::Directory::load(&config.file.directory).err());
    complaints.extend(ServerTls::load(config, clock.now()).err().unwrap_or_default());
    for (place, app) in config.file.app.iter().enumerate().filter(|(_, app)| !app.forward_auth) {
        let within = config.file.limits.connect_within.0;
        let upstreams = Upstreams::load(app, place, within, Arc::clone(clock), TaskTracker::new());
        complaints.extend(upstreams.err().unwrap_or_default());
    }
    // A bundle is read twice, once to judge by and once to ask with: its trouble is told once.
    let mut told = HashSet::new();
    complaints.retain(|complaint| told.insert(complaint.path.clone()));
    if complaints.is_empty() { Ok(()) } else { Err(config.complain(complaints)) }
}

#[cfg(test)]
mod tests;

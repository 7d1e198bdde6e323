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
    /// Checks and prints: what the config means to `out`, what is wrong to `words`. True if nothing is.
    ///
    /// # Errors
    /// What `out` and `words` say when they are written to.
    pub fn run(&self, out: &mut impl Write, words: &mut impl Write) -> io::Result<bool> {
        let (config, policies) = match compiled(&self.config) {
            Ok((config, policies)) if self.without_files => (config, policies),
            Ok((config, policies)) => match files(&config, &(Arc::new(SystemClock::new()) as SharedClock)) {
                Ok(()) => (config, policies),
                Err(diagnosis) => {
                    write!(words, "error: the config is good, but not the files that it names\n\n{diagnosis}\n")?;
                    return Ok(false);
                }
            },
            Err(diagnosis) => {
                write!(words, "error: the config is not good\n\n{diagnosis}\n")?;
                return Ok(false);
            }
        };
        let effective = Effective::of(&config, &policies);
        let outcome = self.expect.as_deref().map(Expectations::read).transpose().and_then(|expectations| {
            let count = expectations.as_ref().map_or(0, |expectations| expectations.list.len());
            expectations.iter().try_for_each(|expectations| expected::hold(&config, &policies, expectations)).map(|()| count)
        });
        if self.json {
            serde_json::to_writer_pretty(&mut *out, &effective)?;
            writeln!(out)?;
        } else {
            write!(out, "{effective}")?;
        }
        match outcome {
            Ok(0) => Ok(true),
            Ok(count) => writeln!(words, "{count} expectations hold").map(|()| true),
            Err(diagnosis) => write!(words, "error: not as expected\n\n{diagnosis}\n").map(|()| false),
        }
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

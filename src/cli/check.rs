//! `sekisho check`: reads the config, says what it means app by app, and holds it against written expectations.
//! The policies printed are the compiled ones, and the expectations are judged by the chain itself.

pub mod effective;
mod expected;

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;

use self::effective::Effective;
use crate::chain::policy::Policies;
use crate::config::Config;
use crate::config::diagnose::Diagnosis;
use crate::config::expectation::Expectations;

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
}

impl Check {
    /// Checks and prints: what the config means to `out`, what is wrong to `words`. True if nothing is.
    ///
    /// # Errors
    /// What `out` and `words` say when they are written to.
    pub fn run(&self, out: &mut impl Write, words: &mut impl Write) -> io::Result<bool> {
        let (config, policies) = match compiled(&self.config) {
            Ok(compiled) => compiled,
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

#[cfg(test)]
mod tests;

//! `sekisho check`: reads the config as a start would, says what it means app by app, warns of what its writer may not have
//! meant, and holds it against written expectations. The policies printed are the compiled ones, and the expectations are
//! judged by the chain itself.

pub mod effective;
mod expected;

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use tokio_util::task::TaskTracker;

use self::effective::Effective;
use super::config_file::ConfigFile;
use super::words::say;
use crate::chain::policy::Policies;
use crate::clock::{SharedClock, SystemClock};
use crate::config::Config;
use crate::config::diagnose::{Complaint, Diagnosis};
use crate::config::expectation::Expectations;
use crate::core::{Core, StateError};
use crate::gateway::accept::listener;
use crate::gateway::accept::listener::BindError;
use crate::gateway::accept::tls::ServerTls;
use crate::principal::user::GroupName;
use crate::random::{OsRandom, SharedRandom};
use crate::server::control;
use crate::server::parts::{self, Parts};

/// Check the config and print the effective policy of every app.
#[derive(Args, Clone, Debug)]
pub struct CheckConfig {
    #[command(flatten)]
    pub(super) config: ConfigFile,
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

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checked {
    /// Nothing is wrong.
    Good,
    /// The config is wrong, or what it names on this machine.
    Wrong,
    /// The config is good, and means something else than was expected.
    NotAsExpected,
}

impl CheckConfig {
    /// Checks and prints: what the config means to `out`, what is wrong and what is warned of to `words`; with `json` all to
    /// `out`.
    ///
    /// # Errors
    /// What `out` and `words` say when they are written to.
    pub fn run(&self, out: &mut impl Write, words: &mut impl Write) -> io::Result<Checked> {
        let mut refuse = |out: &mut dyn Write, what: String, diagnosis: &Diagnosis| {
            let what = say("check-error", &[("what", &what)]);
            if self.json { writeln!(out, "{:#}", diagnosis.json()) } else { write!(words, "{what}\n\n{diagnosis}\n") }
        };
        let (config, policies) = match compiled(self.config.path()) {
            Ok(compiled) => compiled,
            Err(diagnosis) => {
                refuse(out, say("check-config", &[]), &diagnosis)?;
                return Ok(Checked::Wrong);
            }
        };
        let clock: SharedClock = Arc::new(SystemClock::new());
        let here = if self.without_files { Ok(Machine::default()) } else { Machine::look(&config, &clock) };
        let here = match here {
            Ok(here) => here,
            Err(diagnosis) => {
                refuse(out, say("check-machine", &[]), &diagnosis)?;
                return Ok(Checked::Wrong);
            }
        };
        let expectations = self.expect.as_deref().map(Expectations::read).transpose();
        let expectations = match expectations {
            Ok(expectations) => expectations,
            Err(diagnosis) => {
                refuse(out, say("check-expectations", &[]), &diagnosis)?;
                return Ok(Checked::NotAsExpected);
            }
        };
        let held = expectations.as_ref().map(|expectations| expected::hold(&config, &policies, expectations)).transpose();
        if let Err(diagnosis) = held {
            refuse(out, say("check-not-as-expected", &[]), &diagnosis)?;
            return Ok(Checked::NotAsExpected);
        }
        let warnings = here.warnings(&config);
        let effective = Effective::of(&config, &policies, &warnings);
        if self.json {
            serde_json::to_writer_pretty(&mut *out, &effective)?;
            writeln!(out)?;
        } else {
            write!(out, "{effective}")?;
            if !warnings.faults().is_empty() {
                write!(words, "{}\n\n{warnings}\n", say("check-warning", &[]))?;
            }
        }
        if let Some(expectations) = expectations.filter(|expectations| !expectations.list.is_empty()) {
            writeln!(words, "{}", say("check-hold", &[("count", &expectations.list.len())]))?;
        }
        Ok(Checked::Good)
    }
}

/// Reads a config and compiles its policies.
///
/// # Errors
/// A [`Diagnosis`] with everything that is wrong.
pub fn compiled(path: &std::path::Path) -> Result<(Config, Policies), Diagnosis> {
    let config = Config::read(path)?;
    let policies = parts::policies(&config)?;
    crate::config::profile::met(&config)?;
    Ok((config, policies))
}

/// What a start would find on this machine. Nothing is looked at where the config is only kept.
#[derive(Default)]
struct Machine {
    tls: Option<ServerTls>,
    groups: Option<BTreeSet<GroupName>>,
    /// Addresses that cannot be listened on at present, with their keys.
    taken: Vec<Complaint>,
    /// What is to be said of revocation lists.
    lists: Vec<Complaint>,
}

impl Machine {
    /// Reads every file that the config names, as a start would, and looks at the state and at the addresses.
    fn look(config: &Config, clock: &SharedClock) -> Result<Self, Diagnosis> {
        let random: SharedRandom = Arc::new(OsRandom::new());
        let parts = Parts::load(config, clock, &random, &TaskTracker::new());
        let mut wrong = Vec::new();
        wrong.extend(Core::inspect(config).err().map(|error| of_state(&error)));
        let runs = UnixStream::connect(control::path(&config.file.state.directory)).is_ok();
        let (taken, not_ours) = addresses(config, runs);
        wrong.extend(not_ours);
        // A start goes on without them and shuts people out, so the writer of the config hears of them as of an error.
        wrong.extend(parts.iter().flat_map(|parts| parts.compiled.unusable_lists()));
        match (parts, wrong.is_empty()) {
            (Ok(parts), true) => {
                let lists = parts.compiled.warnings(clock.now());
                Ok(Self { tls: Some(parts.tls), groups: groups(config), taken, lists })
            }
            (Ok(_), false) => Err(config.complain(wrong)),
            (Err(diagnosis), _) => Err(diagnosis.and(config.complain(wrong))),
        }
    }

    fn warnings(&self, config: &Config) -> Diagnosis {
        let here = self.lists.iter().chain(&self.taken).cloned().collect();
        parts::warnings(config, self.tls.as_ref(), self.groups.as_ref()).and(config.warn(here))
    }
}

fn of_state(error: &StateError) -> Complaint {
    let key = match error {
        StateError::Key { .. } | StateError::AnotherKey { .. } => "state.master_key",
        StateError::Directory { .. } | StateError::Busy { .. } => "state.directory",
        StateError::ForwardAuthKey { .. } => "state.forward_auth_key",
    };
    Complaint::new(key, format!("a start would fail to {error}"))
}

/// Addresses that cannot be listened on now, which may be as it should be, and those that never can be here. A gateway that
/// `runs` has its own.
fn addresses(config: &Config, runs: bool) -> (Vec<Complaint>, Vec<Complaint>) {
    let server = &config.file.server;
    let listen = server.listen.iter().enumerate().map(|(place, address)| (format!("server.listen[{place}]"), *address));
    let redirect = server.redirect_listen.iter().enumerate();
    let redirect = redirect.map(|(place, address)| (format!("server.redirect_listen[{place}]"), *address));
    let operations = server.operations_listen.map(|address| ("server.operations_listen".to_owned(), address));
    let (mut taken, mut wrong) = (Vec::new(), Vec::new());
    for (key, address) in listen.chain(redirect).chain(operations) {
        let Err(error) = listener::probe(address) else { continue };
        let complaint = Complaint::new(key, format!("a start would fail to {error}"));
        match error {
            BindError::InUse(_) if runs => {}
            BindError::InUse(_) => {
                taken.push(complaint.help("nothing is wrong where a socket unit of systemd has it for the gateway"))
            }
            BindError::NotPermitted(_) => {
                taken.push(
                    complaint
                        .help("nothing is wrong where the gateway runs with that capability, or gets the socket handed over"),
                );
            }
            BindError::NotOurs(_) | BindError::Failed(..) => wrong.push(complaint.help("name an address of this machine")),
        }
    }
    (taken, wrong)
}

/// The groups of the directory, where there is one.
fn groups(config: &Config) -> Option<BTreeSet<GroupName>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
    // An older or a newer state than ours cannot be read: then nothing is said of groups.
    let there = runtime.block_on(Core::groups_at(config)).ok()??;
    // Those that a directory puts people into are made with the first of them.
    let mapped = config.file.directory.values().flat_map(|directory| directory.groups.keys());
    Some(there.into_iter().chain(mapped.filter_map(|name| GroupName::parse(name).ok())).collect())
}

#[cfg(test)]
mod tests;

//! Everything that a config names, read and compiled as a whole: a start, a reload and `check` do it by this one function, so
//! that what one takes the others take; and what its writer is warned of.
//! Invariant: all faults are reported at once, and nothing is in force yet.

use std::collections::BTreeSet;

use tokio_util::task::TaskTracker;

use crate::chain::policy::Policies;
use crate::clock::SharedClock;
use crate::config::Config;
use crate::config::diagnose::{Complaint, Diagnosis};
use crate::core::Compiled;
use crate::gateway::accept::tls::ServerTls;
use crate::gateway::hosts::Hosts;
use crate::gateway::upstream::Upstreams;
use crate::principal::user::GroupName;
use crate::random::SharedRandom;

/// What a config names.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) tls: ServerTls,
    pub(crate) hosts: Hosts,
    pub(crate) compiled: Compiled,
}

impl Parts {
    /// Reads and compiles it.
    ///
    /// # Errors
    /// A [`Diagnosis`] with everything that is wrong.
    pub(crate) fn load(
        config: &Config,
        clock: &SharedClock,
        random: &SharedRandom,
        tasks: &TaskTracker,
    ) -> Result<Self, Diagnosis> {
        let mut complaints = Vec::new();
        let tls = ServerTls::load(config, clock.now()).map_err(|wrong| complaints.extend(wrong)).ok();
        let compiled = Compiled::of(config, clock, random).map_err(|wrong| complaints.extend(wrong)).ok();
        let hosts = match (&tls, &compiled) {
            (Some(tls), Some(compiled)) => {
                let hosts = Hosts::load(config, compiled.policies(), tls, clock, tasks);
                hosts.map_err(|wrong| complaints.extend(wrong)).ok()
            }
            // Hosts cannot be made without those; the faults of their files are reported all the same.
            _ => {
                complaints.extend(upstreams(config, clock, tasks));
                None
            }
        };
        match (tls, hosts, compiled) {
            (Some(tls), Some(hosts), Some(compiled)) if complaints.is_empty() => Ok(Self { tls, hosts, compiled }),
            _ => {
                // A bundle is read twice, once for the chain and once for the handshake: its fault is reported once.
                let mut reported = BTreeSet::new();
                complaints.retain(|wrong| !wrong.path.starts_with("trust.") || reported.insert(wrong.path.clone()));
                Err(config.complain(complaints))
            }
        }
    }
}

/// What the writer of `config` is warned of: what its text shows, what its certificates show, where those were read, and
/// what the directory shows, where its groups are known.
pub(crate) fn warnings(config: &Config, tls: Option<&ServerTls>, groups: Option<&BTreeSet<GroupName>>) -> Diagnosis {
    let mut found = config.advice();
    for (key, url) in tls.iter().flat_map(|_| config.own_addresses()) {
        let host = url.host_str().unwrap_or_default();
        if tls.is_some_and(|tls| !tls.covers(host)) {
            let help = "give `[[tls.certificate]]` one that has it among its subject alternative names";
            found.push(Complaint::new(key, format!("no certificate is for `{host}`: browsers refuse it")).help(help));
        }
    }
    for (key, name) in groups.iter().flat_map(|_| config.groups_named()) {
        // A malformed name is refused elsewhere.
        if let Ok(group) = GroupName::parse(name)
            && groups.is_some_and(|there| !there.contains(&group))
        {
            let help = format!("`sekisho group add {group}` makes it; or mend the name");
            found.push(Complaint::new(key, format!("there is no group `{group}`: nobody is in it")).help(help));
        }
    }
    found.extend(crate::kerberos::warnings(config));
    config.warn(found)
}

fn upstreams(config: &Config, clock: &SharedClock, tasks: &TaskTracker) -> Vec<Complaint> {
    let within = config.file.limits.connect_within.0;
    let forwarded = config.file.app.iter().enumerate().filter(|(_, app)| !app.forward_auth);
    let load = |(place, app)| Upstreams::load(app, place, within, std::sync::Arc::clone(clock), tasks.clone()).err();
    forwarded.filter_map(load).flatten().collect()
}

/// The policies of `config`, where nothing that it names on this machine is looked at.
///
/// # Errors
/// A [`Diagnosis`].
pub(crate) fn policies(config: &Config) -> Result<Policies, Diagnosis> {
    crate::policy::compile(config).map_err(|complaints| config.complain(complaints))
}

//! What one config compiled to, as the gateway sees it: config, policies, hosts and certificates of one moment.
//! Invariant: all of it is swapped at once, so that a request never sees policies of one config and hosts of another.

use std::sync::Arc;

use super::accept::facts::AcceptRules;
use super::accept::tls::ServerTls;
use super::hosts::Hosts;
use crate::core::Snapshot;

/// The config in force, with all that it compiled to.
#[derive(Debug)]
pub struct GatewaySnapshot {
    /// The config and its policies: the very ones that the core holds.
    pub core: Arc<Snapshot>,
    /// The hosts, with the policies and the upstreams of their apps.
    pub hosts: Hosts,
    /// The certificates.
    pub tls: Arc<ServerTls>,
}

impl GatewaySnapshot {
    /// What a connection is accepted under.
    pub fn accept_rules(&self) -> AcceptRules {
        AcceptRules { tls: Arc::clone(&self.tls), trusted: Arc::clone(&self.hosts.trusted), tickets: self.hosts.tickets.clone() }
    }
}

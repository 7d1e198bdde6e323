//! A new config takes over while requests go on: read, checked and compiled as a whole, then swapped. A bad one changes
//! nothing; it is told in the log, in the metrics, and by `sekisho check`.

use std::path::Path;
use std::sync::Arc;

use super::Server;
use crate::config::Config;
use crate::config::diagnose::Diagnosis;
use crate::config::reload::Reloads;
use crate::gateway::hosts::Hosts;
use crate::gateway::tls::ServerTls;

impl Server {
    /// Puts `config` in force. What was begun under the present one ends under it.
    ///
    /// # Errors
    /// A [`Diagnosis`]; then the present config stays.
    pub fn adopt(&self, config: &Arc<Config>) -> Result<(), Diagnosis> {
        let clock = &self.house.clock;
        let tls = ServerTls::load(config, clock.now()).map_err(|complaints| config.complain(complaints))?;
        let policies = crate::chain::policy::Policies::compile(config).map_err(|complaints| config.complain(complaints))?;
        let hosts =
            Hosts::load(config, &policies, &tls, clock, &self.tunnels).map_err(|complaints| config.complain(complaints))?;
        // Everything is there; from here on nothing can fail but what the house itself refuses.
        self.house.adopt(Arc::clone(config))?;
        self.tls.store(Arc::new(tls));
        self.hosts.store(Arc::new(hosts));
        Ok(())
    }

    /// Reads the file at `path` anew and puts it in force.
    ///
    /// # Errors
    /// As [`Self::adopt`].
    pub fn reload(&self, path: &Path) -> Result<Arc<Config>, Diagnosis> {
        let config = Arc::new(Config::read(path)?);
        self.adopt(&config)?;
        Ok(config)
    }

    /// Who has no phone is shut out where login-protect holds, and a service ID that was never drawn here may be
    /// mistyped: told, so that it is no surprise.
    async fn warn_of_shut_forms(&self) {
        for (policy, services) in self.house.policies.load().all().map(|(name, policy)| (name, policy.services_of_anybody())) {
            for service in services.filter(|service| !self.house.login_protect.has_drawn(service.id())) {
                tracing::warn!(policy, service = %service.id(), "login_protect_service_not_drawn");
            }
        }
        let protects = self.house.policies.load().all().any(|(_, policy)| policy.services_of_anybody().next().is_some());
        if !protects || self.house.login_protect.is_disabled() {
            return;
        }
        match self.house.users_without_phone().await {
            Ok(0) => {}
            Ok(users) => tracing::warn!(users, "login_protect_users_without_phone"),
            Err(error) => tracing::warn!(%error, "login_protect_users_not_counted"),
        }
    }

    /// Reloads whenever there is a reason, for ever: SIGHUP, or a file that changed.
    pub async fn follow(&self, mut reloads: Reloads) {
        loop {
            let reason = reloads.next().await;
            let path = self.house.config.load().path.clone();
            match self.reload(&path) {
                Ok(config) => {
                    reloads.follow_also(&config);
                    metrics::counter!("sekisho_config_reloads_total").increment(1);
                    metrics::gauge!("sekisho_config_last_reload_ok").set(1.0);
                    tracing::info!(?reason, path = %path.display(), "config_reloaded");
                    self.warn_of_shut_forms().await;
                }
                Err(diagnosis) => {
                    metrics::counter!("sekisho_config_reload_failures_total").increment(1);
                    metrics::gauge!("sekisho_config_last_reload_ok").set(0.0);
                    for fault in diagnosis.faults() {
                        tracing::error!(
                            file = fault.file().unwrap_or("-"),
                            line = fault.line(),
                            column = fault.column(),
                            key = fault.path(),
                            error = fault.message(),
                            "config_refused: the last good one stays in force"
                        );
                    }
                }
            }
        }
    }
}

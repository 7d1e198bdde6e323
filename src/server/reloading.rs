//! A new config takes over while requests go on: read, checked and compiled as a whole, then swapped. A bad one changes
//! nothing; it is reported in the log, in the metrics, and by `sekisho check`.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::Server;
use super::parts::{self, Parts};
use crate::config::Config;
use crate::config::diagnose::Diagnosis;
use crate::config::reload::Reloads;
use crate::gateway::snapshot::GatewaySnapshot;

impl Server {
    /// Puts `config` in force. What was begun under the present one ends under it.
    ///
    /// # Errors
    /// A [`Diagnosis`]; then the present config stays.
    pub fn adopt(&self, config: &Arc<Config>) -> Result<(), Diagnosis> {
        let Parts { tls, hosts, compiled } = Parts::load(config, self.core.clock(), self.core.random(), &self.tunnels)?;
        // Everything is there; from here on nothing can fail.
        tls.attach(self.core.own_certificates().listeners());
        let core = self.core.take_over(Arc::clone(config), compiled);
        self.snapshot.store(Arc::new(GatewaySnapshot { core, hosts, tls: Arc::new(tls) }));
        Ok(())
    }

    /// Reads the file at `path` again and puts it in force.
    ///
    /// # Errors
    /// As [`Self::adopt`].
    pub fn reload(&self, path: &Path) -> Result<Arc<Config>, Diagnosis> {
        let config = Arc::new(Config::read(path)?);
        self.adopt(&config)?;
        Ok(config)
    }

    /// What `sekisho check` warns of, in the log too.
    pub(super) fn warn(&self) {
        let groups: BTreeSet<_> = self.core.groups().list().into_iter().map(|group| group.name).collect();
        let config = self.core.config();
        let bundles = self.core.certificates().bundles();
        let mut lists = bundles.unusable_files();
        lists.extend(bundles.warnings(self.core.clock().now()));
        let lists = config.warn(lists);
        for fault in parts::warnings(&config, Some(&self.snapshot.load().tls), Some(&groups)).and(lists).faults() {
            tracing::warn!(
                file = fault.file().unwrap_or("-"),
                line = fault.line(),
                column = fault.column(),
                key = fault.path(),
                warning = fault.message(),
                help = fault.help().unwrap_or_default(),
                "config_warning"
            );
        }
        // An app that was renamed or removed leaves its list behind, and nothing else says that it restricts nobody.
        let policies = self.core.policies();
        for app in self.core.networks().lists().places().filter(|place| !policies.places().any(|one| one == *place)) {
            tracing::warn!(app, "network_list_without_app");
        }
        // A name that went: its list refuses more than was meant.
        for (list, name) in self.core.networks().missing_names() {
            tracing::warn!(%list, name, "network_name_gone");
        }
        // No act makes it so; a config that is read again may.
        let users = self.core.users_with_both_switches();
        if users > 0 {
            tracing::warn!(users, "users_with_excluded_switches");
        }
    }

    /// Who has no phone is shut out where login-protect holds, and a service ID that was never drawn here may be
    /// mistyped: a warning says so.
    async fn warn_of_shut_forms(&self) {
        for (policy, services) in self.core.policies().all().map(|(name, policy)| (name, policy.services_of_anybody())) {
            for service in services.filter(|service| !self.core.login_protect().has_drawn(service.id())) {
                tracing::warn!(policy, service = %service.id(), "login_protect_service_not_drawn");
            }
        }
        let protects = self.core.policies().all().any(|(_, policy)| policy.services_of_anybody().next().is_some());
        if !protects || self.core.login_protect().is_disabled() {
            return;
        }
        match self.core.users_without_phone().await {
            Ok(0) => {}
            Ok(users) => tracing::warn!(users, "login_protect_users_without_phone"),
            Err(error) => tracing::warn!(%error, "login_protect_users_not_counted"),
        }
    }

    /// Reloads whenever there is a reason, for ever: SIGHUP, or a file that changed.
    pub async fn follow(&self, mut reloads: Reloads) {
        loop {
            let reason = reloads.next().await;
            let path = self.core.config().path.clone();
            match self.reload(&path) {
                Ok(config) => {
                    reloads.follow_also(&config);
                    metrics::counter!("sekisho_config_reloads_total").increment(1);
                    metrics::gauge!("sekisho_config_last_reload_ok").set(1.0);
                    tracing::info!(?reason, path = %path.display(), "config_reloaded");
                    self.warn();
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

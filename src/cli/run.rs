//! `sekisho run`: the gateway, until a signal stops it.

use std::num::NonZeroUsize;
use std::sync::Arc;

use clap::Args;
use tokio::signal::unix::{SignalKind, signal};

use super::CommandFailure;
use super::config_file::ConfigFile;
use super::words::say;
use crate::clock::{SharedClock, SystemClock};
use crate::config::Config;
use crate::config::reload::Reloads;
use crate::gateway::accept::listener;
use crate::random::OsRandom;
use crate::server::{Listeners, Server, Workers};
use crate::telemetry::{self, Metrics};

/// Run the gateway.
#[derive(Args, Clone, Debug)]
pub(super) struct Run {
    #[command(flatten)]
    config: ConfigFile,
}

impl Run {
    /// Runs until SIGTERM or SIGINT, then drains.
    ///
    /// # Errors
    /// [`CommandFailure`].
    pub(super) fn run(self) -> Result<(), CommandFailure> {
        let config = Arc::new(self.config.needed()?);
        telemetry::log(&config.file.log).map_err(|error| CommandFailure::failed(&error))?;
        let metrics = Arc::new(Metrics::install().map_err(|error| CommandFailure::failed(&error))?);
        runtime()?.block_on(async {
            let clock: SharedClock = Arc::new(SystemClock::new());
            let listeners = listeners(&config)?;
            // Before anything answers: a supervisor that sees the gateway ready may send it a signal.
            let stop = told_to_stop();
            let reloads = Reloads::follow(&config).map_err(|error| CommandFailure::failed(&error))?;
            let server =
                Server::start(Arc::clone(&config), clock, Arc::new(OsRandom::new()), listeners, metrics, more_workers(&config)?)
                    .await?;
            for address in &server.https {
                tracing::info!(%address, portal = %config.file.portal.url, "listening");
            }
            tell_systemd(&[sd_notify::NotifyState::Ready]);
            tokio::select! {
                () = server.follow(reloads) => {}
                () = stop => {}
            }
            tracing::info!("draining");
            tell_systemd(&[sd_notify::NotifyState::Stopping]);
            server.stop().await.map_err(|error| CommandFailure::failed(&error))
        })
    }
}

/// The runtime that a server is started on: its first worker.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, CommandFailure> {
    tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| CommandFailure::starting(&error))
}

/// As many more as the config says, or as there are cores.
pub(super) fn more_workers(config: &Config) -> Result<Workers, CommandFailure> {
    let cores = || std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let all = config.file.server.workers.unwrap_or_else(cores);
    Workers::start(all.saturating_sub(1)).map_err(|error| CommandFailure::failed(&error))
}

/// Sockets that systemd handed over; of a kind that it did not, those that the config names.
#[expect(clippy::disallowed_methods, reason = "the names of handed-over sockets stand in the environment alone")]
fn listeners(config: &Config) -> Result<Listeners, CommandFailure> {
    let names = std::env::var("LISTEN_FDNAMES").ok();
    let handed = listener::activated(names.as_deref())
        .map_err(|error| CommandFailure::Failed(say("failure-handed-over", &[("why", &error)]), None))?;
    let mut file = config.file.clone();
    let (mut https, mut redirect) = (Vec::new(), Vec::new());
    for (name, socket) in handed {
        match name.as_deref() {
            None | Some("https") => https.push(socket),
            Some("http") => redirect.push(socket),
            Some(other) => {
                let hint = say("failure-socket-hint", &[]);
                return Err(CommandFailure::Failed(say("failure-socket", &[("name", &other)]), Some(hint.into())));
            }
        }
    }
    if !https.is_empty() {
        file.server.listen.clear();
    }
    if !redirect.is_empty() {
        file.server.redirect_listen.clear();
    }
    let mut listeners = Listeners::bind(&file).map_err(|error| CommandFailure::failed(&error))?;
    listeners.https.append(&mut https);
    listeners.redirect.append(&mut redirect);
    Ok(listeners)
}

/// Resolves at SIGTERM or SIGINT, which end nothing by themselves from the call on.
pub(super) fn told_to_stop() -> impl Future<Output = ()> {
    let signals = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()));
    async move {
        let (Ok(mut term), Ok(mut int)) = signals else {
            // Without handlers the signals end the process by themselves.
            return std::future::pending().await;
        };
        tokio::select! {
            _ = term.recv() => {}
            _ = int.recv() => {}
        }
    }
}

fn tell_systemd(states: &[sd_notify::NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::debug!(%error, "systemd_not_told");
    }
}

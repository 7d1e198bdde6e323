//! `sekisho demo`: everything embedded. Makes its own state, authority, certificates, users and a demo app, prints how to
//! sign in, and runs until Ctrl-C. A second run finds everything as it was left, the config too where somebody changed it.

mod app;
mod bank;
mod config;
mod guide;
mod html;
mod making;

use std::io::{self, IsTerminal as _};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use tokio_util::sync::CancellationToken;

use self::making::DemoUser;
use super::CommandFailure;
use super::manage::unless_enough;
use super::run::{more_workers, runtime, told_to_stop};
use super::words::say;
use crate::clock::{SharedClock, SystemClock};
use crate::config::Config;
use crate::gateway::accept::listener;
use crate::random::{OsRandom, SharedRandom};
use crate::server::{Listeners, Server};
use crate::telemetry::{self, Metrics};

/// Run the gateway in front of a demo app: nothing to set up, nothing to answer.
#[derive(Args, Clone, Debug)]
pub(super) struct Demo {
    /// Where it keeps what it makes.
    #[arg(long, value_name = "DIR", default_value = "demo-state")]
    dir: PathBuf,
    /// Where it listens.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8443")]
    listen: SocketAddr,
    /// Show log lines of requests.
    #[arg(long)]
    verbose: bool,
}

impl Demo {
    /// Runs until Ctrl-C.
    ///
    /// # Errors
    /// [`CommandFailure`].
    pub(super) fn run(self) -> Result<(), CommandFailure> {
        let clock: SharedClock = Arc::new(SystemClock::new());
        let random: SharedRandom = Arc::new(OsRandom::new());
        // Bound first: a port in use is reported before anything is made.
        let start = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| CommandFailure::starting(&error))?;
        let free = start.block_on(async { listener::bind(self.listen).map(drop) });
        free.map_err(|error| {
            let hint = say("failure-port-hint", &[("command", &"sekisho demo --listen 127.0.0.1:9443")]);
            CommandFailure::Failed(say("failure", &[("why", &error)]), Some(hint.into()))
        })?;
        drop(start);
        let app = app::App::bind().map_err(|error| CommandFailure::failed(&error))?;
        let address = app.address();
        let made =
            making::make(&self.dir, self.listen, address, &clock, &*random).map_err(|error| CommandFailure::failed(&error))?;
        let config = Arc::new(Config::read(&made.config).map_err(CommandFailure::Config)?);
        let mut log = config.file.log.clone();
        // What its config might be warned of is the demo's own affair.
        let quiet = "warn,sekisho::server::reloading=error";
        log.level = if self.verbose { "info".to_owned() } else { quiet.to_owned() };
        telemetry::log(&log).map_err(|error| CommandFailure::failed(&error))?;
        let metrics = Arc::new(Metrics::install().map_err(|error| CommandFailure::failed(&error))?);
        runtime()?.block_on(async {
            let listeners = Listeners::bind(&config.file).map_err(|error| CommandFailure::failed(&error))?;
            let server =
                Server::start(Arc::clone(&config), Arc::clone(&clock), random, listeners, metrics, more_workers(&config)?)
                    .await?;
            let people = making::people(server.core(), &self.dir).await.map_err(|error| CommandFailure::failed(&error))?;
            if making::issuing(server.core()).await.map_err(|error| CommandFailure::failed(&error))? && !made.kept {
                making::configure(&self.dir, self.listen, address).map_err(|error| CommandFailure::failed(&error))?;
                server.reload(&made.config).map_err(CommandFailure::Config)?;
            }
            let end = CancellationToken::new();
            let serving = tokio::task::LocalSet::new();
            let (authority, portal) = (made.authority.clone(), config.file.portal.url.clone());
            let stop = end.clone();
            serving.spawn_local(async move { app.serve(&authority, &portal, stop).await });
            let mut links = Vec::new();
            for person in &people {
                let link =
                    making::phone_link(server.core(), &person.user).await.map_err(|error| CommandFailure::failed(&error))?;
                links.extend(link.map(|link| (person.user.clone(), link)));
            }
            let at_a_terminal = io::stdin().is_terminal() && io::stdout().is_terminal();
            unless_enough(guide::print(&made, &config, &people, &links, &clock, at_a_terminal))?;
            if at_a_terminal {
                show_codes_again(people, clock);
            }
            serving.run_until(told_to_stop()).await;
            end.cancel();
            server.stop().await.map_err(|error| CommandFailure::failed(&error))
        })
    }
}

/// Prints the codes of the moment whenever Enter is pressed. Whoever waits for a key waits on a thread of its own, which ends
/// with the process: nothing is held up by it.
fn show_codes_again(people: Vec<DemoUser>, clock: SharedClock) {
    let waiting = std::thread::Builder::new().name("codes".to_owned()).spawn(move || {
        for line in io::stdin().lines() {
            if line.is_err() || guide::codes(&mut io::stdout().lock(), &people, &clock).is_err() {
                return;
            }
        }
    });
    if let Err(error) = waiting {
        tracing::warn!(%error, "codes_not_shown_again");
    }
}

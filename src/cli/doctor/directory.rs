//! `sekisho doctor directory`: looks at every server of a directory and at what the account of ours may see there.

use std::io::{self, Write as _};
use std::sync::Arc;

use clap::Args;
use secrecy::SecretString;

use crate::cli::config_file::ConfigFile;
use crate::cli::run::runtime;
use crate::cli::words::{padded, say};
use crate::cli::{CommandFailure, manage};
use crate::clock::{SharedClock, SystemClock};
use crate::directory::{Directories, DirectoryFinding};
use crate::principal::user::UserId;
use crate::random::{OsRandom, SharedRandom, base64url};

/// Directories: each server with its certificate, clock and abilities, the account `bind_as`, `base`, people and groups. It
/// changes nothing there; one sign-in is tried with a random password, under a name that nobody has.
#[derive(Args, Clone, Debug)]
pub(super) struct DirectoryDoctor {
    /// The directory, by the name of its table; all of them where none is named.
    name: Option<String>,
    /// Whose entry and groups are looked at, by the name here; the first person of the directory by default.
    #[arg(long, value_name = "NAME", requires = "name")]
    user: Option<String>,
    #[command(flatten)]
    config: ConfigFile,
}

impl DirectoryDoctor {
    /// Prints what it finds.
    ///
    /// # Errors
    /// [`CommandFailure::Reported`] if something is wrong.
    pub(super) fn run(self) -> Result<(), CommandFailure> {
        let failed = |what: String, hint: String| CommandFailure::Failed(what, Some(hint.into()));
        let config = self.config.needed()?;
        let clock: SharedClock = Arc::new(SystemClock::new());
        let random: SharedRandom = Arc::new(OsRandom::new());
        let directories = Directories::load(&config.file.directory, &random);
        let directories = directories.map_err(|wrong| CommandFailure::Config(config.complain(vec![wrong])))?;
        let sample = self.user.as_deref().map(UserId::parse).transpose().map_err(|error| {
            failed(say("failure-directory-user", &[("why", &error)]), say("failure-directory-user-hint", &[]))
        })?;
        if directories.iter().next().is_none() {
            return Err(failed(say("failure-directories", &[]), say("failure-directories-hint", &[])));
        }
        if let Some(name) = self.name.as_deref().filter(|name| directories.named(name).is_none()) {
            let known = directories.iter().map(|directory| directory.name()).collect::<Vec<_>>().join(", ");
            return Err(failed(
                say("failure-directory", &[("name", &name)]),
                say("failure-directory-hint", &[("known", &known)]),
            ));
        }
        let mut is_wrong = false;
        let drawn = SecretString::from(base64url(&random.token()));
        for directory in directories.iter().filter(|one| self.name.as_deref().is_none_or(|name| name == one.name())) {
            let found = runtime()?.block_on(directory.examine(sample.as_ref(), &drawn, &clock));
            is_wrong |= found.iter().any(|one| matches!(one, DirectoryFinding::Wrong(_)));
            manage::unless_enough(print(directory.name(), &found))?;
        }
        if is_wrong { Err(CommandFailure::Reported) } else { Ok(()) }
    }
}

fn print(name: &str, found: &[DirectoryFinding]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "directory.{name}")?;
    for one in found {
        let (mark, text) = match one {
            DirectoryFinding::Good(text) => (say("doctor-good", &[]), text),
            DirectoryFinding::Note(text) => (say("doctor-note", &[]), text),
            DirectoryFinding::Warning(text) => (say("doctor-warning", &[]), text),
            DirectoryFinding::Wrong(text) => (say("doctor-wrong", &[]), text),
        };
        writeln!(out, "{}  {text}", padded(&mark, 7))?;
    }
    Ok(())
}

//! The commands that manage: one for each act of an administrator, made from the acts themselves. While the gateway runs
//! they ask it through the socket in its state directory; otherwise they open the state themselves. `explain` asks no gateway:
//! it is about the config that it is given.
//! Invariant: nothing is decided here; the running gateway and this file call the same `act::perform`.

mod export;
mod gateway;
mod issued;
pub(super) mod render;
#[cfg(test)]
mod tests;
mod transactions;
mod verify;

use std::fmt;
use std::io::{self, Write as _};
use std::sync::Arc;

use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, Subcommand};
use serde_json::Value;
use tokio::sync::OnceCell;

use super::CommandFailure;
use super::config_file::ConfigFile;
use super::words::spoken;
use crate::admin::act::{self, Act, Circumstances};
use crate::admin::catalogue::{self, ActVisitor};
use crate::admin::phones::many::{PushAction, PushMany};
use crate::admin::told;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::core::Core;
use crate::principal::user::GroupName;
use crate::random::OsRandom;
use crate::session::Administrator;

/// What the things are that commands are about.
const THINGS: [(&str, &str); 22] = [
    ("user", "Manage users, their invitations and factors"),
    ("group", "Manage groups"),
    ("idp", "See and test the identity providers"),
    ("network", "Manage lists of networks: where an app, a group or a user may be used from"),
    ("session", "See and end sessions"),
    ("browser", "See and revoke registered browsers"),
    ("device", "Decide which browsers of users are let in"),
    ("certificate", "Manage the register of client certificates"),
    ("authority", "Manage the authority of one's own, which signs client certificates"),
    ("token", "Manage API tokens"),
    ("audit", "Read the audit log"),
    ("crl", "Revocation lists of client certificates"),
    ("directory", "Read directories of people as a whole"),
    ("tls", "See when the gateway’s own certificates end, and ask for new ones"),
    ("settings", "Manage what can be set while the gateway runs"),
    ("lock", "See and lift locks that failed attempts led to"),
    ("matrix", "Manage patterns on tables of digits: initial ones, their notices, and how all stand"),
    ("push", "Manage sign-in by phone: who may, which phones, their life cycle"),
    ("approval", "See and withdraw what phones are asked for now"),
    ("transaction", "See, export and take back requests that are held for their approval, and those that were"),
    ("login_protect", "Manage login forms that their owners open from the phone"),
    ("outbox", "See messages to people"),
];

/// Arguments that hold an id, which chance made: one in 64 begins with a hyphen and is not an option for that.
const IDS: [&str; 12] = [
    "session",
    "browser",
    "application",
    "token",
    "link",
    "message",
    "approver",
    "approval",
    "transaction",
    "identity",
    "subject",
    "after",
];

/// The option that means all members of a group.
const GROUP: &str = "group";

/// Where to do it, and how to answer.
#[derive(Args, Clone, Debug)]
struct Place {
    #[command(flatten)]
    config: ConfigFile,
    /// Answer in JSON.
    #[arg(long)]
    json: bool,
}

/// One command, read and ready.
pub(super) struct Manage {
    name: &'static str,
    run: Box<dyn FnOnce() -> Result<(), CommandFailure>>,
}

impl fmt::Debug for Manage {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Manage({})", self.name)
    }
}

impl Manage {
    /// Does it and prints what was answered.
    ///
    /// # Errors
    /// [`CommandFailure`].
    pub(super) fn run(self) -> Result<(), CommandFailure> {
        (self.run)()
    }
}

impl Subcommand for Manage {
    fn augment_subcommands(command: Command) -> Command {
        let mut tree = Tree(command);
        catalogue::every(&mut tree);
        let audit = |audit: Command| {
            let export = export::Export::augment_args(Command::new("export"));
            audit.subcommand(export).subcommand(verify::Verify::augment_args(Command::new("verify")))
        };
        // Of all that a search finds, instead of the act's single page.
        let whole = |_page: Command| transactions::ExportTransactionsArgs::augment_args(Command::new("export"));
        let certificate = |it: Command| {
            let issue = |_act: Command| issued::Issue::augment_args(Command::new("issue"));
            let sign = |_act: Command| issued::Sign::augment_args(Command::new("sign"));
            let download = |_act: Command| issued::Download::augment_args(Command::new("download"));
            it.mut_subcommand("issue", issue).mut_subcommand("sign", sign).mut_subcommand("download", download)
        };
        let tree = tree.0.mut_subcommand("certificate", certificate);
        tree.mut_subcommand("audit", audit).mut_subcommand("transaction", |it| it.mut_subcommand("export", whole))
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        THINGS.iter().any(|(thing, _)| thing.replace('_', "-") == name) || name == "explain"
    }
}

impl FromArgMatches for Manage {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let missing = || clap::Error::new(clap::error::ErrorKind::MissingSubcommand);
        let (thing, inner) = matches.subcommand().ok_or_else(missing)?;
        let (name, leaf) = match inner.subcommand() {
            Some((action, leaf)) => (format!("{thing}.{action}").replace('-', "_"), leaf),
            None => (thing.to_owned(), inner),
        };
        let mut found = Found { name, leaf, command: None };
        if found.name == "audit.export" {
            let export = export::Export::from_arg_matches(found.leaf)?;
            return Ok(Self { name: "audit.export", run: Box::new(move || export.run()) });
        }
        if found.name == "audit.verify" {
            let verify = verify::Verify::from_arg_matches(found.leaf)?;
            return Ok(Self { name: "audit.verify", run: Box::new(move || verify.run()) });
        }
        if found.name == "transaction.export" {
            let export = transactions::ExportTransactionsArgs::from_arg_matches(found.leaf)?;
            return Ok(Self { name: "transaction.export", run: Box::new(move || export.run()) });
        }
        if found.name == "certificate.issue" {
            let issue = issued::Issue::from_arg_matches(found.leaf)?;
            return Ok(Self { name: "certificate.issue", run: Box::new(move || issue.run()) });
        }
        if found.name == "certificate.sign" {
            let sign = issued::Sign::from_arg_matches(found.leaf)?;
            return Ok(Self { name: "certificate.sign", run: Box::new(move || sign.run()) });
        }
        if found.name == "certificate.download" {
            let download = issued::Download::from_arg_matches(found.leaf)?;
            return Ok(Self { name: "certificate.download", run: Box::new(move || download.run()) });
        }
        catalogue::every(&mut found);
        found.command.unwrap_or_else(|| Err(missing()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Hangs every act into the tree of commands.
struct Tree(Command);

impl ActVisitor for Tree {
    fn visit<A: Act>(&mut self) {
        let (thing, action) = A::NAME.split_once('.').unwrap_or((A::NAME, A::NAME));
        let spelt = thing.replace('_', "-");
        let leaf = A::augment_args(Command::new(action.replace('_', "-")));
        let about = leaf.get_about().cloned().unwrap_or_default();
        let leaf = Place::augment_args(leaf).about(about);
        let leaf = leaf.mut_args(|argument| {
            let is_id = IDS.contains(&argument.get_id().as_str());
            if is_id { argument.allow_hyphen_values(true) } else { argument }
        });
        // What is done to one user's phones is done to a whole group's as well: `push assign --group staff`.
        let leaf = match PushAction::of_act(A::NAME) {
            None => leaf,
            Some(_) => leaf.mut_arg("user", |user| user.required(false).required_unless_present(GROUP)).arg(
                Arg::new(GROUP).long(GROUP).value_name("GROUP").help("All members of this group instead").conflicts_with("user"),
            ),
        };
        let command = std::mem::take(&mut self.0);
        self.0 = if thing == action {
            command.subcommand(leaf)
        } else if command.find_subcommand(&spelt).is_some() {
            command.mut_subcommand(spelt, |inner| inner.subcommand(leaf))
        } else {
            let about = THINGS.iter().find(|(name, _)| *name == thing).map_or("", |(_, about)| about);
            let inner = Command::new(spelt).about(about).subcommand_required(true).arg_required_else_help(true);
            command.subcommand(inner.subcommand(leaf))
        };
    }
}

/// Finds the act that a command names.
struct Found<'a> {
    name: String,
    leaf: &'a ArgMatches,
    command: Option<Result<Manage, clap::Error>>,
}

impl ActVisitor for Found<'_> {
    fn visit<A: Act>(&mut self) {
        if A::NAME != self.name {
            return;
        }
        if let Some(action) = PushAction::of_act(A::NAME)
            && let Some(group) = self.leaf.get_one::<String>(GROUP)
        {
            let place = Place::from_arg_matches(self.leaf);
            self.command = Some(place.and_then(|place| {
                let unfit = |error| clap::Error::raw(clap::error::ErrorKind::ValueValidation, format!("{error}\n"));
                let act = PushMany { action, users: Vec::new(), group: Some(GroupName::parse(group).map_err(unfit)?) };
                Ok(Manage { name: PushMany::NAME, run: Box::new(move || run(act, &place)) })
            }));
            return;
        }
        self.command = Some(A::from_arg_matches(self.leaf).and_then(|act| {
            let place = Place::from_arg_matches(self.leaf)?;
            Ok(Manage { name: A::NAME, run: Box::new(move || run(act, &place)) })
        }));
    }
}

fn run<A: Act>(act: A, place: &Place) -> Result<(), CommandFailure> {
    let answer = at_the_door(&place.config, async |door| door.perform(act).await)?;
    let printed = if place.json {
        writeln!(io::stdout().lock(), "{answer:#}")
    } else {
        render::render(&answer, &mut io::stdout().lock(), &mut io::stderr().lock())
    };
    unless_enough(printed)
}

/// What became of printing: the reader may have closed the pipe, as `head` does.
pub(super) fn unless_enough(printed: io::Result<()>) -> Result<(), CommandFailure> {
    match printed {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(CommandFailure::failed(&error)),
        _ => Ok(()),
    }
}

/// Does `errand` in the process that has the state open: the running gateway, else this process.
fn at_the_door<T>(
    config: &ConfigFile,
    errand: impl AsyncFnOnce(&Door) -> Result<T, CommandFailure>,
) -> Result<T, CommandFailure> {
    let config = Arc::new(config.needed()?);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.map_err(|error| CommandFailure::starting(&error))?.block_on(async {
        let door = Door { config, core: OnceCell::new() };
        let done = errand(&door).await;
        let Some(core) = door.core.into_inner() else { return done };
        // What is done beside a gateway only reads: so no gateway needs to know of it.
        let closed = if core.is_beside_another() {
            core.leave().await;
            Ok(())
        } else {
            core.close().await
        };
        let output = done?;
        closed.map_err(|error| CommandFailure::failed(&error))?;
        Ok(output)
    })
}

/// The way to the state.
struct Door {
    config: Arc<Config>,
    /// Opened when no gateway answered.
    core: OnceCell<Arc<Core>>,
}

impl Door {
    async fn perform<A: Act>(&self, act: A) -> Result<Value, CommandFailure> {
        if !A::OF_CONFIG
            && self.core.get().is_none()
            && let Some(answer) = gateway::ask(&self.config.file.state.directory, &act).await?
        {
            return Ok(answer);
        }
        let open = async || {
            let (config, clock, chance) = (Arc::clone(&self.config), Arc::new(SystemClock::new()), Arc::new(OsRandom::new()));
            let core = if A::OF_CONFIG {
                Core::open_for_command(config, clock, chance).await
            } else {
                Core::open(config, clock, chance).await
            };
            core.map_err(|error| CommandFailure::from(crate::server::StartError::Open(error)))
        };
        let core = self.core.get_or_try_init(open).await?;
        let done = act::perform(core, &Administrator::at_the_machine(), &Circumstances::default(), act).await;
        let language = spoken();
        let output = done.map_err(|error| {
            CommandFailure::Failed(told::error(&error, language), told::hint(&error, language).map(Into::into))
        })?;
        let mut answer = serde_json::to_value(&output).map_err(|error| CommandFailure::failed(&error))?;
        told::retell(&output, &mut answer, language);
        Ok(answer)
    }
}

//! The command line: a file per command; thin: parse, call, print. Exit codes are given here and nowhere else.
//! What a command answers goes to stdout, words about it to stderr.

mod approver;
mod authority;
pub mod check;
mod config_file;
mod demo;
mod doctor;
mod init;
mod manage;
pub mod manual;
mod run;
mod words;

use std::borrow::Cow;
use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::{ArgMatches, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use self::check::Checked;
use self::config_file::ConfigFile;
use self::words::say;
use crate::config::diagnose::Diagnosis;
use crate::config::schema::StandardProfile;
use crate::config::{keys, profile};
use crate::principal::language::Language;
use crate::server::StartError;
use crate::telemetry::access;

/// Sekisho, the barrier station: an authentication gateway in front of web apps.
#[derive(Debug, Parser)]
#[command(name = "sekisho", version, about, arg_required_else_help = true, after_help = EXIT_CODES)]
struct Line {
    /// The language of what is said to people: `ja` or `en`. Without it, that of `SEKISHO_LANGUAGE`, `LC_ALL`, `LC_MESSAGES`
    /// or `LANG`.
    #[arg(long, global = true, value_name = "LANGUAGE", value_parser = words::LANGUAGES)]
    lang: Option<String>,
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 done · 1 failed · 2 wrong usage · 3 the config is wrong · 4 refused or not as expected";

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Demo),
    Run(run::Run),
    Check(check::CheckConfig),
    Init(init::Init),
    /// Say what the config file may hold.
    #[command(subcommand)]
    Config(ConfigCommand),
    Doctor(doctor::Doctor),
    Approver(approver::Approver),
    #[command(flatten)]
    Manage(manage::Manage),
    /// Print completions for a shell.
    Completions {
        /// Which shell.
        shell: clap_complete::Shell,
    },
    Man(manual::Man),
    /// Print the version.
    Version,
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Print the JSON Schema of the config file, for editors.
    Schema,
    /// Hold a config against a profile of a standard, line by line, met or not.
    Profile {
        /// The profile, `nist-aal2` or `asvs-l2`; those that the config demands where none is named.
        #[arg(value_parser = profile_of)]
        profile: Option<StandardProfile>,
        #[command(flatten)]
        config: ConfigFile,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

fn profile_of(word: &str) -> Result<StandardProfile, String> {
    let known = [StandardProfile::NistAal2, StandardProfile::AsvsL2];
    known.into_iter().find(|profile| profile.word() == word).ok_or_else(|| "there are `nist-aal2` and `asvs-l2`".to_owned())
}

/// Prints every line of the profiles; refused where one is not met.
fn show_profiles(asked: Option<StandardProfile>, file: &ConfigFile, json: bool) -> Result<(), CommandFailure> {
    let config = file.needed()?;
    let reports = profile::reports(&config, asked);
    if reports.is_empty() {
        let hint = say("failure-profile-hint", &[("line", &"profile = \"nist-aal2\"")]);
        return Err(CommandFailure::Failed(say("failure-profile", &[]), Some(hint.into())));
    }
    let text = if json {
        serde_json::to_string_pretty(&reports).map_err(|error| CommandFailure::failed(&error))?
    } else {
        reports.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    manage::unless_enough(writeln!(io::stdout().lock(), "{}", text.trim_end()))?;
    if reports.iter().all(|report| report.met) { Ok(()) } else { Err(CommandFailure::Reported) }
}

/// Why a command failed.
#[derive(Debug)]
pub(crate) enum CommandFailure {
    /// It did not work; what and, where there is one, a way to mend it, in the language that is spoken.
    Failed(String, Option<Cow<'static, str>>),
    /// The config is wrong.
    Config(Diagnosis),
    /// The config is wrong; the reasons are printed already.
    ConfigReported,
    /// Refused by a policy, or not as expected; the reasons are printed already.
    Reported,
}

impl CommandFailure {
    /// What fails below the command line says so in English.
    pub(crate) fn failed(error: &dyn fmt::Display) -> Self {
        Self::Failed(say("failure", &[("why", error)]), None)
    }

    /// The process could not even begin: what the system says of it.
    pub(crate) fn starting(error: &io::Error) -> Self {
        Self::Failed(say("failure-start", &[("why", error)]), None)
    }

    fn code(&self) -> u8 {
        match self {
            Self::Failed(..) => 1,
            Self::Config(_) | Self::ConfigReported => 3,
            Self::Reported => 4,
        }
    }
}

impl From<StartError> for CommandFailure {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Config(diagnosis) | StartError::Open(crate::core::OpenError::Config(diagnosis)) => {
                Self::Config(diagnosis)
            }
            other @ (StartError::Open(_) | StartError::Share(_)) => Self::failed(&other),
        }
    }
}

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    let matches = Line::command().get_matches();
    let line = Line::from_arg_matches(&matches).unwrap_or_else(|error| error.format(&mut Line::command()).exit());
    // What a program reads is the same everywhere.
    words::speak(if is_for_program(&matches) { Language::English } else { words::of_process(line.lang.as_deref()) });
    // The one place that chooses the cryptography; only a second choice could fail.
    let _chosen_before = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let done = obey(line.command);
    // What the last requests left, however this ended.
    access::flush();
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            tell(&failure);
            ExitCode::from(failure.code())
        }
    }
}

/// Whether the command is to answer in JSON.
fn is_for_program(matches: &ArgMatches) -> bool {
    let mut leaf = matches;
    while let Some((_, inner)) = leaf.subcommand() {
        leaf = inner;
    }
    matches!(leaf.try_get_one::<bool>("json"), Ok(Some(true)))
}

fn obey(command: Command) -> Result<(), CommandFailure> {
    match command {
        Command::Demo(demo) => demo.run(),
        Command::Run(run) => run.run(),
        Command::Check(check) => match check.run(&mut io::stdout().lock(), &mut io::stderr().lock()) {
            Ok(Checked::Good) => Ok(()),
            Ok(Checked::Wrong) => Err(CommandFailure::ConfigReported),
            Ok(Checked::NotAsExpected) => Err(CommandFailure::Reported),
            // Where what it found cannot be written, the exit code must not say that all is good.
            Err(error) => Err(CommandFailure::failed(&error)),
        },
        Command::Init(init) => init.run(),
        Command::Config(ConfigCommand::Schema) => {
            manage::unless_enough(writeln!(io::stdout().lock(), "{}", keys::schema_text().trim_end()))
        }
        Command::Config(ConfigCommand::Profile { profile, config, json }) => show_profiles(profile, &config, json),
        Command::Doctor(doctor) => doctor.run(),
        Command::Approver(approver) => approver.run(),
        Command::Manage(manage) => manage.run(),
        Command::Completions { shell } => {
            // Into memory first: what clap_complete cannot write, as into a closed pipe, it panics about.
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Line::command(), "sekisho", &mut script);
            manage::unless_enough(io::stdout().lock().write_all(&script))
        }
        Command::Man(man) => man.run(),
        Command::Version => manage::unless_enough(writeln!(io::stdout().lock(), "sekisho {}", env!("CARGO_PKG_VERSION"))),
    }
}

fn tell(failure: &CommandFailure) {
    let mut words = io::stderr().lock();
    let written = match failure {
        CommandFailure::Failed(what, None) => writeln!(words, "{}", say("failure-line", &[("what", what)])),
        CommandFailure::Failed(what, Some(hint)) => {
            let (what, hint) = (say("failure-line", &[("what", what)]), say("failure-hint", &[("hint", hint)]));
            writeln!(words, "{what}\n\n{hint}")
        }
        CommandFailure::Config(diagnosis) => writeln!(words, "{}\n\n{diagnosis}", say("failure-config", &[])),
        CommandFailure::ConfigReported | CommandFailure::Reported => Ok(()),
    };
    // Where even stderr is closed, the exit code is all that is left to say it.
    drop(written);
}

//! Many certificates that another authority issued, entered into the register as one act: all of them or none, with every line that
//! stands against it named.

pub mod fault;
mod file;
mod table;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use self::fault::ImportFault;
pub use self::file::LONGEST;
use self::file::{FoundCertificate, HoldersOf, MOST, ReadCertificate, Whose};
use crate::account::tokens::Scope;
use crate::admin::act::{Act, ActTarget, Route, Verb, Warrant};
use crate::admin::certificates::{RegisterCertificate, holder_of};
use crate::admin::error::AdminError;
use crate::audit::Event;
use crate::certificate::register::{CertificateRegisterError, KnownCertificate};
use crate::config::schema::{Mapping, MappingSource, MappingTarget};
use crate::core::Core;
use crate::principal::certificate::Fingerprint;
use crate::principal::user::UserId;
use crate::session::NotAdministrator;

/// Lines that are named in an answer at most, and in a refusal.
const NAMED: usize = 1000;
const NAMED_IN_REFUSAL: usize = 10;
/// What a program sends at most: a file with its line feeds escaped, and the fields beside it.
const LONGEST_INPUT: usize = LONGEST + (LONGEST >> 2);

/// Register many certificates that another authority issued: all of them or none
#[derive(Args, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportCertificates {
    /// A table (CSV in UTF-8) whose first line names its columns, `certificate` and `user`, `machine` or `shared`, and if wished
    /// `label`, `valid_from`, `valid_until`; or certificates in PEM. In the API its text.
    #[arg(value_name = "FILE", value_parser = import_file)]
    pub file: String,
    /// Of PEM: each is the user's whose name is there in it.
    #[arg(long, value_name = "NAME", conflicts_with = "shared")]
    #[serde(default)]
    pub names_from: Option<NamesFrom>,
    /// What is cut off the end of that name: `@example.com`.
    #[arg(long, value_name = "TEXT", requires = "names_from")]
    #[serde(default)]
    pub suffix: Option<String>,
    /// Of PEM: they are shared by several users, each one's own switch decides.
    #[arg(long)]
    #[serde(default, deserialize_with = "crate::admin::values::flag")]
    pub shared: bool,
    /// Only say what is wrong with the file; nothing is registered.
    #[arg(long)]
    #[serde(default, deserialize_with = "crate::admin::values::flag")]
    pub dry_run: bool,
}

debug_by_name!(ImportCertificates);

/// Where the name of its user is in a certificate.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, ValueEnum, strum::EnumString, strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum NamesFrom {
    /// The common name of the subject.
    CommonName,
    /// The subject alternative name, e-mail address.
    SanEmail,
    /// The subject alternative name, Microsoft's user principal name.
    SanUpn,
}

/// What became of a file.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ImportedCertificates {
    /// How many are in the register now that were not before.
    pub registered: usize,
    /// How many certificates the file holds, good or not.
    pub read: usize,
    /// How many of them cannot be registered.
    pub wrong: usize,
    /// Whether it was only looked at.
    pub dry_run: bool,
    /// What is wrong, line by line; the first 1000.
    pub problems: Vec<ImportProblem>,
}

/// What is wrong with one certificate of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ImportProblem {
    /// The line that it begins on, counted from 1.
    pub line: usize,
    /// Its SHA-256, where that much is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    /// Why it cannot be registered, and what would do.
    pub why: String,
    /// The same, to be said in other languages.
    #[serde(skip)]
    pub fault: ImportFault,
}

impl ImportProblem {
    /// Of the certificate that begins on this line.
    pub fn of(line: usize, certificate: Option<Fingerprint>, fault: ImportFault) -> Self {
        Self { line, certificate: certificate.map(|certificate| certificate.text()), why: fault.to_string(), fault }
    }
}

/// Reads the file at the command line, so that the gateway need not be able to, and a private key in it stays there.
fn import_file(path: &str) -> Result<String, String> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    let opened = std::fs::File::open(path).map_err(|error| format!("{path}: {error}"))?;
    let most = u64::try_from(LONGEST).unwrap_or(u64::MAX);
    opened.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| format!("{path}: {error}"))?;
    let text = String::from_utf8(bytes).unwrap_or_else(|binary| data_encoding::BASE64.encode(binary.as_bytes()));
    file::inspect(&text).map_err(|why| format!("{path}: {why}"))?;
    Ok(text)
}

impl ImportCertificates {
    fn holders(&self) -> Result<HoldersOf, ImportFault> {
        match (self.names_from, self.shared) {
            (Some(_), true) => Err(ImportFault::UsersAndShared),
            (None, _) if self.suffix.is_some() => Err(ImportFault::SuffixAlone),
            (None, true) => Ok(HoldersOf::Nobody),
            (None, false) => Ok(HoldersOf::Rows),
            (Some(from), false) => {
                let from = match from {
                    NamesFrom::CommonName => MappingSource::CommonName,
                    NamesFrom::SanEmail => MappingSource::SanEmail,
                    NamesFrom::SanUpn => MappingSource::SanUpn,
                };
                let suffix = self.suffix.clone().filter(|suffix| !suffix.is_empty());
                Ok(HoldersOf::Names(Mapping { from, to: MappingTarget::User, prefix: None, suffix }))
            }
        }
    }
}

impl Act for ImportCertificates {
    const NAME: &'static str = "certificate.import";
    const SCOPE: Scope = Scope::Certificates;
    const ROUTE: Route = Route::new(Verb::Post, "/certificates/import").taking(LONGEST_INPUT);
    type Output = ImportedCertificates;

    fn event(&self) -> Option<Event> {
        (!self.dry_run).then(|| Event::new(Self::NAME).detail("count", file::count(&self.file).to_string()))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Each
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<ImportedCertificates, AdminError> {
        let core = warrant.core();
        // One at a time: a long file is held in memory as long as it is read.
        let _only = core.certificates().import().map_err(|_taken| AdminError::Import(ImportFault::Busy))?;
        let (holders, dry_run) = (self.holders().map_err(AdminError::Import)?, self.dry_run);
        let reading = tokio::task::spawn_blocking(move || file::read(&self.file, &holders));
        let found = reading.await.map_err(|error| AdminError::State(error.to_string()))?.map_err(AdminError::Import)?;
        let read = found.len();
        let (acts, problems) = settled(warrant, found).await;
        let wrong = problems.len();
        let report = |registered, problems: Vec<ImportProblem>| {
            let problems = problems.into_iter().take(NAMED).collect();
            ImportedCertificates { registered, read, wrong, dry_run, problems }
        };
        if dry_run {
            return Ok(report(0, problems));
        }
        if wrong > 0 {
            let first = problems.into_iter().take(NAMED_IN_REFUSAL).map(|one| (one.line, one.fault)).collect();
            return Err(AdminError::Import(ImportFault::SomeWrong { read, wrong, first }));
        }
        let zone = core.zone();
        let known = acts.iter().map(|act| act.known(&zone)).collect::<Result<Vec<KnownCertificate>, _>>()?;
        core.certificates().add_many(known).await?;
        warrant.record_all(acts.iter().filter_map(Act::event).collect()).await?;
        Ok(report(acts.len(), problems))
    }
}

/// What would be done for each certificate of a file, and what cannot be, by the lines.
async fn settled(warrant: &Warrant<'_>, found: Vec<FoundCertificate>) -> (Vec<RegisterCertificate>, Vec<ImportProblem>) {
    let core = warrant.core();
    let (mut acts, mut problems) = (Vec::with_capacity(found.len().min(MOST)), Vec::new());
    let mut seen: HashMap<Fingerprint, usize> = HashMap::new();
    for (place, FoundCertificate { line, read }) in found.into_iter().enumerate() {
        if place % 256 == 255 {
            // A worker has others to serve.
            tokio::task::yield_now().await;
        }
        let read = match read {
            Ok(read) => read,
            Err(fault) => {
                problems.push(ImportProblem::of(line, None, fault));
                continue;
            }
        };
        let fingerprint = read.fingerprint;
        let settled = match seen.insert(fingerprint, line) {
            Some(before) => Err(ImportFault::Again(before)),
            None => settle(warrant, core, read).await,
        };
        match settled {
            Ok(act) => acts.push(act),
            Err(fault) => problems.push(ImportProblem::of(line, Some(fingerprint), fault)),
        }
    }
    (acts, problems)
}

async fn settle(warrant: &Warrant<'_>, core: &Core, read: ReadCertificate) -> Result<RegisterCertificate, ImportFault> {
    if let Some(entry) = core.certificates().find(read.fingerprint) {
        let (_, holder) = holder_of(&entry.holder);
        return Err(ImportFault::Registered { label: entry.label, holder });
    }
    let now = core.clock().now();
    if let Some(ends) = read.ends.filter(|ends| *ends < now) {
        return Err(ImportFault::Ended(ends.written_in(&core.zone())));
    }
    let (user, machine, shared) = match read.whose {
        Whose::User(user) => (Some(user), None, false),
        Whose::Machine(machine) => (None, Some(machine), false),
        Whose::Shared => (None, None, true),
        Whose::Named(names) => (Some(named(core, &names)?), None, false),
    };
    if let Some(user) = user.as_ref().filter(|user| core.users().find(user).is_none()) {
        return Err(ImportFault::UnknownUser(user.to_string()));
    }
    let act = RegisterCertificate {
        certificate: read.fingerprint.text(),
        user,
        machine,
        shared,
        label: read.label,
        valid_from: read.valid_from,
        valid_until: read.valid_until,
    };
    let zone = core.zone();
    let known = act.known(&zone).map_err(|error| of_act(&error))?;
    core.certificates().may_add(&known).map_err(|error| of_act(&error.into()))?;
    warrant.may(&act).await.map_err(|error| of_act(&error))?;
    Ok(act)
}

/// Why one certificate alone would not be registered.
fn of_act(error: &AdminError) -> ImportFault {
    match error {
        AdminError::Register(CertificateRegisterError::Dates) => ImportFault::Dates,
        AdminError::NotAdministrator(NotAdministrator::Scope(scope)) => ImportFault::Scope(scope),
        error => ImportFault::Other(error.to_string()),
    }
}

/// The one user who has one of these names.
fn named(core: &Core, names: &[String]) -> Result<UserId, ImportFault> {
    let mut users: Vec<UserId> = names.iter().filter_map(|name| UserId::parse(name).ok()).collect();
    users.retain(|user| core.users().find(user).is_some());
    users.sort_unstable();
    users.dedup();
    match (users.as_slice(), names) {
        ([user], _) => Ok(user.clone()),
        ([], []) => Err(ImportFault::NoName),
        ([], [name, ..]) => Err(ImportFault::UnknownName(shortened(name))),
        (_, _) => Err(ImportFault::SeveralUsers),
    }
}

fn shortened(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(64).collect()
}

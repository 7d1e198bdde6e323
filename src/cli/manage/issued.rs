//! `sekisho certificate issue`, `sign` and `download`: what is handed out goes into a file of its own, readable by its owner
//! alone; the passphrase goes to the terminal, once.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::Value;

use super::{Place, at_the_door, render, unless_enough};
use crate::admin::act::Act;
use crate::admin::issuing::{DownloadCertificate, IssueCertificate, SignRequest};
use crate::cli::CommandFailure;
use crate::cli::words::say;

/// Issue a certificate with a key of its own, as PKCS#12; its passphrase is shown once
#[derive(Args, Clone, Debug)]
pub(super) struct Issue {
    #[command(flatten)]
    act: IssueCertificate,
    #[command(flatten)]
    file: OutFile,
    #[command(flatten)]
    place: Place,
}

/// Issue a certificate for a key that a device made and keeps: sign its request (PKCS#10)
#[derive(Args, Clone, Debug)]
pub(super) struct Sign {
    #[command(flatten)]
    act: SignRequest,
    #[command(flatten)]
    file: OutFile,
    #[command(flatten)]
    place: Place,
}

/// Hand out again what was issued; the passphrase of a container is not known here
#[derive(Args, Clone, Debug)]
pub(super) struct Download {
    #[command(flatten)]
    act: DownloadCertificate,
    #[command(flatten)]
    file: OutFile,
    #[command(flatten)]
    place: Place,
}

/// Where it goes.
#[derive(Args, Clone, Debug)]
struct OutFile {
    /// Write it to this file, which must not be there yet; its name is made from the certificate otherwise.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Issue {
    /// Issues, and writes the file.
    ///
    /// # Errors
    /// [`CommandFailure`].
    pub(super) fn run(self) -> Result<(), CommandFailure> {
        run(self.act, self.file.out, &self.place)
    }
}

impl Sign {
    /// As [`Issue::run`].
    ///
    /// # Errors
    /// [`CommandFailure`].
    pub(super) fn run(self) -> Result<(), CommandFailure> {
        run(self.act, self.file.out, &self.place)
    }
}

impl Download {
    /// As [`Issue::run`].
    ///
    /// # Errors
    /// [`CommandFailure`].
    pub(super) fn run(self) -> Result<(), CommandFailure> {
        run(self.act, self.file.out, &self.place)
    }
}

fn run<A: Act>(act: A, out: Option<PathBuf>, place: &Place) -> Result<(), CommandFailure> {
    let there = |path: &Path| {
        let what = say("failure-there", &[("file", &path.display())]);
        CommandFailure::Failed(what, Some(say("failure-out-hint", &[]).into()))
    };
    if let Some(path) = out.as_deref().filter(|path| path.exists()) {
        return Err(there(path));
    }
    let mut answer = at_the_door(&place.config, async |door| door.perform(act).await)?;
    let fields = answer.as_object_mut();
    let container = fields.and_then(|fields| fields.remove("container")).and_then(|text| text.as_str().map(str::to_owned));
    let bytes = container.and_then(|text| data_encoding::BASE64.decode(text.as_bytes()).ok()).unwrap_or_default();
    let named = answer.get("file").and_then(Value::as_str).map(PathBuf::from);
    let path = out.or(named).unwrap_or_default();
    if let Some(file) = answer.get_mut("file") {
        *file = Value::String(path.display().to_string());
    }
    let written = write(&path, &bytes);
    // The passphrase is shown whatever becomes of the file: the container can be had again, the passphrase cannot.
    let printed = if place.json {
        writeln!(io::stdout().lock(), "{answer:#}")
    } else {
        render::render(&answer, &mut io::stdout().lock(), &mut io::stderr().lock())
    };
    unless_enough(printed)?;
    written.map_err(|error| {
        let what = say("failure-write", &[("file", &path.display()), ("why", &error)]);
        CommandFailure::Failed(what, Some(say("failure-issued-hint", &[]).into()))
    })
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

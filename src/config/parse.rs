//! From a text and the environment to a checked [`Config`]: syntax, then every key and value against the schema, then
//! what the values mean together. Each step reports all it finds before the next would fail because of it.

use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

use super::diagnose::{Complaint, Diagnosis, LocatedFault, Text};
use super::document::{Node, Path};
use super::environment::Environment;
use super::schema::File;
use super::{Config, keys, meaning, networks};

/// A config file is a few kilobytes; what is larger is something else.
const LONGEST: u64 = 4 << 20;

impl Config {
    /// Reads and checks a file, with the overrides of this process' environment.
    ///
    /// # Errors
    /// A [`Diagnosis`] with everything that is wrong.
    pub fn read(path: &FilePath) -> Result<Self, Diagnosis> {
        let refuse = |why: String| {
            let help = "name the file with --config or SEKISHO_CONFIG, or write one with `sekisho init`; where none is named, it is \
                        /etc/sekisho/sekisho.toml if that is there, else config/sekisho.toml";
            let complaint = Complaint::new("", format!("failed to read the config file {}: {why}", path.display()));
            Diagnosis::new(vec![LocatedFault::nowhere(complaint.help(help))])
        };
        let length = std::fs::metadata(path).map_err(|error| refuse(error.to_string()))?.len();
        if length > LONGEST {
            return Err(refuse(format!("it is {length} bytes long, and {LONGEST} at most are read")));
        }
        let bytes = std::fs::read(path).map_err(|error| refuse(error.to_string()))?;
        let text = String::from_utf8(bytes).map_err(|error| {
            refuse(format!(
                "it is not UTF-8 (byte {}): save it as UTF-8 without other encodings",
                error.utf8_error().valid_up_to()
            ))
        })?;
        Self::parse(path, &text, &Environment::of_process())
    }

    /// Checks a text. `path` is where it was read: errors name it, and relative paths in it start at its folder.
    ///
    /// # Errors
    /// A [`Diagnosis`] with everything that is wrong.
    pub fn parse(path: &FilePath, text: &str, environment: &Environment) -> Result<Self, Diagnosis> {
        // Editors of some systems begin a file with a byte order mark.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let text = Arc::new(Text { name: path.display().to_string(), text: text.to_owned() });
        let mut document = Node::read(&text).map_err(Diagnosis::new)?;
        let mut faults = Vec::new();
        environment.lay_over(&mut document, &mut faults);
        faults.extend(networks::resolve_names(&mut document));
        faults.extend(keys::hold_against_schema(&document));
        if !faults.is_empty() {
            return Err(Diagnosis::new(faults));
        }
        let mut file: File = serde_path_to_error::deserialize(document.plain()).map_err(|error| {
            let complaint = Complaint::new(error.path().to_string(), error.inner().message().trim().to_owned());
            Diagnosis::new(vec![document.fault(complaint)])
        })?;
        rebase(&mut file, path.parent().unwrap_or(FilePath::new("")));
        let config = Self { file, path: path.to_owned(), document };
        let mut complaints = meaning::complaints(&config.file);
        complaints.extend(networks::complaints(&config.file));
        if complaints.is_empty() { Ok(config) } else { Err(config.complain(complaints)) }
    }

    /// The line of a key in the file, 1-based; 0 where the file does not have it (a default or a variable speaks).
    pub fn line_of(&self, key_path: &str) -> u32 {
        let (node, exact) = self.document.find(&Path::parse(key_path));
        if exact && Arc::ptr_eq(node.text(), self.document.text()) { node.line() } else { 0 }
    }

    /// Whether the file, or a variable in its place, has this very key.
    pub fn has(&self, key_path: &str) -> bool {
        self.document.find(&Path::parse(key_path)).1
    }

    /// As [`Self::complain`], of what nothing is refused for.
    pub fn warn(&self, complaints: Vec<Complaint>) -> Diagnosis {
        self.complain(complaints).into_warnings()
    }

    /// Turns what slices say of keys into a diagnosis that points into the text.
    pub fn complain(&self, complaints: Vec<Complaint>) -> Diagnosis {
        Diagnosis::new(complaints.into_iter().map(|complaint| self.document.fault(complaint)).collect())
    }
}

/// Relative paths start at the folder of the config file, wherever the program was started.
fn rebase(file: &mut File, folder: &FilePath) {
    let certificates = file.tls.certificate.iter_mut().flat_map(|certificate| [&mut certificate.chain, &mut certificate.key]);
    let acme = file.acme.values_mut().flat_map(|section| [&mut section.eab_key_file, &mut section.authority]);
    let certificates = certificates.chain(acme).flatten();
    let state = &mut file.state;
    let keys = state.master_key.iter_mut().chain(&mut state.old_master_keys).chain(&mut state.forward_auth_key);
    let keys = keys.chain([&mut state.directory]);
    let trust = file.trust.values_mut().flat_map(|trust| trust.revocation_lists.iter_mut().chain([&mut trust.bundle]));
    let upstreams = file.app.iter_mut().flat_map(|app| {
        let (tls, ping) = (&mut app.upstream_tls, app.approvals.as_mut().and_then(|approvals| approvals.ping.as_mut()));
        let ping = ping.and_then(|ping| ping.authority.as_mut());
        [&mut tls.authority, &mut tls.certificate, &mut tls.key].into_iter().flatten().chain(ping)
    });
    let mail = file.mail.iter_mut().flat_map(|mail| mail.password_file.iter_mut().chain(&mut mail.authority));
    let push = &mut file.approval.push_authority;
    let directories =
        file.directory.values_mut().flat_map(|directory| directory.authority.iter_mut().chain(&mut directory.bind_password_file));
    let idps = file.idp.iter_mut().flat_map(|idp| {
        let saml = idp
            .saml
            .iter_mut()
            .flat_map(|saml| std::iter::once(&mut saml.metadata).chain(&mut saml.key_file).chain(&mut saml.certificate_file));
        [&mut idp.client_secret_file, &mut idp.client_key_file, &mut idp.authority].into_iter().flatten().chain(saml)
    });
    let keytab = file.kerberos.iter_mut().map(|kerberos| &mut kerberos.keytab);
    let others = idps.chain(keytab).chain(&mut file.server.acme_webroot);
    let paths: Vec<&mut PathBuf> =
        certificates.chain(keys).chain(trust).chain(upstreams).chain(mail).chain(push).chain(directories).chain(others).collect();
    for path in paths {
        if path.is_relative() {
            *path = folder.join(&*path);
        }
    }
}

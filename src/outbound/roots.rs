//! The authorities that the certificates of servers are verified against.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};

use crate::config::diagnose::Complaint;

/// The system's authorities.
pub fn system() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    let _added_and_ignored = roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots
}

/// TLS that trusts the system's authorities, which are read when the first connection needs them.
pub type SystemTls = LazyLock<Arc<ClientConfig>>;

/// See [`SystemTls`].
pub const fn system_tls() -> SystemTls {
    LazyLock::new(|| Arc::new(ClientConfig::builder().with_root_certificates(system()).with_no_client_auth()))
}

/// The authorities of `file`, or the system's; `key` names the file in the config.
///
/// # Errors
/// A [`Complaint`] where the file holds none.
pub fn of(file: Option<&Path>, key: &str) -> Result<RootCertStore, Complaint> {
    let Some(path) = file else {
        return Ok(system());
    };
    let complaint = |why: String| {
        Complaint::new(key, format!("cannot use {}: {why}", path.display()))
            .help("name a PEM file with the certificate of the authority")
    };
    let mut roots = RootCertStore::empty();
    let found = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let (added, _ignored) = roots.add_parsable_certificates(found.map_err(|error| complaint(error.to_string()))?);
    if added == 0 { Err(complaint("there is no certificate in it".to_owned())) } else { Ok(roots) }
}

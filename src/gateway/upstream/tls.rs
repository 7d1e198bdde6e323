//! TLS towards the addresses of one app: whom to trust, what to show.

use std::path::Path;
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio_rustls::TlsConnector;

use crate::config::diagnose::Complaint;
use crate::config::schema::UpstreamTls;

/// TLS towards the addresses of one app.
pub(super) struct UpstreamConnectors {
    pub(super) any: TlsConnector,
    /// For requests that ask to switch protocols, which HTTP/2 cannot.
    pub(super) http1: TlsConnector,
    pub(super) name: Option<ServerName<'static>>,
}

/// What the config of an app says of TLS; `place` is the app's.
///
/// # Errors
/// The complaint about the file or name that cannot be used.
pub(super) fn connector(tls: &UpstreamTls, place: usize) -> Result<UpstreamConnectors, Complaint> {
    let at = |key: &str, message: String| Complaint::new(format!("app[{place}].upstream_tls.{key}"), message);
    let certificates = |path: &Path, key: &str| -> Result<Vec<CertificateDer<'static>>, Complaint> {
        let read: Result<Vec<_>, _> = CertificateDer::pem_file_iter(path).and_then(Iterator::collect);
        match read {
            Ok(found) if !found.is_empty() => Ok(found),
            Ok(_) => Err(at(key, format!("{} holds no certificate", path.display()))),
            Err(error) => Err(at(key, format!("{} cannot be read as PEM certificates: {error}", path.display()))),
        }
    };
    let mut roots = rustls::RootCertStore::empty();
    match &tls.authority {
        Some(path) => {
            for certificate in certificates(path, "authority")? {
                roots.add(certificate).map_err(|error| {
                    at("authority", format!("{} holds a certificate that cannot be an authority: {error}", path.display()))
                })?;
            }
        }
        None => {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| at("authority", error.to_string()))?
        .with_root_certificates(roots);
    let mut config = match (&tls.certificate, &tls.key) {
        (Some(chain), Some(key)) => {
            let read = PrivateKeyDer::from_pem_file(key)
                .map_err(|error| at("key", format!("{} cannot be read as a PEM private key: {error}", key.display())))?;
            builder
                .with_client_auth_cert(certificates(chain, "certificate")?, read)
                .map_err(|error| at("key", format!("{} does not fit the certificate: {error}", key.display())))?
        }
        _ => builder.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    let http1 = TlsConnector::from(Arc::new(config.clone()));
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let name = match &tls.server_name {
        Some(name) => Some(
            ServerName::try_from(name.clone())
                .map_err(|error| at("server_name", format!("{name:?} is not a server name: {error}")))?,
        ),
        None => None,
    };
    Ok(UpstreamConnectors { any: TlsConnector::from(Arc::new(config)), http1, name })
}

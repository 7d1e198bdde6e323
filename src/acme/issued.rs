//! A certificate that an authority issued, read and judged before it is used: its names, its key, its time.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::sign::CertifiedKey;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer as _, X509Certificate};

use super::names::OwnCertificateName;
use crate::clock::Timestamp;

/// Clocks of clients differ by this much.
const SETTLES: Duration = Duration::from_secs(300);

/// A certificate with its key.
#[derive(Clone)]
pub(super) struct OwnCertificate {
    /// The id of its row.
    pub(super) id: String,
    /// The URL of the directory of the authority that issued it.
    pub(super) directory: String,
    pub(super) certified: Arc<CertifiedKey>,
    pub(super) life: CertificateLife,
    /// When it came, by our own clock.
    pub(super) issued_at: Timestamp,
    /// It is used from here on.
    pub(super) use_from: Timestamp,
}

impl fmt::Debug for OwnCertificate {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "OwnCertificate({}, {:?})", self.directory, self.life)
    }
}

/// When a certificate is valid, and who says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateLife {
    /// Not before.
    pub begins: Timestamp,
    /// Not after.
    pub ends: Timestamp,
    /// Its issuer, as the certificate writes it.
    pub issuer: String,
    /// Its serial number, hexadecimal.
    pub serial: String,
    /// The names that it is for.
    pub names: Vec<OwnCertificateName>,
}

impl CertificateLife {
    /// Reads a certificate.
    pub(super) fn of(der: &[u8]) -> Result<Self, String> {
        let (_, parsed) = X509Certificate::from_der(der).map_err(|error| format!("the certificate cannot be read: {error}"))?;
        let names = match parsed.subject_alternative_name() {
            Ok(Some(names)) => names.value.general_names.iter().filter_map(name).collect(),
            _ => Vec::new(),
        };
        Ok(Self {
            begins: Timestamp::from_seconds(parsed.validity().not_before.timestamp()),
            ends: Timestamp::from_seconds(parsed.validity().not_after.timestamp()),
            issuer: parsed.issuer().to_string(),
            serial: data_encoding::HEXLOWER.encode(parsed.raw_serial()),
            names,
        })
    }

    /// Reads the first certificate of a PEM text.
    pub(super) fn of_pem(pem: &[u8]) -> Result<Self, String> {
        let first = CertificateDer::pem_slice_iter(pem).next();
        let first = first.ok_or("there is no certificate")?.map_err(|error| format!("it is no PEM: {error}"))?;
        Self::of(&first)
    }
}

fn name(name: &GeneralName<'_>) -> Option<OwnCertificateName> {
    match name {
        GeneralName::DNSName(name) => Some(OwnCertificateName::Dns(name.to_ascii_lowercase())),
        GeneralName::IPAddress(bytes) => {
            let v4 = <[u8; 4]>::try_from(*bytes).map(IpAddr::from);
            Some(OwnCertificateName::Ip(v4.or_else(|_| <[u8; 16]>::try_from(*bytes).map(IpAddr::from)).ok()?))
        }
        _ => None,
    }
}

/// When a certificate's begin lies far enough behind, where an older one can serve until then. By the begin alone: a clock of ours that was
/// ahead when it came keeps it back no longer than that.
pub(super) fn settled(begins: Timestamp) -> Timestamp {
    begins.plus(SETTLES)
}

/// A chain and its key, if they belong together and are for all of these names.
pub(super) fn read(
    chain: &str,
    key: &[u8],
    names: &[OwnCertificateName],
) -> Result<(Arc<CertifiedKey>, CertificateLife), String> {
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(chain.as_bytes())
        .collect::<Result<_, _>>()
        .map_err(|error| format!("the chain cannot be read: {error}"))?;
    let life = CertificateLife::of(chain.first().ok_or("the chain is empty")?)?;
    if let Some(missing) = names.iter().find(|name| !life.names.contains(name)) {
        return Err(format!("the certificate is not for {missing}"));
    }
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.to_vec()));
    let key = aws_lc_rs::default_provider().key_provider.load_private_key(key);
    let certified = CertifiedKey::new(chain, key.map_err(|error| format!("the key cannot be used: {error}"))?);
    certified.keys_match().map_err(|_| "the certificate was made for another key".to_owned())?;
    Ok((Arc::new(certified), life))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::{CertificateParams, KeyPair};

    #[test]
    fn a_chain_is_used_only_with_its_own_key_and_for_its_own_names() {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(["a.test".to_owned(), "127.0.0.1".to_owned()]).unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        let names = |list: &[&str]| list.iter().map(|name| OwnCertificateName::read(name)).collect::<Vec<_>>();
        let (_, life) = read(&pem, &key.serialize_der(), &names(&["a.test", "127.0.0.1"])).unwrap();
        assert_eq!(life.names, names(&["a.test", "127.0.0.1"]));
        assert!(life.begins < life.ends);
        let wrong = |key: &[u8], list: &[&str]| read(&pem, key, &names(list)).unwrap_err();
        assert!(wrong(&key.serialize_der(), &["a.test", "b.test"]).contains("not for b.test"));
        let other = KeyPair::generate().unwrap();
        assert!(wrong(&other.serialize_der(), &["a.test"]).contains("another key"));
        assert!(wrong(b"nothing", &["a.test"]).contains("cannot be used"));
        assert!(read("", &key.serialize_der(), &[]).unwrap_err().contains("empty"));
    }
}

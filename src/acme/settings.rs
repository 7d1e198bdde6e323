//! What the config says of the gateway's own certificates: which authorities issue them, in which order, and what is read from
//! files.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use instant_acme::ExternalAccountKey;
use rustls::ClientConfig;
use zeroize::Zeroizing;

use super::issued::CertificateLife;
use super::names::{self, OwnCertificateName};
use crate::config::diagnose::Complaint;
use crate::config::schema::{AcmeChallenge, AcmeSection, File};
use crate::outbound::roots;

/// All of it, compiled from one config.
#[derive(Debug, Default)]
pub struct OwnCertificateSettings {
    pub(super) issued: Vec<Arc<WantedCertificate>>,
    pub(super) files: Vec<FileCertificate>,
}

/// A certificate that an authority is to issue.
#[derive(Debug)]
pub(super) struct WantedCertificate {
    /// Its names as one text.
    pub(super) key: Arc<str>,
    pub(super) names: Vec<OwnCertificateName>,
    pub(super) challenge: AcmeChallenge,
    /// In the order in which they are asked.
    pub(super) authorities: Vec<Arc<AcmeAuthority>>,
}

/// A certificate of files.
#[derive(Debug)]
pub(super) struct FileCertificate {
    pub(super) path: PathBuf,
    pub(super) life: CertificateLife,
}

/// An authority.
pub(super) struct AcmeAuthority {
    pub(super) name: String,
    pub(super) directory: String,
    pub(super) contact: Vec<String>,
    pub(super) profile: Option<String>,
    binding: Option<(String, Zeroizing<Vec<u8>>)>,
    pub(super) tls: Arc<ClientConfig>,
    pub(super) host: Arc<str>,
}

impl fmt::Debug for AcmeAuthority {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "AcmeAuthority({}, {})", self.name, self.directory)
    }
}

impl AcmeAuthority {
    /// The key that binds an account of ours to one that the authority knows already (RFC 8555 §7.3.4).
    pub(super) fn external_account(&self) -> Option<ExternalAccountKey> {
        self.binding.as_ref().map(|(id, key)| ExternalAccountKey::new(id.clone(), key))
    }

    fn read(name: &str, section: &AcmeSection) -> Result<Self, Complaint> {
        let key = |key: &str| format!("acme.{name}.{key}");
        let roots = roots::of(section.authority.as_deref(), &key("authority"))?;
        let mut tls = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        let host = url::Url::parse(&section.directory).ok().and_then(|url| url.host_str().map(Arc::from));
        let binding = match (&section.eab_key_id, &section.eab_key_file) {
            (Some(id), Some(file)) => Some((id.clone(), binding_key(&key("eab_key_file"), file)?)),
            _ => None,
        };
        Ok(Self {
            name: name.to_owned(),
            directory: section.directory.clone(),
            contact: section.contact.iter().map(|address| format!("mailto:{address}")).collect(),
            profile: section.profile.clone(),
            binding,
            tls: Arc::new(tls),
            host: host.unwrap_or_default(),
        })
    }
}

/// The key as authorities give it out: base64url, or base64, of at least 16 bytes.
fn binding_key(key: &str, file: &Path) -> Result<Zeroizing<Vec<u8>>, Complaint> {
    let wrong = |why: String| {
        Complaint::new(key, format!("cannot use {}: {why}", file.display()))
            .help("write the HMAC key there as the authority shows it, in base64url, in one line")
    };
    let text = Zeroizing::new(std::fs::read_to_string(file).map_err(|error| wrong(error.to_string()))?);
    let digits = text.trim().trim_end_matches('=');
    let decoded = URL_SAFE_NO_PAD.decode(digits).or_else(|_| STANDARD_NO_PAD.decode(digits));
    let decoded = Zeroizing::new(decoded.map_err(|_| wrong("it is no base64url".to_owned()))?);
    if decoded.len() < 16 { Err(wrong(format!("{} bytes are too few for a key", decoded.len()))) } else { Ok(decoded) }
}

impl OwnCertificateSettings {
    /// Compiles what a config says; files of certificates that cannot be read are complained of where TLS is set up.
    ///
    /// # Errors
    /// A [`Complaint`] for each authority whose files cannot be used.
    pub fn of(file: &File) -> Result<Self, Vec<Complaint>> {
        let mut complaints = Vec::new();
        let mut authorities = BTreeMap::new();
        for (name, section) in &file.acme {
            match AcmeAuthority::read(name, section) {
                Ok(authority) => drop(authorities.insert(name.as_str(), Arc::new(authority))),
                Err(complaint) => complaints.push(complaint),
            }
        }
        let mut settings = Self::default();
        for entry in &file.tls.certificate {
            if let Some(chain) = &entry.chain {
                let life = std::fs::read(chain).ok().and_then(|pem| CertificateLife::of_pem(&pem).ok());
                settings.files.extend(life.map(|life| FileCertificate { path: chain.clone(), life }));
                continue;
            }
            let names: Vec<OwnCertificateName> = entry.names.iter().map(|name| OwnCertificateName::read(name)).collect();
            settings.issued.push(Arc::new(WantedCertificate {
                key: names::key_of(&names).into(),
                names,
                challenge: entry.challenge.unwrap_or_default(),
                authorities: entry.acme.iter().filter_map(|name| authorities.get(name.as_str()).cloned()).collect(),
            }));
        }
        if complaints.is_empty() { Ok(settings) } else { Err(complaints) }
    }
}

/// The names of one certificate as one text, as the config writes them: by it the listeners find the one in use.
pub fn key_of_config(names: &[String]) -> String {
    names::key_of(&names.iter().map(|name| OwnCertificateName::read(name)).collect::<Vec<_>>())
}

//! The certificates by the names they are for: of files, or issued by an authority while the gateway runs. For one that is not issued
//! yet another stands in, which nobody trusts, so that validators and people get an answer.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use arc_swap::ArcSwapOption;
use rcgen::{CertificateParams, KeyPair};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer as _, X509Certificate};

use super::end_point;
use crate::acme::listeners::ListenerCertificates;
use crate::acme::settings::key_of_config;

/// The certificates by the names they are for; the first in the config answers a name that none is for.
#[derive(Debug, Default)]
pub(super) struct HostCertificates {
    first: Option<Arc<HostCertificate>>,
    exact: HashMap<String, Arc<HostCertificate>>,
    wildcard: HashMap<String, Arc<HostCertificate>>,
    issued: OnceLock<Arc<ListenerCertificates>>,
}

#[derive(Debug)]
enum HostCertificate {
    /// Of files, with what Kerberos tickets are bound to.
    Fixed(Arc<CertifiedKey>, Option<Arc<[u8]>>),
    /// Issued by an authority; another stands in until then.
    Awaited(AwaitedCertificate),
}

#[derive(Debug)]
struct AwaitedCertificate {
    /// By this it is found when it was issued.
    key: String,
    stand_in: Arc<CertifiedKey>,
    /// The one that was in use last, with what Kerberos tickets are bound to: worked out once for each.
    bound: ArcSwapOption<BoundCertificate>,
}

/// A certificate with its end point.
type BoundCertificate = (Arc<CertifiedKey>, Option<Arc<[u8]>>);

impl AwaitedCertificate {
    fn end_point(&self, certified: Arc<CertifiedKey>) -> Option<Arc<[u8]>> {
        if let Some(known) = &*self.bound.load()
            && Arc::ptr_eq(&known.0, &certified)
        {
            return known.1.clone();
        }
        let bytes: Option<Arc<[u8]>> = certified.cert.first().and_then(|leaf| end_point::of(leaf)).map(Arc::from);
        self.bound.store(Some(Arc::new((certified, bytes.clone()))));
        bytes
    }
}

impl HostCertificates {
    /// Adds one of files, for the names in it.
    pub(super) fn add(&mut self, certified: CertifiedKey) {
        let leaf = certified.cert.first();
        let names =
            leaf.and_then(|leaf| X509Certificate::from_der(leaf).ok()).map(|(_, parsed)| dns_names(&parsed)).unwrap_or_default();
        let end_point = leaf.and_then(|leaf| end_point::of(leaf)).map(Arc::from);
        self.put(names, HostCertificate::Fixed(Arc::new(certified), end_point));
    }

    /// Adds one that an authority issues, for the names in the config.
    pub(super) fn add_awaited(&mut self, names: &[String]) -> Result<(), String> {
        let failed = |error: &dyn std::fmt::Display| format!("make a certificate that stands in: {error}");
        let key = KeyPair::generate().map_err(|error| failed(&error))?;
        let params = CertificateParams::new(names.to_vec()).map_err(|error| failed(&error))?;
        let certificate = params.self_signed(&key).map_err(|error| failed(&error))?;
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let key = aws_lc_rs::default_provider().key_provider.load_private_key(key).map_err(|error| failed(&error))?;
        let stand_in = CertifiedKey::new(vec![certificate.der().clone()], key);
        let (key, stand_in) = (key_of_config(names), Arc::new(stand_in));
        let awaited = HostCertificate::Awaited(AwaitedCertificate { key, stand_in, bound: ArcSwapOption::empty() });
        self.put(names.iter().map(|name| name.to_ascii_lowercase()).collect(), awaited);
        Ok(())
    }

    fn put(&mut self, names: Vec<String>, certificate: HostCertificate) {
        let certificate = Arc::new(certificate);
        self.first.get_or_insert_with(|| Arc::clone(&certificate));
        for name in names {
            match name.strip_prefix("*.") {
                Some(parent) => self.wildcard.entry(parent.to_owned()).or_insert_with(|| Arc::clone(&certificate)),
                None => self.exact.entry(name).or_insert_with(|| Arc::clone(&certificate)),
            };
        }
    }

    pub(super) fn attach(&self, issued: &Arc<ListenerCertificates>) {
        // A second time it would be the same one: the core has one for its whole life.
        let _there = self.issued.set(Arc::clone(issued));
    }

    pub(super) fn issued(&self) -> Option<&Arc<ListenerCertificates>> {
        self.issued.get()
    }

    pub(super) fn covers(&self, name: &str) -> bool {
        self.named(name).is_some()
    }

    pub(super) fn is_stand_in(&self, name: Option<&str>) -> bool {
        matches!(self.chosen(name), Some(HostCertificate::Awaited(awaited)) if self.of_authority(&awaited.key).is_none())
    }

    pub(super) fn end_point(&self, name: Option<&str>) -> Option<Arc<[u8]>> {
        match self.chosen(name)? {
            HostCertificate::Fixed(_, bytes) => bytes.clone(),
            HostCertificate::Awaited(awaited) => awaited.end_point(self.of_authority(&awaited.key)?),
        }
    }

    fn named(&self, name: &str) -> Option<&HostCertificate> {
        let found = self.exact.get(name).or_else(|| name.split_once('.').and_then(|(_, parent)| self.wildcard.get(parent)));
        found.map(|found| &**found)
    }

    fn chosen(&self, name: Option<&str>) -> Option<&HostCertificate> {
        name.and_then(|name| self.named(name)).or(self.first.as_deref())
    }

    fn of_authority(&self, key: &str) -> Option<Arc<CertifiedKey>> {
        self.issued.get()?.of(key)
    }
}

pub(super) fn dns_names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let Ok(Some(names)) = certificate.subject_alternative_name() else { return Vec::new() };
    names
        .value
        .general_names
        .iter()
        .filter_map(|name| if let GeneralName::DNSName(name) = name { Some(name.to_ascii_lowercase()) } else { None })
        .collect()
}

impl ResolvesServerCert for HostCertificates {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(match self.chosen(hello.server_name())? {
            HostCertificate::Fixed(certified, _) => Arc::clone(certified),
            HostCertificate::Awaited(awaited) => self.of_authority(&awaited.key).unwrap_or_else(|| Arc::clone(&awaited.stand_in)),
        })
    }
}

//! Which authorities are trusted, and how a presented certificate stands with them: chain, use, validity, revocation,
//! holder. Bundles are compiled at load: what is missing, empty, garbage, no authority or expired is an error there
//! (T14), so that trust never falls back to anything.
//! Invariant: a fault of one bundle's judgement never makes another's weaker; without a bundle nothing is trusted.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, TrustAnchor, UnixTime};
use webpki::{EndEntityCert, VerifiedPath};
use x509_parser::prelude::{FromDer, X509Certificate};

use super::der::sequence;
use super::names;
use super::revocation::{PathQuestion, Revocation};
use super::revocation_list::{RevocationList, Signer};
use super::withdrawn::WithdrawnKeys;
use crate::clock::Timestamp;
use crate::config::diagnose::Complaint;
use crate::config::schema::{self, Mapping, RevocationUnknown};
use crate::facts::presented_certificate::PresentedCertificate;
use crate::outbound::document;
use crate::principal::certificate::{CertificateStanding, Fault, Holder, IssuerPath, TrustSet};
use crate::principal::user::UserId;

/// Files larger than this are not read (T15).
const LARGEST: u64 = 64 << 20;
/// Bundles at most: a [`TrustSet`] has a bit for each.
const MOST: usize = 64;

/// All bundles, in the order of their names: the place of each is its bit.
#[derive(Clone, Debug, Default)]
pub struct Bundles(Vec<Bundle>);

#[derive(Clone, Debug)]
pub(super) struct Bundle {
    pub(super) name: Box<str>,
    anchors: Vec<TrustAnchor<'static>>,
    /// Each anchor's certificate.
    pub(super) authorities: Vec<CertificateDer<'static>>,
    /// The end of each anchor's own validity.
    ends: Vec<Timestamp>,
    /// The lists of files, then the lists of addresses, each with where it is from.
    pub(super) sources: Vec<ListSource>,
    revocation: Revocation,
    unknown: RevocationUnknown,
    pub(super) mapping: Vec<Mapping>,
}

/// Where lists are read, and which of them can be used.
#[derive(Clone, Debug)]
pub(super) struct ListSource {
    /// The key in the config.
    pub(super) key: Box<str>,
    /// The file, or the address.
    pub(super) place: Box<str>,
    pub(super) is_address: bool,
    pub(super) lists: Vec<(Arc<RevocationList>, Signer)>,
    /// Why a file cannot be used; what stands in `lists` was kept of it then.
    pub(super) trouble: Option<Box<str>>,
    /// When what was kept of a file was read.
    pub(super) kept_at: Option<Timestamp>,
}

/// What one bundle says of a certificate.
pub(super) struct ChainValidity {
    ends: Timestamp,
    known_until: Option<Timestamp>,
    pub(super) issuers: Vec<CertificateDer<'static>>,
}

impl Bundles {
    /// Reads and checks every bundle and revocation list. A file of lists that cannot be used is no error here: it leaves the
    /// certificates that it would speak of unknown ([`Self::unusable_files`] has them).
    ///
    /// # Errors
    /// Every [`Complaint`], each on its key.
    pub fn compile(trust: &BTreeMap<String, schema::Trust>, now: Timestamp) -> Result<Self, Vec<Complaint>> {
        let mut complaints = Vec::new();
        let mut bundles = Vec::new();
        for (name, trust) in trust {
            match Bundle::compile(&format!("trust.{name}"), trust, now) {
                Ok(bundle) => bundles.push(bundle),
                Err(mut more) => complaints.append(&mut more),
            }
        }
        if bundles.len() > MOST {
            complaints.push(Complaint::new("trust", format!("{} authorities are named, {MOST} at most", bundles.len())));
        }
        if complaints.is_empty() { Ok(Self(bundles)) } else { Err(complaints) }
    }

    pub(super) fn each(&self) -> impl Iterator<Item = &Bundle> {
        self.0.iter()
    }

    pub(super) fn each_mut(&mut self) -> impl Iterator<Item = &mut Bundle> {
        self.0.iter_mut()
    }

    /// The bundles of these names; a name that is not among them is none.
    pub fn named(&self, names: &[String]) -> TrustSet {
        let chosen = self.0.iter().enumerate().filter(|(_, bundle)| names.iter().any(|name| **name == *bundle.name));
        TrustSet(chosen.fold(0, |set, (place, _)| set | (1 << place)))
    }

    /// The names of the bundles in `set`.
    pub fn names(&self, set: TrustSet) -> Vec<String> {
        let chosen = self.0.iter().enumerate().filter(|(place, _)| set.meets(TrustSet(1 << place)));
        chosen.map(|(_, bundle)| bundle.name.to_string()).collect()
    }

    /// The subjects of the authorities in `set`, as DER: what a TLS server sends to clients when it asks for a certificate.
    pub fn subjects(&self, set: TrustSet) -> Vec<Vec<u8>> {
        let chosen = self.0.iter().enumerate().filter(|(place, _)| set.meets(TrustSet(1 << place)));
        // webpki keeps the name without its outer SEQUENCE, the wire wants it with.
        let mut subjects: Vec<_> =
            chosen.flat_map(|(_, bundle)| &bundle.anchors).map(|anchor| sequence(&anchor.subject)).collect();
        subjects.sort_unstable();
        subjects.dedup();
        subjects
    }

    /// How a certificate stands with all bundles at `now`; its place in the register is not looked at here.
    pub(super) fn standing(
        &self,
        presented: &PresentedCertificate,
        is_user: impl Fn(&UserId) -> bool,
        withdrawn: &WithdrawnKeys,
        now: Timestamp,
    ) -> CertificateStanding {
        let Some(leaf) = presented.chain().first().and_then(|der| X509Certificate::from_der(der).ok()) else {
            return CertificateStanding::untrusted(Fault::Malformed);
        };
        let leaf = leaf.1;
        let validity = leaf.validity();
        let not_before = Timestamp::from_seconds(validity.not_before.timestamp());
        // A certificate is valid to the end of the second that it names (RFC 5280 §4.1.2.5).
        let not_after = Timestamp::from_millis(validity.not_after.timestamp().saturating_mul(1000).saturating_add(999));
        // The chain is judged inside the leaf's validity; that validity itself is check 2's to judge, on every request.
        let moment = now.max(not_before).min(not_after);
        let mut standing = CertificateStanding { not_before, not_after, ..CertificateStanding::untrusted(Fault::Untrusted) };
        let mut holders: Vec<Holder> = Vec::new();
        for (place, bundle) in self.0.iter().enumerate() {
            match bundle.judge(presented.chain(), withdrawn, moment) {
                Ok(finding) => {
                    standing.trusted_by.0 |= 1 << place;
                    standing.not_after = standing.not_after.min(finding.ends);
                    standing.revocation_known_until = match (standing.revocation_known_until, finding.known_until) {
                        (Some(one), Some(other)) => Some(one.min(other)),
                        (one, other) => one.or(other),
                    };
                    if !finding.issuers.is_empty() {
                        standing.paths.push(IssuerPath { trust: TrustSet(1 << place), issuers: finding.issuers });
                    }
                    let holder = names::holder(&leaf, &bundle.mapping, &is_user);
                    if !holders.contains(&holder) {
                        holders.push(holder);
                    }
                }
                Err(fault) => standing.fault = Some(graver(standing.fault, fault)),
            }
        }
        if standing.trusted_by != TrustSet::default() {
            standing.fault = None;
        }
        // Two authorities that mean different holders mean nobody.
        standing.holder = match holders.as_slice() {
            [holder] => holder.clone(),
            _ => Holder::Nobody,
        };
        standing
    }
}

impl CertificateStanding {
    fn untrusted(fault: Fault) -> Self {
        Self {
            trusted_by: TrustSet::default(),
            fault: Some(fault),
            not_before: Timestamp::from_millis(i64::MIN),
            not_after: Timestamp::from_millis(i64::MAX),
            revocation_known_until: None,
            enabled: true,
            holder: Holder::Nobody,
            paths: Vec::new(),
        }
    }
}

impl Bundle {
    fn compile(key: &str, trust: &schema::Trust, now: Timestamp) -> Result<Self, Vec<Complaint>> {
        let mut bundle = Self {
            name: key.strip_prefix("trust.").unwrap_or(key).into(),
            anchors: Vec::new(),
            authorities: Vec::new(),
            ends: Vec::new(),
            sources: Vec::new(),
            revocation: Revocation::default(),
            unknown: trust.revocation_unknown,
            mapping: trust.mapping.clone(),
        };
        let mut complaints = Vec::new();
        if let Err(complaint) = bundle.read_anchors(&format!("{key}.bundle"), &trust.bundle, now) {
            complaints.push(complaint);
        }
        for (place, path) in trust.revocation_lists.iter().enumerate() {
            bundle.read_lists(&format!("{key}.revocation_lists[{place}]"), path);
        }
        for (place, url) in trust.revocation_urls.iter().enumerate() {
            let key = format!("{key}.revocation_urls[{place}]");
            complaints.extend(document::complaint(url).map(|(what, help)| Complaint::new(&key, what).help(help)));
            let place = url.as_str().into();
            let source = ListSource { key: key.into(), place, is_address: true, lists: Vec::new(), trouble: None, kept_at: None };
            bundle.sources.push(source);
        }
        bundle.take_lists();
        if complaints.is_empty() { Ok(bundle) } else { Err(complaints) }
    }

    /// Whether a certificate whose revocation status is not known is accepted.
    pub(super) const fn accepts_unknown(&self) -> bool {
        matches!(self.unknown, RevocationUnknown::Accept)
    }

    /// Puts the lists of all sources in force.
    pub(super) fn take_lists(&mut self) {
        let is_waiting = self.sources.iter().any(|source| source.lists.is_empty());
        let mut lists: Vec<_> = self.sources.iter().flat_map(|source| &source.lists).map(|(list, _)| Arc::clone(list)).collect();
        // Of two lists of one authority the newer one speaks.
        lists.sort_by_key(|list| std::cmp::Reverse(list.this_update));
        self.revocation = Revocation { lists, is_waiting };
    }

    fn read_anchors(&mut self, key: &str, path: &Path, now: Timestamp) -> Result<(), Complaint> {
        let help = "put the certificates of the authority there, in PEM: -----BEGIN CERTIFICATE----- …";
        let wrong = |what: String| Complaint::new(key, format!("{} {what}", path.display())).help(help);
        let bytes = read(path).map_err(&wrong)?;
        let mut found = 0;
        for certificate in CertificateDer::pem_slice_iter(&bytes) {
            let der = certificate.map_err(|error| wrong(format!("is not PEM: {error}")))?;
            found += 1;
            let (_, parsed) = X509Certificate::from_der(&der)
                .map_err(|error| wrong(format!("holds something that is not a certificate (number {found}): {error}")))?;
            let subject = parsed.subject().to_string();
            if !parsed.is_ca() {
                return Err(wrong(format!("holds a certificate that is not an authority: {subject} (number {found})")));
            }
            let ends = Timestamp::from_millis(parsed.validity().not_after.timestamp().saturating_mul(1000).saturating_add(999));
            if ends < now {
                return Err(wrong(format!("holds an authority that expired: {subject} on {}", ends.rfc3339())));
            }
            let anchor = webpki::anchor_from_trusted_cert(&der)
                .map_err(|error| wrong(format!("holds an authority that cannot be used: {subject}: {error}")))?;
            self.anchors.push(anchor.to_owned());
            self.authorities.push(der.clone().into_owned());
            self.ends.push(ends);
        }
        if found == 0 { Err(wrong("holds no certificate".to_owned())) } else { Ok(()) }
    }

    /// What cannot be used is known by its reason, and leaves no list: one authority's file stops no other.
    fn read_lists(&mut self, key: &str, path: &Path) {
        let of_each = |lists: Vec<RevocationList>| {
            let each = lists.into_iter().map(|list| list.signer(&self.authorities).map(|signer| (Arc::new(list), signer)));
            each.collect::<Result<Vec<_>, _>>()
        };
        let read = read(path).and_then(|bytes| RevocationList::read_all(&bytes)).and_then(of_each);
        let (lists, trouble) = match read {
            Ok(lists) => (lists, None),
            Err(reason) => (Vec::new(), Some(reason.into())),
        };
        let (key, place) = (key.into(), path.display().to_string().into());
        self.sources.push(ListSource { key, place, is_address: false, lists, trouble, kept_at: None });
    }

    fn judge(
        &self,
        chain: &[CertificateDer<'static>],
        withdrawn: &WithdrawnKeys,
        moment: Timestamp,
    ) -> Result<ChainValidity, Fault> {
        self.verify(chain, withdrawn, moment).map_err(|error| fault(&error))
    }

    /// The same with the reason as the library gives it.
    pub(super) fn verify(
        &self,
        chain: &[CertificateDer<'static>],
        withdrawn: &WithdrawnKeys,
        moment: Timestamp,
    ) -> Result<ChainValidity, webpki::Error> {
        let (der, intermediates) = chain.split_first().ok_or(webpki::Error::BadDer)?;
        let leaf = EndEntityCert::try_from(der).map_err(|_| webpki::Error::BadDer)?;
        let seconds = u64::try_from(moment.seconds()).unwrap_or(0);
        let time = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        let question = PathQuestion { leaf: &leaf, intermediates, anchors: &self.anchors, time, withdrawn };
        match (self.revocation.strict(&question), self.unknown) {
            (Ok(found), RevocationUnknown::Refuse) => Ok(self.finding(&found.path, found.known_until)),
            (Ok(found), RevocationUnknown::Accept) => Ok(self.finding(&found.path, None)),
            (Err(error), RevocationUnknown::Accept) if fault(&error) == Fault::RevocationUnknown => {
                let path = self.revocation.lenient(&question)?;
                metrics::counter!("sekisho_revocation_unknown_accepted_total").increment(1);
                tracing::warn!("a certificate is accepted although no current revocation list speaks of it");
                Ok(self.finding(&path, None))
            }
            (Err(error), _) => Err(error),
        }
    }

    /// How long what was found holds: to the first end of the path above the leaf, and to the next update of the lists
    /// that answered.
    fn finding(&self, path: &VerifiedPath<'_>, known_until: Option<Timestamp>) -> ChainValidity {
        let anchor = path.anchor();
        let known =
            self.anchors.iter().zip(&self.ends).filter(|(own, _)| {
                own.subject == anchor.subject && own.subject_public_key_info == anchor.subject_public_key_info
            });
        let mut ends = known.map(|(_, ends)| *ends).max().unwrap_or(Timestamp::from_millis(i64::MAX));
        let mut issuers = Vec::new();
        for intermediate in path.intermediate_certificates() {
            issuers.push(intermediate.der().into_owned());
            if let Ok((_, parsed)) = X509Certificate::from_der(&intermediate.der()) {
                let millis = parsed.validity().not_after.timestamp().saturating_mul(1000).saturating_add(999);
                ends = ends.min(Timestamp::from_millis(millis));
            }
        }
        ChainValidity { ends, known_until, issuers }
    }
}

/// What the library found, in check 2's words.
fn fault(error: &webpki::Error) -> Fault {
    use webpki::Error;
    match error {
        Error::CertRevoked => Fault::Revoked,
        Error::UnknownRevocationStatus
        | Error::CrlExpired { .. }
        | Error::IssuerNotCrlSigner
        | Error::InvalidCrlSignatureForPublicKey
        | Error::UnsupportedCrlSignatureAlgorithmContext(_)
        | Error::UnsupportedCrlSignatureAlgorithmForPublicKeyContext(_) => Fault::RevocationUnknown,
        Error::BadDer | Error::BadDerTime | Error::TrailingData(_) => Fault::Malformed,
        _ => Fault::Untrusted,
    }
}

/// Of two bundles' faults the one to report: revoked is more than unknown, unknown more than untrusted.
const fn graver(one: Option<Fault>, other: Fault) -> Fault {
    const fn weight(fault: Fault) -> u8 {
        match fault {
            Fault::Untrusted => 0,
            Fault::Malformed => 1,
            Fault::RevocationUnknown => 2,
            Fault::Revoked => 3,
        }
    }
    match one {
        Some(one) if weight(one) >= weight(other) => one,
        _ => other,
    }
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    let length = std::fs::metadata(path).map_err(|error| format!("cannot be read: {error}"))?.len();
    if length > LARGEST {
        return Err(format!("is {length} bytes long, and {LARGEST} at most are read"));
    }
    std::fs::read(path).map_err(|error| format!("cannot be read: {error}"))
}

//! How the lists of one bundle speak of a certificate and of the authorities above it.
//!
//! | issuer of a certificate of the path | what holds |
//! |---|---|
//! | a list of it is there | the list speaks, and has to be current and for this certificate |
//! | an authority of the bundle, no list, while others of the bundle have one | not checked: one authority's list never shuts out another's clients; `sekisho check` warns |
//! | an intermediate authority, no list, while the one above it has one | unknown |
//! | any, while a list that is named has not been read yet | unknown |
//! | any, and no list of the bundle speaks for an authority of the bundle or of the path | unknown: the list that was meant is another's |

use std::sync::Arc;

use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm, TrustAnchor, UnixTime};
use webpki::{
    CertRevocationList, EndEntityCert, Error, ExpirationPolicy, KeyUsage, RevocationCheckDepth, RevocationOptions,
    RevocationOptionsBuilder, UnknownStatusPolicy, VerifiedPath,
};

use super::revocation_list::RevocationList;
use super::withdrawn::WithdrawnKeys;
use crate::clock::Timestamp;

/// The lists of one bundle.
#[derive(Clone, Debug, Default)]
pub(super) struct Revocation {
    pub(super) lists: Vec<Arc<RevocationList>>,
    /// Whether a list that is named has not been read yet.
    pub(super) is_waiting: bool,
}

/// A path on which nothing is revoked.
pub(super) struct UnrevokedPath<'p> {
    pub(super) path: VerifiedPath<'p>,
    /// The next update of the first of the lists that answered; `None`: none had to.
    pub(super) known_until: Option<Timestamp>,
}

/// What a path must pass beside its signatures.
type PathJudge<'j> = &'j dyn Fn(&VerifiedPath<'_>) -> Result<(), Error>;

/// A certificate, and what its path may be built from.
#[derive(Clone, Copy)]
pub(super) struct PathQuestion<'p> {
    pub(super) leaf: &'p EndEntityCert<'p>,
    pub(super) intermediates: &'p [CertificateDer<'p>],
    pub(super) anchors: &'p [TrustAnchor<'static>],
    pub(super) time: UnixTime,
    /// Keys that no path may lead through.
    pub(super) withdrawn: &'p WithdrawnKeys,
}

impl<'p> PathQuestion<'p> {
    fn verify(&self, revocation: Option<RevocationOptions<'_>>) -> Result<VerifiedPath<'p>, Error> {
        let usage = KeyUsage::client_auth();
        let is_good = |path: &VerifiedPath<'_>| if self.withdrawn.are_on(path) { Err(Error::CertRevoked) } else { Ok(()) };
        let judge: Option<PathJudge<'_>> = if self.withdrawn.is_empty() { None } else { Some(&is_good) };
        self.leaf.verify_for_usage(algorithms(), self.anchors, self.intermediates, self.time, usage, revocation, judge)
    }
}

impl Revocation {
    /// The path, where every list that ought to speak says that nothing on it is revoked.
    ///
    /// # Errors
    /// `UnknownRevocationStatus` and its like where that is not known; anything else is wrong with the certificate.
    pub(super) fn strict<'p>(&self, question: &PathQuestion<'p>) -> Result<UnrevokedPath<'p>, Error> {
        if self.lists.is_empty() {
            let path = question.verify(None)?;
            return if self.is_waiting {
                Err(Error::UnknownRevocationStatus)
            } else {
                Ok(UnrevokedPath { path, known_until: None })
            };
        }
        let mut unknown = UnknownStatusPolicy::Deny;
        let path = match self.ask(question, RevocationCheckDepth::Chain, unknown, ExpirationPolicy::Enforce) {
            Err(Error::UnknownRevocationStatus) => {
                unknown = UnknownStatusPolicy::Allow;
                let path = self.ask(question, RevocationCheckDepth::Chain, unknown, ExpirationPolicy::Enforce)?;
                if !self.speaks_enough(question, &path) {
                    return Err(Error::UnknownRevocationStatus);
                }
                path
            }
            asked => asked.map_err(|error| Self::reason(question, error))?,
        };
        let known_until = self.known_until(question, &path, unknown);
        Ok(UnrevokedPath { path, known_until })
    }

    /// The next update of the first of the lists that answered. Of an issuer's lists it is the one that answers alone: an outdated
    /// one, that of another key, and that of another part of its certificates beside it bind nobody.
    fn known_until(
        &self,
        question: &PathQuestion<'_>,
        path: &VerifiedPath<'_>,
        unknown: UnknownStatusPolicy,
    ) -> Option<Timestamp> {
        let leaf = path.end_entity().issuer();
        let above: Vec<Vec<u8>> = path.intermediate_certificates().map(|middle| middle.issuer().to_vec()).collect();
        let mut issuers: Vec<&[u8]> = std::iter::once(leaf).chain(above.iter().map(Vec::as_slice)).collect();
        issuers.sort_unstable();
        issuers.dedup();
        let until = |issuer: &[u8]| {
            let candidates: Vec<_> = self.lists.iter().filter(|list| list.issuer_der() == issuer).collect();
            let answers_alone = |candidate: &&&Arc<RevocationList>| {
                let others = self.lists.iter().filter(|list| list.issuer_der() != issuer);
                let lists: Vec<_> = others.chain([**candidate]).map(|list| list.list()).collect();
                let ask = |depth, unknown| Self::ask_of(&lists, question, depth, unknown, ExpirationPolicy::Enforce).is_ok();
                // Where what is not known may be so, silence would pass for an answer: of the leaf it is asked for one.
                (issuer != leaf || ask(RevocationCheckDepth::EndEntity, UnknownStatusPolicy::Deny))
                    && (!above.iter().any(|above| above == issuer) || ask(RevocationCheckDepth::Chain, unknown))
            };
            let answered = if candidates.len() < 2 { None } else { candidates.iter().find(answers_alone) };
            // Where it took several of them together, each binds.
            answered.map_or_else(|| candidates.iter().map(|list| list.next_update).min(), |list| Some(list.next_update))
        };
        issuers.into_iter().filter_map(until).min()
    }

    /// The path, where no list says that something on it is revoked; old lists speak too.
    ///
    /// # Errors
    /// What is wrong with the certificate.
    pub(super) fn lenient<'p>(&self, question: &PathQuestion<'p>) -> Result<VerifiedPath<'p>, Error> {
        if self.lists.is_empty() {
            return question.verify(None);
        }
        match self.ask(question, RevocationCheckDepth::Chain, UnknownStatusPolicy::Allow, ExpirationPolicy::Ignore) {
            // A list of that name, and not of that key: it says nothing of the certificate.
            Err(error) if !matches!(error, Error::CertRevoked) => question.verify(None),
            known => known,
        }
    }

    /// Of authorities with one name and two keys the library reports whatever it met last: what stands without any list is
    /// not known, and nothing worse.
    fn reason(question: &PathQuestion<'_>, error: Error) -> Error {
        let is_of_lists = !matches!(error, Error::CertRevoked) && question.verify(None).is_ok();
        if is_of_lists { Error::UnknownRevocationStatus } else { error }
    }

    fn ask<'p>(
        &self,
        question: &PathQuestion<'p>,
        depth: RevocationCheckDepth,
        unknown: UnknownStatusPolicy,
        expiration: ExpirationPolicy,
    ) -> Result<VerifiedPath<'p>, Error> {
        let lists: Vec<&CertRevocationList<'_>> = self.lists.iter().map(|list| list.list()).collect();
        Self::ask_of(&lists, question, depth, unknown, expiration)
    }

    fn ask_of<'p>(
        lists: &[&CertRevocationList<'_>],
        question: &PathQuestion<'p>,
        depth: RevocationCheckDepth,
        unknown: UnknownStatusPolicy,
        expiration: ExpirationPolicy,
    ) -> Result<VerifiedPath<'p>, Error> {
        let mut lists = lists.to_vec();
        let is_namesake = |(place, list): (usize, &&CertRevocationList<'_>)| {
            lists.iter().take(place).any(|other| other.issuer() == list.issuer())
        };
        let has_namesakes = lists.iter().enumerate().any(is_namesake);
        let mut turns = if has_namesakes { lists.len() } else { 1 };
        loop {
            let options = RevocationOptionsBuilder::new(&lists).map_err(|_| Error::UnknownRevocationStatus)?;
            let options = options.with_depth(depth).with_status_policy(unknown).with_expiration_policy(expiration).build();
            let found = question.verify(Some(options));
            turns -= 1;
            // The library takes the first list of that name. An authority that was renewed under its name has one for each key.
            if turns == 0 || matches!(found, Ok(_) | Err(Error::CertRevoked)) {
                return found;
            }
            lists.rotate_left(1);
        }
    }

    /// Whether what is not known of this path need not be known: the table above.
    fn speaks_enough(&self, question: &PathQuestion<'_>, path: &VerifiedPath<'_>) -> bool {
        if self.is_waiting {
            return false;
        }
        let anchor = path.anchor().subject.as_ref();
        let is_listed = |issuer: &[u8]| self.lists.iter().any(|list| list.issuer_der() == issuer);
        let below: Vec<Vec<u8>> = path.intermediate_certificates().map(|middle| middle.issuer().to_vec()).collect();
        let leaf = path.end_entity().issuer();
        if is_listed(leaf) {
            let known = self.ask(question, RevocationCheckDepth::EndEntity, UnknownStatusPolicy::Deny, ExpirationPolicy::Enforce);
            if known.is_err() {
                return false;
            }
        }
        // Of an intermediate authority it cannot be asked alone: its issuer's lists have to speak for all of its certificates.
        let is_partial = |issuer: &[u8]| self.lists.iter().any(|list| list.issuer_der() == issuer && !list.is_for_all());
        if below.iter().any(|issuer| is_partial(issuer)) {
            return false;
        }
        let issuers: Vec<&[u8]> = std::iter::once(leaf).chain(below.iter().map(Vec::as_slice)).collect();
        let of_path = issuers.iter().any(|issuer| is_listed(issuer));
        let of_others = question.anchors.iter().any(|anchor| is_listed(anchor.subject.as_ref()));
        issuers.into_iter().filter(|issuer| !is_listed(issuer)).all(|issuer| if of_path { issuer == anchor } else { of_others })
    }
}

fn algorithms() -> &'static [&'static dyn SignatureVerificationAlgorithm] {
    rustls::crypto::aws_lc_rs::default_provider().signature_verification_algorithms.all
}

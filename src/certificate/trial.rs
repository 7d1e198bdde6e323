//! What each bundle says of a certificate and why, for administrators who ask before anybody shows it. The judgement is the one
//! of the handshake ([`super::bundles`]); only the reasons are kept here, which nobody at the door is given.

use rustls_pki_types::CertificateDer;
use x509_parser::prelude::{FromDer as _, X509Certificate};

use super::bundles::Bundles;
use super::names;
use super::register::ClientCertificates;
use crate::clock::Timestamp;
use crate::config::schema::{Mapping, MappingSource, MappingTarget};
use crate::facts::presented_certificate::PresentedCertificate;
use crate::principal::certificate::{CertificateStanding, Holder};

/// What is said of a certificate.
#[derive(Debug)]
pub struct CertificateTrial {
    /// What check 2 has of it.
    pub standing: CertificateStanding,
    /// Bundle by bundle, in the order of their names.
    pub bundles: Vec<BundleTrial>,
}

/// What one bundle says.
#[derive(Debug)]
pub struct BundleTrial {
    /// Its name in the config.
    pub name: String,
    /// The subjects of the authorities between the certificate and the bundle, or why it leads nowhere.
    pub path: Result<Vec<String>, String>,
    /// Its mapping rules in their order.
    pub rules: Vec<RuleTrial>,
}

/// What one mapping rule finds.
#[derive(Debug)]
pub struct RuleTrial {
    /// The rule in words.
    pub rule: String,
    /// The names that it reads, cut as it says.
    pub names: Vec<String>,
    /// Whom they mean.
    pub holders: Vec<Holder>,
    /// Whether it is the one that decides: the first that finds anybody.
    pub decides: bool,
}

impl ClientCertificates {
    /// Judges a certificate as a connection would at `now`, with every reason. Nothing is noted.
    pub fn try_out(&self, presented: &PresentedCertificate, now: Timestamp) -> CertificateTrial {
        let (standing, bundles) = self.standing_by(presented, now);
        let moment = now.max(standing.not_before).min(standing.not_after);
        CertificateTrial { bundles: self.of_bundles(&bundles, presented, moment), standing }
    }

    fn of_bundles(&self, bundles: &Bundles, presented: &PresentedCertificate, moment: Timestamp) -> Vec<BundleTrial> {
        let Some(Ok((_, leaf))) = presented.chain().first().map(|der| X509Certificate::from_der(der)) else { return Vec::new() };
        // The path is judged within the validity of the certificate itself, as at the handshake.
        let validity = leaf.validity();
        let own = (validity.not_before.timestamp(), validity.not_after.timestamp());
        let moment = moment.max(Timestamp::from_seconds(own.0)).min(Timestamp::from_seconds(own.1));
        let tried = bundles.each().map(|bundle| {
            let verified = bundle.verify(presented.chain(), &self.withdrawn(), moment);
            let path = verified.map(|found| found.issuers.iter().map(subject).collect()).map_err(|error| words(&error));
            let mut decided = false;
            let rules = bundle.mapping.iter().map(|mapping| {
                let holders = names::named(&leaf, mapping, |user| self.is_user(user));
                let decides = !decided && !holders.is_empty();
                decided |= decides;
                let names = if mapping.from == MappingSource::Any { Vec::new() } else { names::names(&leaf, mapping) };
                RuleTrial { rule: rule(mapping), names, holders, decides }
            });
            BundleTrial { name: bundle.name.to_string(), path, rules: rules.collect() }
        });
        tried.collect()
    }
}

fn subject(der: &CertificateDer<'_>) -> String {
    X509Certificate::from_der(der).map(|(_, parsed)| parsed.subject().to_string()).unwrap_or_default()
}

/// A rule as the config has it, in a line.
fn rule(mapping: &Mapping) -> String {
    let from = match mapping.from {
        MappingSource::CommonName => "common_name",
        MappingSource::SanEmail => "san_email",
        MappingSource::SanUpn => "san_upn",
        MappingSource::SanUri => "san_uri",
        MappingSource::SanDns => "san_dns",
        MappingSource::Any => "any",
    };
    let to = match mapping.to {
        MappingTarget::User => "user",
        MappingTarget::Shared => "shared",
        MappingTarget::Machine => "machine",
    };
    let cut = |word: &str, part: &Option<String>| part.as_ref().map(|part| format!(", {word} {part:?}")).unwrap_or_default();
    format!("from {from} to {to}{}{}", cut("prefix", &mapping.prefix), cut("suffix", &mapping.suffix))
}

/// Why no path of a bundle leads to a certificate, and what to do about it.
fn words(error: &webpki::Error) -> String {
    use webpki::Error;
    let said = match error {
        Error::UnknownIssuer => {
            "no authority of this bundle signed it: the bundle has another one, or an authority between them is missing from \
             what is shown; a client must send it, or the bundle name it"
        }
        Error::InvalidSignatureForPublicKey => {
            "an authority of this bundle has the name of its issuer and another key: the bundle has an older or newer key"
        }
        Error::RequiredEkuNotFoundContext(_) | Error::EmptyEkuExtension => {
            "it is not for clients: extended key usage is there, and has no clientAuth"
        }
        Error::NameConstraintViolation => {
            "a name constraint of an authority above it excludes one of its names, or is on a kind of name that is not compared here: \
             mail addresses, subjects, URIs, principal names"
        }
        Error::PathLenConstraintViolated => "an authority above it may sign no further authority (path length)",
        Error::CaUsedAsEndEntity => "it is an authority's own certificate, and no client's",
        Error::EndEntityUsedAsCa => "what signed it is no authority: the basic constraints do not say CA",
        Error::CertExpired { .. } => "an authority above it has expired",
        Error::CertNotValidYet { .. } => "an authority above it is not valid yet",
        Error::CertRevoked => {
            "it, or an authority above it, is revoked: a revocation list names it, or its key was withdrawn here"
        }
        Error::UnknownRevocationStatus | Error::CrlExpired { .. } => {
            "whether it is revoked is not known: a revocation list that must speak of it is missing or outdated (`sekisho crl list`)"
        }
        Error::MaximumPathDepthExceeded => "more than six authorities stand above it",
        Error::UnsupportedCriticalExtension => "it, or an authority above it, has a critical extension that is not known",
        Error::BadDer | Error::BadDerTime | Error::TrailingData(_) => "it cannot be read",
        other => return format!("it cannot be verified: {other}"),
    };
    said.to_owned()
}

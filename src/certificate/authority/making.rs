//! How a key of the authority comes to be: a root and what it signs, or one that the organisation brings. P-256 throughout:
//! browsers import nothing else that is as short.

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    PKCS_ECDSA_P256_SHA256, SerialNumber,
};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use x509_parser::prelude::{FromDer as _, X509Certificate};
use zeroize::Zeroizing;

use super::key::{AuthorityKey, AuthorityKind, place};
use super::{AuthorityError, at};
use crate::clock::Timestamp;
use crate::random::Random;
use crate::seal::MasterKeys;

/// Days that a root lasts.
const ROOT: i64 = 20 * 365;
/// Days that an issuing key lasts.
const ISSUING: i64 = 10 * 365;
/// Days that a root must still last to sign another issuing key.
const ROOM: i64 = 2 * 365;
const DAY: i64 = 24 * 3600;
/// Letters of an organisation's name at most: with what is added, a common name has at most 64 (RFC 5280 §A.1).
const LONGEST: usize = 48;

/// What seals a new key.
pub(super) struct Sealing<'a> {
    pub(super) master: &'a MasterKeys,
    pub(super) random: &'a dyn Random,
}

/// Whether a root lasts long enough for another key.
pub(super) fn has_room(root: &AuthorityKey, now: Timestamp) -> bool {
    root.counts(now) && root.not_after.seconds() - now.seconds() > ROOM * DAY
}

/// The name of an organisation that certificates can bear.
pub(super) fn named(name: &str) -> Result<&str, AuthorityError> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > LONGEST || name.chars().any(char::is_control) {
        return Err(AuthorityError::Name(name.chars().filter(|c| !c.is_control()).take(64).collect()));
    }
    Ok(name)
}

/// A root of this name.
pub(super) fn root(seal: &Sealing<'_>, name: &str, now: Timestamp) -> Result<AuthorityKey, AuthorityError> {
    let name = named(name)?;
    let ends = Timestamp::from_seconds(now.seconds() + ROOT * DAY);
    let (id, mut params) = subject(seal, "root", name, now, ends)?;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(1));
    let pair = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
    let certificate = params.self_signed(&pair)?;
    key(seal, AuthorityKind::Root, id, name, None, certificate.pem(), (now, ends), &Zeroizing::new(pair.serialize_der()))
}

/// An issuing key below `root`: it signs client certificates, no other authority, and no server.
pub(super) fn issuing(seal: &Sealing<'_>, root: &AuthorityKey, now: Timestamp) -> Result<AuthorityKey, AuthorityError> {
    let ends = Timestamp::from_seconds(now.seconds() + ISSUING * DAY).min(root.not_after);
    let (id, mut params) = subject(seal, "issuing", &root.name, now, ends)?;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    params.use_authority_key_identifier_extension = true;
    let pair = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
    let certificate = params.signed_by(&pair, &root.open(seal.master)?)?;
    let chain = format!("{}{}", certificate.pem(), root.certificate_pem());
    let der = Zeroizing::new(pair.serialize_der());
    key(seal, AuthorityKind::Issuing, id, &root.name, Some(root.id.clone()), chain, (now, ends), &der)
}

/// The id of a new key, and its certificate but for what it signs: a subject that no other key has.
fn subject(
    seal: &Sealing<'_>,
    what: &str,
    name: &str,
    now: Timestamp,
    ends: Timestamp,
) -> Result<(String, CertificateParams), AuthorityError> {
    let mark: String = seal.random.id().iter().take(3).map(|byte| format!("{byte:02x}")).collect();
    let began = at(Timestamp::from_seconds(now.seconds() - DAY))?;
    let mark = format!("{}-{mark}", began.year());
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, format!("{name} {what} {mark}"));
    params.not_before = began;
    params.not_after = at(ends)?;
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.serial_number = Some(SerialNumber::from_slice(&serial(seal.random)));
    Ok((format!("{what}-{mark}"), params))
}

/// A serial number: 16 bytes, positive (RFC 5280 §4.1.2.2), and none that begins with zeros.
pub(in crate::certificate) fn serial(random: &dyn Random) -> [u8; 16] {
    let mut serial = random.id();
    serial[0] = (serial[0] & 0x7f) | 0x40;
    serial
}

#[expect(clippy::too_many_arguments, reason = "one call for each kind of key, right above")]
fn key(
    seal: &Sealing<'_>,
    kind: AuthorityKind,
    id: String,
    name: &str,
    parent: Option<String>,
    chain: String,
    (now, ends): (Timestamp, Timestamp),
    der: &[u8],
) -> Result<AuthorityKey, AuthorityError> {
    let sealed = seal.master.seal(seal.random, &place(&id), der)?;
    Ok(AuthorityKey {
        id,
        kind,
        name: name.to_owned(),
        parent,
        chain,
        not_before: Timestamp::from_seconds(now.seconds() - DAY),
        // The second that a certificate names is within its validity.
        not_after: Timestamp::from_millis(ends.seconds() * 1000 + 999),
        created_at: now,
        withdrawn_at: None,
        list_until: None,
        sealed,
        list: None,
        list_number: 0,
    })
}

/// A key of the organisation's own.
pub(super) fn import(
    seal: &Sealing<'_>,
    chain: &str,
    private: &str,
    there: &[std::sync::Arc<AuthorityKey>],
    now: Timestamp,
) -> Result<AuthorityKey, AuthorityError> {
    let wrong = |why: &str| AuthorityError::Import(why.to_owned());
    let certificates: Vec<CertificateDer<'static>> =
        CertificateDer::pem_slice_iter(chain.as_bytes())
            .collect::<Result<_, _>>()
            .map_err(|_| wrong("the certificate is not PEM; write the text from `-----BEGIN CERTIFICATE-----` on"))?;
    let der = certificates.first().ok_or_else(|| wrong("there is no certificate; write its PEM, the authority's own first"))?;
    let (_, parsed) = X509Certificate::from_der(der).map_err(|_| wrong("the first certificate cannot be read"))?;
    let usage = parsed.key_usage().ok().flatten();
    if !parsed.is_ca() {
        return Err(wrong("the first certificate is not an authority's: its basic constraints do not say CA:TRUE"));
    }
    if usage.is_some_and(|usage| !usage.value.key_cert_sign() || !usage.value.crl_sign()) {
        return Err(wrong(
            "its key may not sign certificates and revocation lists: key usage keyCertSign and cRLSign are needed",
        ));
    }
    if parsed.extended_key_usage().ok().flatten().is_some_and(|usage| !usage.value.client_auth && !usage.value.any) {
        return Err(wrong("its extended key usage does not permit client certificates (clientAuth)"));
    }
    let (begins, ends) = (parsed.validity().not_before.timestamp(), parsed.validity().not_after.timestamp());
    if now.seconds() < begins || now.seconds() > ends {
        return Err(wrong("its certificate is not valid now"));
    }
    let subject = parsed.subject().to_string();
    if there.iter().any(|key| key.subject() == subject) {
        let why = "a key of this authority has the same subject; a new key needs a subject of its own, or revocation \
                   lists of the two could not be distinguished";
        return Err(wrong(why));
    }
    let private = PrivateKeyDer::from_pem_slice(private.as_bytes())
        .map_err(|_| wrong("the key is not an unencrypted private key in PEM (`openssl pkcs8 -topk8 -nocrypt`)"))?;
    let pair = KeyPair::from_der_and_sign_algo(&private, &PKCS_ECDSA_P256_SHA256)
        .map_err(|_| wrong("the key is not an ECDSA key on P-256; other keys are not taken"))?;
    if parsed.public_key().subject_public_key.as_ref() != pair.public_key_raw() {
        return Err(wrong("the key is not that of the first certificate"));
    }
    let pkcs8 = Zeroizing::new(pair.serialize_der());
    let issuer = Issuer::from_ca_cert_der(der, pair)
        .map_err(|error| AuthorityError::Import(format!("its certificate cannot be used: {error}")))?;
    try_out(seal.random, der, &issuer, now)?;
    let mark: String = seal.random.id().iter().take(3).map(|byte| format!("{byte:02x}")).collect();
    let id = format!("imported-{}-{mark}", at(now)?.year());
    let name = parsed.subject().iter_common_name().next().and_then(|name| name.as_str().ok()).unwrap_or(&subject);
    let name: String = name.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    let text: String = certificates.iter().map(|der| pem(der)).collect();
    let ends = Timestamp::from_seconds(ends);
    let mut made = key(seal, AuthorityKind::Imported, id, &name, None, text, (now, ends), &pkcs8)?;
    made.not_before = Timestamp::from_seconds(begins);
    // As it will be opened for each signature.
    made.open(seal.master)?;
    Ok(made)
}

/// Whether what it would sign counts: names that the library cannot write again as they are would break the chain.
fn try_out(
    random: &dyn Random,
    authority: &CertificateDer<'_>,
    issuer: &Issuer<'static, KeyPair>,
    now: Timestamp,
) -> Result<(), AuthorityError> {
    let mut params = CertificateParams::default();
    params.not_before = at(now)?;
    params.not_after = at(Timestamp::from_seconds(now.seconds() + 60))?;
    params.serial_number = Some(SerialNumber::from_slice(&serial(random)));
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    let leaf = params.signed_by(&KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?, issuer)?;
    let unusable = |error: webpki::Error| {
        let why = format!(
            "what it signs does not verify ({error}); a subject with several values of one kind (DC=example, DC=com) \
             cannot be written again, use one with a common name"
        );
        AuthorityError::Import(why)
    };
    let anchor = webpki::anchor_from_trusted_cert(authority).map_err(unusable)?;
    let algorithms = rustls::crypto::aws_lc_rs::default_provider().signature_verification_algorithms.all;
    let time = UnixTime::since_unix_epoch(std::time::Duration::from_secs(u64::try_from(now.seconds()).unwrap_or(0)));
    let leaf = webpki::EndEntityCert::try_from(leaf.der()).map_err(unusable)?;
    let usage = webpki::KeyUsage::client_auth();
    leaf.verify_for_usage(algorithms, &[anchor], &[], time, usage, None, None).map(drop).map_err(unusable)
}

/// A certificate as PEM (RFC 7468 §5).
pub(in crate::certificate) fn pem(der: &[u8]) -> String {
    let text = data_encoding::BASE64.encode(der);
    let lines = text.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line).into_owned() + "\n");
    format!("-----BEGIN CERTIFICATE-----\n{}-----END CERTIFICATE-----\n", lines.collect::<String>())
}

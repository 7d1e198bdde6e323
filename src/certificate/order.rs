//! What a certificate is ordered with, and what is made of the order: a leaf for clients, and with a key of ours its container.
//! Invariant: the passphrase is in no error and no `Debug` output, and is kept nowhere.

use std::fmt;

use rcgen::{
    CertificateParams, CrlDistributionPoint, DistinguishedName, DnType, DnValue, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, PublicKeyData, SerialNumber, SubjectPublicKeyInfo, string::PrintableString,
};
use rustls_pki_types::CertificateDer;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use super::authority::{AuthorityError, at, making};
use super::container::{self, ContainerEncryption};
use crate::clock::Timestamp;
use crate::random::Random;

/// Why a name is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateNameError {
    /// Nothing.
    #[error("it is empty; write 1 to 20 letters and digits")]
    Empty,
    /// More than 20.
    #[error("it has {0} characters; 20 at most")]
    Long(usize),
    /// Neither a letter of the Latin alphabet nor a digit.
    #[error("{0:?} (U+{1:04X}) is neither a letter from A to Z nor a digit, in half or full width")]
    Character(char, u32),
}

/// What people call a certificate: 1 to 20 letters and digits, in half or full width; kept as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateName(String);

impl CertificateName {
    /// Reads one.
    ///
    /// # Errors
    /// [`CertificateNameError`].
    pub fn parse(text: &str) -> Result<Self, CertificateNameError> {
        let length = text.chars().count();
        let fits = |c: char| {
            c.is_ascii_alphanumeric() || matches!(c, '\u{FF10}'..='\u{FF19}' | '\u{FF21}'..='\u{FF3A}' | '\u{FF41}'..='\u{FF5A}')
        };
        match text.chars().find(|c| !fits(*c)) {
            _ if length == 0 => Err(CertificateNameError::Empty),
            _ if length > 20 => Err(CertificateNameError::Long(length)),
            Some(wrong) => Err(CertificateNameError::Character(wrong, wrong.into())),
            None => Ok(Self(text.to_owned())),
        }
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// In half width: every store of keys takes it.
    fn ascii(&self) -> String {
        self.0.nfkc().collect()
    }
}

/// What protects a container until it is installed: 100 bits, in characters that every program takes (Java refuses others).
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    fn draw(random: &dyn Random) -> Self {
        // No 0 and o, 1 and l: people type it from paper.
        const LETTERS: &[u8; 32] = b"23456789abcdefghijkmnpqrstuvwxyz";
        let mut bytes = Zeroizing::new([0; 20]);
        random.fill(bytes.as_mut_slice());
        let mut text = Zeroizing::new(String::with_capacity(24));
        for (place, byte) in bytes.iter().enumerate() {
            if place > 0 && place % 4 == 0 {
                text.push('-');
            }
            text.push(LETTERS.get(usize::from(byte & 31)).copied().unwrap_or(b'2').into());
        }
        Self(text)
    }

    /// To be shown once.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Passphrase(…)")
    }
}

/// What every certificate is made with.
#[derive(Clone, Debug)]
pub struct CertificateOrder {
    /// Its common name.
    pub name: CertificateName,
    /// The organisation.
    pub organisation: String,
    /// First moment.
    pub from: Timestamp,
    /// Last moment.
    pub until: Timestamp,
    /// Where the revocation list of its key is.
    pub list_url: String,
}

/// A certificate that was made.
#[derive(Debug)]
pub struct MadeCertificate {
    /// The leaf.
    pub der: CertificateDer<'static>,
    /// Its serial number, hexadecimal, without leading zeros.
    pub serial: String,
    /// What is handed out: PKCS#12, or PEM where the key is a device's own.
    pub container: Vec<u8>,
    /// What opens it; `None` where there is nothing to open.
    pub passphrase: Option<Passphrase>,
}

impl CertificateOrder {
    /// Makes key, certificate and container. Takes some milliseconds of a processor: not for a worker's thread.
    ///
    /// # Errors
    /// [`AuthorityError::Make`].
    pub fn with_key(
        &self,
        issuer: &Issuer<'static, KeyPair>,
        chain: &[CertificateDer<'static>],
        encryption: ContainerEncryption,
        random: &dyn Random,
    ) -> Result<MadeCertificate, AuthorityError> {
        let pair = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let (der, serial) = self.sign(&pair, issuer, random)?;
        let passphrase = Passphrase::draw(random);
        let alias = format!("{}-{}", self.name.ascii(), short(&serial));
        let key = Zeroizing::new(pair.serialize_der());
        let whole: Vec<&CertificateDer<'_>> = std::iter::once(&der).chain(chain).collect();
        let container = container::write(&alias, &key, &whole, passphrase.text(), encryption)?;
        Ok(MadeCertificate { der, serial, container, passphrase: Some(passphrase) })
    }

    /// Makes a certificate for a key that stays where it is.
    ///
    /// # Errors
    /// [`AuthorityError::Make`].
    pub fn for_key(
        &self,
        key: &SubjectPublicKeyInfo,
        issuer: &Issuer<'static, KeyPair>,
        chain: &[CertificateDer<'static>],
        random: &dyn Random,
    ) -> Result<MadeCertificate, AuthorityError> {
        let (der, serial) = self.sign(key, issuer, random)?;
        let container: String = std::iter::once(&der).chain(chain).map(|der| making::pem(der)).collect();
        Ok(MadeCertificate { der, serial, container: container.into_bytes(), passphrase: None })
    }

    fn sign(
        &self,
        key: &impl PublicKeyData,
        issuer: &Issuer<'static, KeyPair>,
        random: &dyn Random,
    ) -> Result<(CertificateDer<'static>, String), AuthorityError> {
        let serial = making::serial(random);
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::OrganizationName, self.organisation.as_str());
        params.distinguished_name.push(DnType::CommonName, self.name.as_str());
        // `serialNumber` (X.520 §6.2.9): stores that keep one nickname for each subject, as NSS does, tell a renewed certificate
        // from the one before.
        let mark = PrintableString::try_from(short(&data_encoding::HEXLOWER.encode(&serial)))?;
        params.distinguished_name.push(DnType::CustomDnType(vec![2, 5, 4, 5]), DnValue::PrintableString(mark));
        params.not_before = at(self.from)?;
        params.not_after = at(self.until)?;
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        params.use_authority_key_identifier_extension = true;
        params.crl_distribution_points = vec![CrlDistributionPoint { uris: vec![self.list_url.clone()] }];
        params.serial_number = Some(SerialNumber::from_slice(&serial));
        let certificate = params.signed_by(key, issuer)?;
        Ok((certificate.der().clone(), data_encoding::HEXLOWER.encode(&serial)))
    }
}

/// What tells two certificates of one name apart: the beginning of the serial number.
fn short(serial: &str) -> String {
    serial.chars().take(8).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::OsRandom;

    #[test]
    fn a_name_is_1_to_20_letters_and_digits_in_half_or_full_width_r_222_a_25() {
        for good in ["a", "iPhone15", "ｉＰｈｏｎｅ１５", "Ａb9", &"z".repeat(20), &"Ｚ".repeat(20)] {
            assert_eq!(CertificateName::parse(good).unwrap().as_str(), good);
        }
        assert_eq!(CertificateName::parse("ｉＰｈｏｎｅ１５").unwrap().ascii(), "iPhone15");
        assert_eq!(CertificateName::parse(""), Err(CertificateNameError::Empty));
        assert_eq!(CertificateName::parse(&"a".repeat(21)), Err(CertificateNameError::Long(21)));
        for bad in ["アリス", "a b", "a-b", "ａ　ｂ", "é", "a\n", "\u{20BB7}田", "\u{1D400}", "٣", "ﬁ"] {
            let error = CertificateName::parse(bad).unwrap_err();
            assert!(matches!(error, CertificateNameError::Character(..)), "{bad}: {error}");
        }
    }

    #[test]
    fn a_passphrase_is_ascii_without_blanks_and_never_twice_the_same_a_27() {
        let drawn: Vec<Passphrase> = (0..50).map(|_| Passphrase::draw(&OsRandom::new())).collect();
        for one in &drawn {
            assert_eq!(one.text().len(), 24);
            assert!(one.text().bytes().all(|byte| (0x21..=0x7e).contains(&byte)), "{}", one.text());
            assert_eq!(format!("{one:?}"), "Passphrase(…)");
        }
        let distinct: std::collections::BTreeSet<&str> = drawn.iter().map(Passphrase::text).collect();
        assert_eq!(distinct.len(), 50);
    }

    #[test]
    fn a_date_that_certificates_cannot_hold_is_refused_with_words_and_ends_nothing() {
        let pair = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let issuer = Issuer::new(CertificateParams::default(), pair);
        let day = 24 * 3600;
        for (from, until) in [
            (-62_200_000_000, 0),
            (-3_000_000_000_000, 0),
            (i64::MIN / 1000, 0),
            (-day * 366 * 30, 0),
            (0, 253_402_300_800),
            (0, i64::MAX / 1000),
        ] {
            let order = CertificateOrder {
                name: CertificateName::parse("phone").unwrap(),
                organisation: "Example".to_owned(),
                from: Timestamp::from_seconds(from),
                until: Timestamp::from_seconds(until),
                list_url: "https://auth.example.com/a.crl".to_owned(),
            };
            let refused = order.with_key(&issuer, &[], ContainerEncryption::Modern, &OsRandom::new()).unwrap_err();
            assert!(matches!(refused, AuthorityError::Date), "{from}: {refused}");
            assert!(refused.to_string().contains("1950 to 9999"), "{from}: {refused}");
        }
    }
}

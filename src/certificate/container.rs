//! PKCS#12 (RFC 7292) of a key and its chain. What was seen to open which form is in `docs/certificates.md`. PBMAC1 (RFC 9579)
//! is never written: most stores of keys report it as a wrong passphrase.

use p12_keystore::{Certificate, EncryptionAlgorithm, KeyStore, KeyStoreEntry, MacAlgorithm, PrivateKey, PrivateKeyChain};
use rustls_pki_types::CertificateDer;

use super::authority::AuthorityError;

/// Rounds of the key derivation. The passphrase has 100 bits of its own; devices derive twice on import.
const ROUNDS: u32 = 10_000;

/// How a container is encrypted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ContainerEncryption {
    /// AES-256-CBC under PBKDF2 with HMAC-SHA-256 (PBES2), MAC with SHA-256.
    #[default]
    Modern,
    /// Triple DES and HMAC-SHA-1, for systems from before 2022 or so.
    OlderDevices,
}

/// What was handed out of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContainerKind {
    /// Key and chain, as PKCS#12.
    Pkcs12,
    /// The chain alone, as PEM: the key is in the device that made it.
    Pem,
}

impl ContainerKind {
    /// By the first byte: DER begins with a SEQUENCE, PEM with hyphens. `None` of nothing.
    pub const fn of(container: &[u8]) -> Option<Self> {
        match container {
            [] => None,
            [b'-', ..] => Some(Self::Pem),
            _ => Some(Self::Pkcs12),
        }
    }
}

/// Writes a container. `alias` is ASCII: what is beyond the basic plane cannot be written at all.
pub(super) fn write(
    alias: &str,
    key: &[u8],
    chain: &[&CertificateDer<'_>],
    passphrase: &str,
    encryption: ContainerEncryption,
) -> Result<Vec<u8>, AuthorityError> {
    let failed = |error: p12_keystore::error::Error| AuthorityError::Container(error.to_string());
    let key = PrivateKey::from_der(key).map_err(failed)?;
    let certificates: Vec<Certificate> =
        chain.iter().map(|der| Certificate::from_der(der)).collect::<Result<_, _>>().map_err(failed)?;
    let mut store = KeyStore::new();
    store.add_entry(alias, KeyStoreEntry::PrivateKeyChain(PrivateKeyChain::new(alias.as_bytes(), key, certificates)));
    let (cipher, mac) = match encryption {
        ContainerEncryption::Modern => (EncryptionAlgorithm::PbeWithHmacSha256AndAes256, MacAlgorithm::HmacSha256),
        ContainerEncryption::OlderDevices => (EncryptionAlgorithm::PbeWithShaAnd3KeyTripleDesCbc, MacAlgorithm::HmacSha1),
    };
    let writer = store.writer(passphrase).encryption_algorithm(cipher).encryption_iterations(ROUNDS);
    writer.mac_algorithm(mac).mac_iterations(ROUNDS).write().map_err(failed)
}

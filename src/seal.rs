//! Secrets at rest: sealed with AES-256-GCM under keys that are derived from a master key, one for each purpose (HKDF,
//! RFC 5869; NIST SP 800-57 part 1 §5.2: one key, one use). A master key has an id, so that it can be rotated; tokens that
//! only need recognising are kept as hashes.
//! Invariant: a key, a plaintext or a token never appears in `Debug` output or in an error of this module.

use std::collections::BTreeMap;
use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::{digest, hkdf, hmac};
use zeroize::Zeroizing;

use crate::random::{Random, base64url, from_base64url};

/// SHA-256 of a 256-bit token: what the stores keep instead of the token.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    /// Hashes a token as the client presented it.
    pub fn of(token: &[u8]) -> Self {
        let mut hash = [0; 32];
        hash.copy_from_slice(digest::digest(&digest::SHA256, token).as_ref());
        Self(hash)
    }

    /// Hashes a token as a client presented it; `None` unless it has the shape of a [`SecretToken`].
    pub fn of_text(text: &str) -> Option<Self> {
        from_base64url::<32>(text).map(|_| Self::of(text.as_bytes()))
    }

    /// A hash as a row kept it; `None` unless it is 32 bytes long.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Some(Self(bytes.try_into().ok()?))
    }

    /// The 32 bytes, for a row.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "TokenHash({:02x}{:02x}…)", self.0[0], self.0[1])
    }
}

/// A 256-bit secret that names something: a session, a browser, a link. The client holds the text, the stores its hash.
pub struct SecretToken(Zeroizing<String>);

impl SecretToken {
    /// Draws a new one.
    pub fn draw(random: &dyn Random) -> Self {
        Self(Zeroizing::new(base64url(&random.token())))
    }

    /// The text for a cookie, a link or a terminal: 43 characters of base64url.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// What the stores keep.
    pub fn hash(&self) -> TokenHash {
        TokenHash::of(self.0.as_bytes())
    }
}

impl fmt::Debug for SecretToken {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Token(…)")
    }
}

/// What may go wrong with a sealed value.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The key material has the wrong length.
    #[error("read a master key: it must be 32 bytes (64 hexadecimal digits), this one is {0} bytes")]
    KeyLength(usize),
    /// No key with this id is loaded.
    #[error("open a sealed value: master key {0} is not loaded; add the old key file to `state.old_master_keys`")]
    UnknownKey(u32),
    /// The value is damaged, or sealed for another place.
    #[error("open a sealed value: it is damaged or belongs elsewhere")]
    Damaged,
}

/// The master keys: one seals, all open.
pub struct MasterKeys {
    current: u32,
    keys: BTreeMap<u32, SealingKey>,
}

/// A master key under one of its two ids.
struct SealingKey {
    bytes: Zeroizing<[u8; 32]>,
    scheme: SealScheme,
}

/// What encrypts: the id in front of a sealed value names the master key and this together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum SealScheme {
    /// The master key itself: values of 0.1 builds before 28 November 2026. Opened, never made.
    Direct,
    /// A key derived for the purpose that the place begins with (`totp` of `totp/alice`).
    ByPurpose,
}

impl SealScheme {
    /// The first four bytes of a hash of the key, so that a file says its own id, another one for each scheme.
    fn id(self, key: &[u8; 32]) -> u32 {
        let mut context = digest::Context::new(&digest::SHA256);
        if self == Self::ByPurpose {
            context.update(b"sekisho: keys by purpose");
        }
        context.update(key);
        let hash = context.finish();
        hash.as_ref().first_chunk::<4>().map_or(0, |first| u32::from_be_bytes(*first))
    }
}

impl fmt::Debug for MasterKeys {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "MasterKeys {{ current: {}, loaded: {} }}", self.current, self.keys.len() / 2)
    }
}

impl MasterKeys {
    /// One key, which seals and opens.
    ///
    /// # Errors
    /// [`SealError::KeyLength`] unless `key` has 32 bytes.
    pub fn new(key: &[u8]) -> Result<Self, SealError> {
        let mut keys = Self { current: 0, keys: BTreeMap::new() };
        keys.current = keys.add(key)?;
        Ok(keys)
    }

    /// Adds an older key that only opens. Returns its id.
    ///
    /// # Errors
    /// [`SealError::KeyLength`] unless `key` has 32 bytes.
    pub fn add(&mut self, key: &[u8]) -> Result<u32, SealError> {
        let bytes: [u8; 32] = key.try_into().map_err(|_| SealError::KeyLength(key.len()))?;
        let bytes = Zeroizing::new(bytes);
        for scheme in [SealScheme::Direct, SealScheme::ByPurpose] {
            self.keys.insert(scheme.id(&bytes), SealingKey { bytes: bytes.clone(), scheme });
        }
        Ok(SealScheme::ByPurpose.id(&bytes))
    }

    /// The id of the key that seals.
    pub const fn current(&self) -> u32 {
        self.current
    }

    /// Whether the key of this id is loaded.
    pub fn holds(&self, id: u32) -> bool {
        self.keys.contains_key(&id)
    }

    /// Seals `plaintext` for one `place` (`totp/alice`: the purpose, a slash, the row): opening it elsewhere fails.
    /// Shape: key id (4 bytes), nonce (12), ciphertext and tag.
    ///
    /// # Errors
    /// [`SealError::Damaged`] if the cipher refuses, which it never does for inputs below 64 GiB.
    pub fn seal(&self, random: &dyn Random, place: &str, plaintext: &[u8]) -> Result<Vec<u8>, SealError> {
        let key = self.cipher(self.current, place)?;
        let mut nonce = [0; NONCE_LEN];
        random.fill(&mut nonce);
        let mut sealed = plaintext.to_vec();
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(place.as_bytes()), &mut sealed)
            .map_err(|_| SealError::Damaged)?;
        let mut out = Vec::with_capacity(4 + NONCE_LEN + sealed.len());
        out.extend_from_slice(&self.current.to_be_bytes());
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&sealed);
        Ok(out)
    }

    /// Opens what [`Self::seal`] made for the same `place`.
    ///
    /// # Errors
    /// [`SealError::UnknownKey`] or [`SealError::Damaged`].
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (id, rest) = sealed.split_first_chunk::<4>().ok_or(SealError::Damaged)?;
        let (nonce, rest) = rest.split_first_chunk::<NONCE_LEN>().ok_or(SealError::Damaged)?;
        let key = self.cipher(u32::from_be_bytes(*id), place)?;
        let mut buffer = Zeroizing::new(rest.to_vec());
        let length = key
            .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(place.as_bytes()), &mut buffer)
            .map_err(|_| SealError::Damaged)?
            .len();
        buffer.truncate(length);
        Ok(buffer)
    }

    /// A key for one `purpose`, derived from the current master key (HKDF-SHA-256, RFC 5869).
    pub fn derive(&self, purpose: &str) -> hmac::Key {
        let master = self.keys.get(&self.current).map_or(&[0; 32], |key| &*key.bytes);
        hmac::Key::new(hmac::HMAC_SHA256, expanded(master, &[purpose.as_bytes()]).as_slice())
    }

    /// The same key as each master key gives it, the current one first: for what was made before a rotation.
    pub fn derive_all(&self, purpose: &str) -> Vec<hmac::Key> {
        let others = self.keys.iter().filter(|(id, key)| **id != self.current && key.scheme == SealScheme::ByPurpose);
        let others = others.map(|(_, key)| expanded(&key.bytes, &[purpose.as_bytes()]));
        let others = others.map(|bytes| hmac::Key::new(hmac::HMAC_SHA256, bytes.as_slice()));
        std::iter::once(self.derive(purpose)).chain(others).collect()
    }

    fn cipher(&self, id: u32, place: &str) -> Result<LessSafeKey, SealError> {
        let key = self.keys.get(&id).ok_or(SealError::UnknownKey(id))?;
        let bytes = match key.scheme {
            SealScheme::Direct => key.bytes.clone(),
            SealScheme::ByPurpose => {
                let purpose = place.split('/').next().unwrap_or_default();
                expanded(&key.bytes, &[b"seal/", purpose.as_bytes()])
            }
        };
        Ok(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, bytes.as_slice()).map_err(|_| SealError::Damaged)?))
    }
}

/// HKDF-SHA-256 of a master key, for one purpose: 32 bytes.
fn expanded(master: &[u8; 32], purpose: &[&[u8]]) -> Zeroizing<[u8; 32]> {
    let mut bytes = Zeroizing::new([0u8; 32]);
    let secret = hkdf::Salt::new(hkdf::HKDF_SHA256, b"sekisho").extract(master);
    if let Ok(okm) = secret.expand(purpose, hkdf::HKDF_SHA256) {
        // 32 bytes are what SHA-256 gives at once: neither call refuses them.
        let _filled = okm.fill(bytes.as_mut_slice());
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::OsRandom;

    #[test]
    fn a_sealed_value_opens_only_in_its_own_place() {
        let keys = MasterKeys::new(&[7; 32]).unwrap();
        let sealed = keys.seal(&OsRandom::new(), "totp/alice", b"seed").unwrap();
        assert_eq!(keys.open("totp/alice", &sealed).unwrap().as_slice(), b"seed");
        assert!(matches!(keys.open("totp/bob", &sealed), Err(SealError::Damaged)));
        let mut bent = sealed.clone();
        *bent.last_mut().unwrap() ^= 1;
        assert!(matches!(keys.open("totp/alice", &bent), Err(SealError::Damaged)));
        assert!(matches!(keys.open("totp/alice", &sealed[..9]), Err(SealError::Damaged)));
    }

    #[test]
    fn a_rotated_key_still_opens_what_the_old_one_sealed() {
        let old = MasterKeys::new(&[1; 32]).unwrap();
        let sealed = old.seal(&OsRandom::new(), "p", b"x").unwrap();
        let mut new = MasterKeys::new(&[2; 32]).unwrap();
        assert!(matches!(new.open("p", &sealed), Err(SealError::UnknownKey(_))));
        new.add(&[1; 32]).unwrap();
        assert_eq!(new.open("p", &sealed).unwrap().as_slice(), b"x");
    }

    #[test]
    fn each_purpose_has_a_key_of_its_own_and_older_values_still_open() {
        let keys = MasterKeys::new(&[7; 32]).unwrap();
        let sealed = keys.seal(&OsRandom::new(), "totp/alice", b"seed").unwrap();
        let by = |cipher: LessSafeKey| {
            let (nonce, rest) = sealed[4..].split_first_chunk::<NONCE_LEN>().unwrap();
            let nonce = Nonce::assume_unique_for_key(*nonce);
            cipher.open_in_place(nonce, Aad::from(b"totp/alice"), &mut rest.to_vec()).is_ok()
        };
        assert!(by(keys.cipher(keys.current, "totp/bob").unwrap()), "one purpose, one key");
        assert!(!by(keys.cipher(keys.current, "outbox/alice").unwrap()), "another purpose, another key");
        let direct = SealScheme::Direct.id(&[7; 32]);
        assert!(!by(keys.cipher(direct, "totp/alice").unwrap()), "the master key itself seals nothing");
        // As a build before this one sealed.
        let mut older = b"seed".to_vec();
        let nonce = Nonce::assume_unique_for_key([9; NONCE_LEN]);
        let cipher = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &[7; 32]).unwrap());
        cipher.seal_in_place_append_tag(nonce, Aad::from(b"totp/alice"), &mut older).unwrap();
        let older = [&digest::digest(&digest::SHA256, &[7; 32]).as_ref()[..4], &[9; NONCE_LEN], &older].concat();
        assert_eq!(keys.open("totp/alice", &older).unwrap().as_slice(), b"seed");
    }

    #[test]
    fn debug_shows_no_key() {
        assert!(!format!("{:?}", MasterKeys::new(&[0xab; 32]).unwrap()).contains("ab, "));
    }
}

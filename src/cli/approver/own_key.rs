//! The key file of the command-line approver: a P-256 key and the portal it is for, readable by its owner alone.

use std::fmt;
use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::approval::key::PublicKey;
use crate::cli::CommandFailure;
use crate::random::base64url;

/// The key, ready to sign.
pub(super) struct OwnKey {
    pair: EcdsaKeyPair,
    portal: String,
}

impl fmt::Debug for OwnKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "OwnKey({})", self.portal)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    portal: String,
    /// PKCS#8, base64.
    key: Zeroizing<String>,
}

impl OwnKey {
    /// Reads the file.
    ///
    /// # Errors
    /// [`CommandFailure`].
    pub(super) fn open(path: &Path) -> Result<Self, CommandFailure> {
        let failed = |error: &dyn fmt::Display| {
            let hint = "`sekisho approver register LINK` makes one";
            CommandFailure::Failed(format!("read the key file {}: {error}", path.display()), Some(hint.into()))
        };
        let text = Zeroizing::new(fs::read_to_string(path).map_err(|error| failed(&error))?);
        let kept: Kept = serde_json::from_str(&text).map_err(|_| failed(&"it is not a key file of an approver"))?;
        let der = Zeroizing::new(STANDARD.decode(kept.key.as_bytes()).map_err(|_| failed(&"its key cannot be read"))?);
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der).map_err(|_| failed(&"its key cannot be read"))?;
        Ok(Self { pair, portal: kept.portal })
    }

    /// Reads the file, or makes a key for this portal where there is none.
    ///
    /// # Errors
    /// [`CommandFailure`]: it is there and cannot be read, or is for another portal.
    pub(super) fn open_or_make(path: &Path, portal: &str) -> Result<Self, CommandFailure> {
        if path.exists() {
            let key = Self::open(path)?;
            if key.portal != portal {
                let hint = "choose another file: --key FILE";
                let what = format!("use the key file {}: it is for {}", path.display(), key.portal);
                return Err(CommandFailure::Failed(what, Some(hint.into())));
            }
            return Ok(key);
        }
        let failed =
            |error: &dyn fmt::Display| CommandFailure::Failed(format!("write the key file {}: {error}", path.display()), None);
        let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
            .map_err(|_| failed(&"no key could be made"))?;
        let kept = Kept { portal: portal.to_owned(), key: Zeroizing::new(STANDARD.encode(der.as_ref())) };
        let text = Zeroizing::new(serde_json::to_string(&kept).map_err(|error| failed(&error))?);
        let made = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
        made.and_then(|mut file: fs::File| -> io::Result<()> { file.write_all(text.as_bytes()) })
            .map_err(|error| failed(&error))?;
        Self::open(path)
    }

    /// The portal it is for.
    pub(super) fn portal(&self) -> &str {
        &self.portal
    }

    /// Its public half.
    pub(super) fn public(&self) -> Option<PublicKey> {
        PublicKey::from_point(self.pair.public_key().as_ref())
    }

    /// A JWS (RFC 7515 §7.1).
    ///
    /// # Errors
    /// [`CommandFailure`].
    pub(super) fn sign(&self, header: &Value, claims: &Value) -> Result<String, CommandFailure> {
        let text = |value: &Value| base64url(value.to_string().as_bytes());
        let signed = format!("{}.{}", text(header), text(claims));
        let signature = self.pair.sign(&SystemRandom::new(), signed.as_bytes());
        let signature = signature.map_err(|_| CommandFailure::Failed("sign with the key".to_owned(), None))?;
        Ok(format!("{signed}.{}", base64url(signature.as_ref())))
    }
}

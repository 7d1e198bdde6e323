//! The key file of the command-line approver: a P-256 key, the portal it is for, and the seeds of the tables that it shows; readable
//! by its owner alone.

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
use crate::cli::words::say;
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
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tables: Vec<KeptSeed>,
}

fn not_read(path: &Path, why: &dyn fmt::Display) -> CommandFailure {
    let what = say("approver-read-key", &[("file", &path.display()), ("why", why)]);
    CommandFailure::Failed(what, Some(say("approver-read-key-hint", &[]).into()))
}

impl Kept {
    fn read(path: &Path) -> Result<Self, CommandFailure> {
        let text = Zeroizing::new(fs::read_to_string(path).map_err(|error| not_read(path, &error))?);
        serde_json::from_str(&text).map_err(|_| not_read(path, &say("approver-no-key", &[])))
    }

    /// Writes a file of this name where there must be none.
    fn write_new(&self, path: &Path) -> io::Result<()> {
        let text = Zeroizing::new(serde_json::to_string(self)?);
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    }
}

/// The seed of a user's tables.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeptSeed {
    /// Whose tables follow from it.
    pub(super) user: String,
    /// Its name at the gateway.
    pub(super) seed: String,
    /// The seed, base64url.
    pub(super) secret: Zeroizing<String>,
    /// The size of the tables when they were seen last.
    pub(super) blocks: u8,
    pub(super) rows: u8,
    pub(super) columns: u8,
}

debug_by_name!(KeptSeed);

impl OwnKey {
    /// Reads the file.
    ///
    /// # Errors
    /// [`CommandFailure`].
    pub(super) fn open(path: &Path) -> Result<Self, CommandFailure> {
        let kept = Kept::read(path)?;
        let bad = || not_read(path, &say("approver-bad-key", &[]));
        let der = Zeroizing::new(STANDARD.decode(kept.key.as_bytes()).map_err(|_| bad())?);
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der).map_err(|_| bad())?;
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
                let what = say("approver-other-portal", &[("file", &path.display()), ("portal", &key.portal)]);
                return Err(CommandFailure::Failed(what, Some(say("approver-other-portal-hint", &[]).into())));
            }
            return Ok(key);
        }
        let failed = |error: &dyn fmt::Display| {
            CommandFailure::Failed(say("approver-write-key", &[("file", &path.display()), ("why", error)]), None)
        };
        let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
            .map_err(|_| failed(&say("approver-not-made", &[])))?;
        let key = Zeroizing::new(STANDARD.encode(der.as_ref()));
        let kept = Kept { portal: portal.to_owned(), key, tables: Vec::new() };
        kept.write_new(path).map_err(|error| failed(&error))?;
        Self::open(path)
    }

    /// The seeds of tables in the file.
    ///
    /// # Errors
    /// [`CommandFailure`].
    pub(super) fn seeds(path: &Path) -> Result<Vec<KeptSeed>, CommandFailure> {
        Ok(Kept::read(path)?.tables)
    }

    /// The seed of a user's tables, if the file has one.
    ///
    /// # Errors
    /// [`CommandFailure`].
    pub(super) fn seed(path: &Path, user: &str) -> Result<Option<KeptSeed>, CommandFailure> {
        Ok(Self::seeds(path)?.into_iter().find(|seed| seed.user == user))
    }

    /// Keeps the seed of a user's tables in place of the one before. The file is there as a whole at any moment.
    ///
    /// # Errors
    /// [`CommandFailure`].
    pub(super) fn keep_seed(path: &Path, seed: &KeptSeed) -> Result<(), CommandFailure> {
        let mut kept = Kept::read(path)?;
        kept.tables.retain(|one| one.user != seed.user);
        kept.tables.push(seed.clone());
        let mut name = path.as_os_str().to_owned();
        name.push(".new");
        let beside = std::path::PathBuf::from(name);
        let written = match kept.write_new(&beside) {
            // Left by one that was ended while it wrote.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                fs::remove_file(&beside).and_then(|()| kept.write_new(&beside))
            }
            written => written,
        };
        written
            .and_then(|()| fs::rename(&beside, path))
            .map_err(|error| CommandFailure::Failed(format!("write the key file {}: {error}", path.display()), None))
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
        let signature = signature.map_err(|_| CommandFailure::Failed(say("approver-sign", &[]), None))?;
        Ok(format!("{signed}.{}", base64url(signature.as_ref())))
    }
}

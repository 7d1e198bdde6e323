//! Which passwords are taken: long enough, not too long, no first guess (NIST SP 800-63B §3.1.1.2).

use std::sync::LazyLock;

use secrecy::{ExposeSecret as _, SecretString};
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use super::PasswordError;
use crate::principal::user::UserId;

/// The longest password taken, bytes. Argon2 hashes all of it.
pub const LONGEST: usize = 256;

/// Why a password is not taken.
#[derive(Debug, thiserror::Error)]
pub enum Unsuitable {
    /// Fewer characters than this.
    #[error("set the password: it is shorter than {0} characters")]
    TooShort(usize),
    /// More bytes than [`LONGEST`].
    #[error("set the password: it is longer than {LONGEST} bytes")]
    TooLong,
    /// Everybody's first guess.
    #[error("set the password: it is one of the most common passwords")]
    Common,
    /// The user's own name or the organisation's is most of it.
    #[error("set the password: it is little more than a name that others can guess")]
    LikeTheName,
    /// It could not be kept.
    #[error(transparent)]
    NotKept(#[from] PasswordError),
}

/// What a password must be to be taken.
#[derive(Debug)]
pub(super) struct PasswordPolicy {
    minimum: usize,
    /// What the organisation calls itself, in small letters without blanks.
    organisation: Option<String>,
}

impl PasswordPolicy {
    /// At least so many characters; `organisation`, as the pages show it, is not taken as a password either.
    pub(super) fn new(minimum: usize, organisation: Option<&str>) -> Self {
        Self { minimum, organisation: organisation.map(plain).filter(|name| name.chars().count() > 2) }
    }

    /// Characters at least.
    pub(super) const fn minimum(&self) -> usize {
        self.minimum
    }

    /// Says whether a password may be taken: long enough, not too long, no first guess (NIST SP 800-63B §3.1.1.2; no
    /// rules of composition).
    ///
    /// # Errors
    /// [`Unsuitable`].
    pub(super) fn judge(&self, user: &UserId, candidate: &SecretString) -> Result<(), Unsuitable> {
        let text = candidate.expose_secret();
        if text.chars().count() < self.minimum {
            return Err(Unsuitable::TooShort(self.minimum));
        }
        if text.len() > LONGEST {
            return Err(Unsuitable::TooLong);
        }
        let plain = Zeroizing::new(plain(text));
        let first = plain.chars().next();
        if plain.chars().all(|c| Some(c) == first) || COMMON.binary_search_by(|word| word.as_str().cmp(&plain)).is_ok() {
            return Err(Unsuitable::Common);
        }
        let is_little_more_than =
            |name: &str| plain.contains(name) && plain.split(name).flat_map(str::chars).filter(|c| c.is_alphabetic()).count() < 4;
        if std::iter::once(user.as_str()).chain(self.organisation.as_deref()).any(is_little_more_than) {
            return Err(Unsuitable::LikeTheName);
        }
        Ok(())
    }
}

/// As guesses are compared with it: capitals and blanks make no password better.
fn plain(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).filter(|c| !c.is_whitespace()).collect()
}

pub(super) static COMMON: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut words: Vec<_> = include_str!("common_passwords.txt").lines().map(plain).collect();
    words.sort_unstable();
    words
});

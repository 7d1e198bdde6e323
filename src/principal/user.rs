//! Users and groups by name, and what the chain needs to know of a user.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::certificate_setting::CertificateSetting;
use super::method::Methods;

/// A user's name in its one spelling: NFKC, lower case, 1 to 64 characters of letters, digits and `. _ - @ + '`,
/// beginning with a letter or digit. `John`, `john ` and `ｊｏｈｎ` are the same user (T32).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct UserId(Arc<str>);

/// Why a text is not a user name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing but white space.
    #[error("it is empty")]
    Empty,
    /// Longer than 64 characters.
    #[error("it is longer than 64 characters")]
    TooLong,
    /// A character outside the allowed set.
    #[error("{0:?} is not allowed: use letters, digits and . _ - @ + ', beginning with a letter or digit")]
    Character(char),
}

impl UserId {
    /// Reads a name as a person types it.
    ///
    /// # Errors
    /// [`NameError`], which says what is wrong.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        canonical(text).map(|name| Self(name.into()))
    }

    /// The one spelling of a name as a person types it, also of a text that can be nobody's name. What is drawn for a name that
    /// no user has is drawn of this: in each spelling that is the same name it must be the same, as it is for a user (T31).
    pub fn spelling(text: &str) -> String {
        Self::parse(text).map_or_else(|_nobodys| text.trim().to_lowercase(), |id| id.to_string())
    }

    /// The one spelling.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl fmt::Debug for UserId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "UserId({})", self.0)
    }
}

impl Borrow<str> for UserId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for UserId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// A group's name, spelt like a user's.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct GroupName(Arc<str>);

impl GroupName {
    /// Reads a name as a person types it.
    ///
    /// # Errors
    /// [`NameError`], which says what is wrong.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        canonical(text).map(|name| Self(name.into()))
    }

    /// The one spelling.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for GroupName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl fmt::Debug for GroupName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "GroupName({})", self.0)
    }
}

impl<'de> Deserialize<'de> for GroupName {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// What the chain needs to know of a user: plain facts, read from memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserStanding {
    /// Who.
    pub user: UserId,
    /// Off: every check of a person refuses, every session is dead.
    pub enabled: bool,
    /// Member of these, sorted.
    pub groups: Box<[GroupName]>,
    /// Primary-factor methods assigned to this user.
    pub assigned: Methods,
    /// How this user stands to client certificates.
    pub certificates: CertificateSetting,
    /// Whether a group of theirs selects its members for certificates.
    pub certificates_by_group: bool,
    /// Device designation: only browsers that an administrator let in count for this user.
    pub device_designation: bool,
    /// If not empty, the only networks this user may come from.
    pub allowed_networks: Box<[IpNet]>,
    /// Networks this user may not come from.
    pub denied_networks: Box<[IpNet]>,
}

impl UserStanding {
    /// Whether the user is a member of `group`.
    pub fn is_in(&self, group: &GroupName) -> bool {
        self.groups.binary_search(group).is_ok()
    }

    /// Whether a policy that demands a certificate of selected users demands it of this one. Whose certificates count nowhere,
    /// though a group selects them, has none to show: shut out, not let off.
    pub const fn is_selected_for_certificates(&self) -> bool {
        self.certificates_by_group || matches!(self.certificates, CertificateSetting::Required)
    }
}

fn canonical(text: &str) -> Result<String, NameError> {
    let text = text.trim();
    // A bound before any work on it (T23): NFKC can grow a text, never by more than 18 times.
    if text.chars().count() > 64 {
        return Err(NameError::TooLong);
    }
    let name: String = text.nfkc().flat_map(char::to_lowercase).collect();
    match name.chars().next() {
        None => return Err(NameError::Empty),
        Some(first) if !first.is_alphanumeric() => return Err(NameError::Character(first)),
        Some(_) => {}
    }
    if name.chars().count() > 64 {
        return Err(NameError::TooLong);
    }
    match name.chars().find(|c| !(c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '@' | '+' | '\''))) {
        Some(wrong) => Err(NameError::Character(wrong)),
        None => Ok(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_user_has_one_spelling_t32() {
        for spelling in ["John", "john", " JOHN ", "ｊｏｈｎ", "JoHn"] {
            assert_eq!(UserId::parse(spelling).unwrap().as_str(), "john", "{spelling}");
        }
        assert_eq!(UserId::parse("ﬁona").unwrap().as_str(), "fiona");
    }

    #[test]
    fn what_is_no_name_is_refused_with_the_reason() {
        assert_eq!(UserId::parse("  "), Err(NameError::Empty));
        assert_eq!(UserId::parse("a b"), Err(NameError::Character(' ')));
        assert_eq!(UserId::parse("-a"), Err(NameError::Character('-')));
        assert_eq!(UserId::parse("a\nb"), Err(NameError::Character('\n')));
        assert_eq!(UserId::parse(&"a".repeat(65)), Err(NameError::TooLong));
    }
}

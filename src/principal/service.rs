//! What a release is good for: a service of an organisation (R-119…R-128). Two policies that name the same service share its
//! windows; a release in one service opens nothing in another.

use std::fmt;

use aws_lc_rs::digest;
use serde::{Deserialize, Serialize};

use crate::random::Random;

/// How many characters a service ID has.
const SERVICE_LENGTH: usize = 16;

/// Why a text is not an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// The service ID.
    #[error("a service ID has exactly 16 characters of A-Z, a-z, 0-9, `-`, `@`, `.` and `_` (R-128)")]
    Service,
    /// The organisation ID.
    #[error("an organisation ID has 3 to 32 characters of a-z, 0-9 and `-` (R-125, R-126)")]
    Organisation,
}

/// A service ID: 16 characters of `A-Za-z0-9-@._`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServiceId(Box<str>);

impl ServiceId {
    /// Reads one.
    ///
    /// # Errors
    /// [`IdError::Service`].
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let is_one = text.len() == SERVICE_LENGTH
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'@' | b'.' | b'_'));
        if is_one { Ok(Self(text.into())) } else { Err(IdError::Service) }
    }

    /// Draws one: services are given ids, they do not choose them.
    pub fn draw(random: &dyn Random) -> Self {
        // 96 bits in letters, digits, `-` and `_`.
        let text = crate::random::base64url(random.token().get(..12).unwrap_or_default());
        Self(text.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ServiceId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// An organisation ID: 3 to 32 characters of `a-z0-9-`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrganisationId(Box<str>);

impl OrganisationId {
    /// Reads one; capitals are refused, not folded.
    ///
    /// # Errors
    /// [`IdError::Organisation`].
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let is_one = (3..=32).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        if is_one { Ok(Self(text.into())) } else { Err(IdError::Organisation) }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OrganisationId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// What happens while nothing can be learnt of windows (R-156…R-159), the strictest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WhenUnreachable {
    /// Nobody signs in.
    #[default]
    Deny,
    /// Our own password and that of Active Directory, both right.
    RequireAdPassword,
    /// As if it were open: the password alone.
    AsOpen,
}

/// Which services' windows stood open when a password was evaluated: evidence carries it, so that what was proved where
/// nothing was protected, or under another service, is worth nothing under this one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mark(u32);

impl Mark {
    /// No service.
    pub const NONE: Self = Self(0);

    /// This and another.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0.wrapping_add(other.0))
    }
}

/// A service, as a policy names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Service {
    organisation: OrganisationId,
    id: ServiceId,
    when_unreachable: WhenUnreachable,
    mark: u32,
}

impl Service {
    /// A service of an organisation.
    pub fn new(organisation: OrganisationId, id: ServiceId, when_unreachable: WhenUnreachable) -> Self {
        let hash = digest::digest(&digest::SHA256, format!("{organisation}/{id}").as_bytes());
        let mark = hash.as_ref().first_chunk().map_or(1, |bytes| u32::from_be_bytes(*bytes)).max(1);
        Self { organisation, id, when_unreachable, mark }
    }

    /// Whose.
    pub const fn organisation(&self) -> &OrganisationId {
        &self.organisation
    }

    /// Which.
    pub const fn id(&self) -> &ServiceId {
        &self.id
    }

    /// What happens while nothing can be learnt of its windows.
    pub const fn when_unreachable(&self) -> WhenUnreachable {
        self.when_unreachable
    }

    /// What evidence carries.
    pub const fn mark(&self) -> Mark {
        Mark(self.mark)
    }

    /// Whether both are the same service: their windows are one.
    pub fn is(&self, other: &Self) -> bool {
        self.id == other.id && self.organisation == other.organisation
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::OsRandom;

    #[test]
    fn a_service_id_has_sixteen_characters_of_its_set_r_128() {
        for good in ["abcdefghijklmnop", "ABCDEF0123456789", "a-@._aaaaaaaaaaa"] {
            assert_eq!(ServiceId::parse(good).unwrap().as_str(), good);
        }
        for wrong in ["abcdefghijklmno", "abcdefghijklmnopq", "abcdefghijklmno!", "abcdefghijklmno ", "ａbcdefghijklmn"] {
            assert_eq!(ServiceId::parse(wrong), Err(IdError::Service), "{wrong}");
        }
        let drawn = ServiceId::draw(&OsRandom::new());
        assert_eq!(ServiceId::parse(drawn.as_str()), Ok(drawn));
    }

    #[test]
    fn an_organisation_id_is_short_and_small_r_125_r_126() {
        for good in ["abc", "a-1", "---", &"a".repeat(32)] {
            assert_eq!(OrganisationId::parse(good).unwrap().as_str(), good);
        }
        for wrong in ["ab", &"a".repeat(33), "Abc", "a_b", "a.b", ""] {
            assert_eq!(OrganisationId::parse(wrong), Err(IdError::Organisation), "{wrong}");
        }
    }
}

//! How a user stands to client certificates.

use serde::{Deserialize, Serialize};

/// How a user stands to client certificates.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    clap::ValueEnum,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::VariantArray,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum CertificateSetting {
    /// Selected: a policy that demands a certificate of selected users demands it of this one.
    Required,
    /// Their certificates count, and are demanded where they are of everyone.
    #[serde(alias = "on")]
    #[value(alias = "on")]
    Accepted,
    /// Their certificates count nowhere.
    #[serde(alias = "off")]
    #[value(alias = "off")]
    Refused,
}

impl CertificateSetting {
    /// The word in rows, in the audit log and on the command line.
    pub fn word(self) -> &'static str {
        self.into()
    }

    /// Whether certificates of the user count at all.
    pub const fn counts(self) -> bool {
        !matches!(self, Self::Refused)
    }
}

#[cfg(test)]
mod tests {
    use strum::VariantArray as _;

    use super::*;

    #[test]
    fn each_setting_has_one_word_and_the_words_of_before_are_read() {
        for setting in CertificateSetting::VARIANTS {
            assert_eq!(setting.word().parse(), Ok(*setting));
            assert_eq!(serde_json::from_str::<CertificateSetting>(&format!("{:?}", setting.word())).unwrap(), *setting);
        }
        for (before, setting) in [("on", CertificateSetting::Accepted), ("off", CertificateSetting::Refused)] {
            assert_eq!(serde_json::from_str::<CertificateSetting>(&format!("{before:?}")).unwrap(), setting);
            assert_eq!(<CertificateSetting as clap::ValueEnum>::from_str(before, false), Ok(setting));
        }
        assert!("on".parse::<CertificateSetting>().is_err(), "rows have one spelling");
    }
}

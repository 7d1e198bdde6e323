//! How a certificate of the gateway stands, as administrators see it.

use std::path::PathBuf;

use super::issued::CertificateLife;
use super::names::OwnCertificateName;
use super::renewal;
use crate::clock::Timestamp;

/// One certificate of the gateway, as administrators see it.
#[derive(Clone, Debug)]
pub struct OwnCertificateState {
    /// The names that it is for, or is to be for.
    pub names: Vec<OwnCertificateName>,
    /// The file that it is read from, if no authority issues it.
    pub file: Option<PathBuf>,
    /// The name of the authority in the config, as far as it is there.
    pub authority: Option<String>,
    /// When it is valid, and who says so; `None` while there is none.
    pub life: Option<CertificateLife>,
    /// When it is renewed.
    pub renew_at: Option<Timestamp>,
    /// From when on the next one serves, where there is one already.
    pub next_from: Option<Timestamp>,
    /// What went wrong last, and at which authority.
    pub trouble: Option<String>,
    /// When an authority is asked again.
    pub try_at: Option<Timestamp>,
    /// How it stands.
    pub standing: OwnStanding,
}

/// How a certificate of the gateway stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum OwnStanding {
    /// It serves.
    Good,
    /// It serves, and ends soon, although it should have been renewed.
    EndsSoon,
    /// It has ended.
    Ended,
    /// There is none yet.
    Missing,
}

impl OwnStanding {
    pub(super) fn of(life: Option<&CertificateLife>, now: Timestamp) -> Self {
        match life {
            None => Self::Missing,
            Some(life) if life.ends <= now => Self::Ended,
            Some(life) if renewal::alarm_from(life.begins, life.ends) <= now => Self::EndsSoon,
            Some(_) => Self::Good,
        }
    }

    /// The word of the API.
    pub fn word(self) -> &'static str {
        self.into()
    }
}

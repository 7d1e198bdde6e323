//! What is supposed to have been proved.

use std::sync::Arc;

use super::{Explain, wrong};
use crate::admin::error::AdminError;
use crate::browser::Registration;
use crate::chain::Check;
use crate::chain::supposition::Supposed;
use crate::config::units::TimeSpan;
use crate::core::Core;
use crate::principal::method::{CredentialId, Method, Methods};

impl Explain {
    /// What the words of `--with` mean.
    pub(super) fn supposed(&self, core: &Core) -> Result<Vec<Supposed>, AdminError> {
        let now = core.clock().now();
        let mut supposed: Vec<Supposed> = Vec::new();
        for text in &self.with {
            let (word, age) = match text.split_once('@') {
                Some((word, age)) => (word, age.parse::<TimeSpan>().map_err(|why| wrong("read an age", why))?.0),
                None => (text.as_str(), std::time::Duration::ZERO),
            };
            let (named, word) = match word.split_once(':') {
                Some((check, word)) => (Some(check), word),
                None => (None, word),
            };
            let method = Method::from_word(word).filter(|method| Methods::HERE.contains(*method)).ok_or_else(|| {
                let all = Methods::HERE.words();
                wrong("suppose what was proved", format!("{word:?} is not a method of this build; there are {all}"))
            })?;
            let check = match named {
                Some(named) => Check::ORDER.into_iter().find(|check| check.word() == named).ok_or_else(|| {
                    let all = Check::ORDER.map(Check::word).join(", ");
                    wrong("suppose what was proved", format!("{named:?} is not a check; there are {all}"))
                })?,
                None => check_of(method, supposed.iter().any(|one| one.check == Check::PrimaryFactor)),
            };
            let at = now.millis().saturating_sub(i64::try_from(age.as_millis()).unwrap_or(i64::MAX));
            let at = crate::clock::Timestamp::from_millis(at);
            supposed.push(Supposed { check, method, at });
            // As at a sign-in: a passkey of check 4 is evidence for check 6 too, where nothing else was proved for that.
            if method == Method::Passkey && check == Check::PrimaryFactor && named.is_none() {
                supposed.push(Supposed { check: Check::Otp, method, at });
            }
        }
        Ok(supposed)
    }

    /// The registration that is shown. Another user's says nothing here, as on the road.
    pub(super) fn registration(&self, core: &Core) -> Result<Option<Arc<Registration>>, AdminError> {
        let Some(text) = &self.browser else { return Ok(None) };
        let unknown = || AdminError::NotFound { what: "the browser", name: text.clone() };
        let id = CredentialId::parse(text).ok_or_else(unknown)?;
        let found = core.browsers().list(|one| one.id == id).into_iter().next().ok_or_else(unknown)?;
        Ok(Some(found).filter(|found| self.user.as_ref() == Some(&found.user)))
    }
}

/// The check that a method is evidence for; what may be either is the first factor first.
const fn check_of(method: Method, has_primary: bool) -> Check {
    match method {
        Method::Kerberos => Check::DesktopSso,
        Method::Password | Method::AdPassword | Method::Idp | Method::Matrix | Method::TokenMatrix => Check::PrimaryFactor,
        Method::Push | Method::Passkey if !has_primary => Check::PrimaryFactor,
        Method::BrowserByNumber | Method::BrowserByAdmin | Method::BrowserByOtp | Method::BrowserByLink => Check::Cookie,
        Method::Totp | Method::RecoveryCode | Method::Push | Method::Passkey | Method::Grace => Check::Otp,
    }
}

//! Logout tokens (OpenID Connect Back-Channel Logout 1.0 §2.6): the provider says that a session or a person is signed out
//! there. Nothing here depends on them: a provider may not reach an inside gateway at all.

use std::time::Duration;

use super::claims::Claims;
use super::failure::IdpReason;
use super::id_token::{self, SKEW};
use super::provider::IdentityProvider;
use super::providers::IdentityProviders;
use crate::random::base64url;
use crate::seal::TokenHash;
use crate::store::shared::SharedStateError;

/// The event that makes a token one of these.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// How old one may be: shorter than it is remembered that it came.
const OLDEST: Duration = Duration::from_secs(10 * 60);

/// Who is signed out: a session there, or a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoutNotice {
    /// The issuer.
    pub issuer: String,
    /// The person.
    pub subject: Option<String>,
    /// The session.
    pub session: Option<String>,
}

/// Why a logout token is not acted on.
#[derive(Debug, thiserror::Error)]
pub enum LogoutFault {
    /// It is not good.
    #[error("take the logout token: {0}")]
    Refused(String),
    /// It came before.
    #[error("take the logout token: it came before")]
    Replayed,
    /// The short-lived state.
    #[error(transparent)]
    Unavailable(#[from] SharedStateError),
}

impl IdentityProviders {
    /// Verifies a logout token of a provider, which is good once.
    ///
    /// # Errors
    /// [`LogoutFault`].
    pub async fn logged_out(&self, provider: &IdentityProvider, token: &str) -> Result<LogoutNotice, LogoutFault> {
        let refused = |reason: IdpReason| LogoutFault::Refused(reason.text);
        let (claims, head) = provider.verified(token).await.map_err(refused)?;
        // An ID token is signed by the same keys: its type, its nonce and the missing event keep it out.
        if let Some(kind) =
            head.kind.filter(|kind| !["logout+jwt", "JWT", "jwt"].contains(&kind.trim_start_matches("application/")))
        {
            return Err(LogoutFault::Refused(format!("its type is {:?}", super::failure::legible(&kind, 64))));
        }
        let now = self.clock.now();
        // Older providers write no end; the time of issue bounds it all the same.
        let mut judged = claims.clone();
        if claims.moment("exp").is_none() {
            judged.0.insert("exp".to_owned(), now.plus(SKEW).seconds().into());
        }
        id_token::for_us(&provider.settings, &judged, now).map_err(refused)?;
        let notice = notice(&claims).map_err(LogoutFault::Refused)?;
        if claims.moment("iat").is_none_or(|issued| now >= issued.plus(OLDEST)) {
            return Err(LogoutFault::Refused("it is older than ten minutes".to_owned()));
        }
        let id = claims.text("jti").ok_or_else(|| LogoutFault::Refused("it has no id (jti)".to_owned()))?;
        let key = base64url(TokenHash::of(format!("{}\n{id}", notice.issuer).as_bytes()).as_bytes());
        if !self.logouts.put_new(&key, &true).await? {
            return Err(LogoutFault::Replayed);
        }
        Ok(notice)
    }
}

fn notice(claims: &Claims) -> Result<LogoutNotice, String> {
    let events = claims.0.get("events").and_then(serde_json::Value::as_object);
    if !events.and_then(|events| events.get(EVENT)).is_some_and(serde_json::Value::is_object) {
        return Err("it is of no sign-out: `events` does not say so".to_owned());
    }
    if claims.0.contains_key("nonce") {
        return Err("it has a nonce, as an ID token has".to_owned());
    }
    let text = |name: &str| claims.text(name).map(str::to_owned);
    let notice = LogoutNotice { issuer: text("iss").unwrap_or_default(), subject: text("sub"), session: text("sid") };
    if notice.subject.is_none() && notice.session.is_none() {
        return Err("it names neither a person (sub) nor a session (sid)".to_owned());
    }
    Ok(notice)
}

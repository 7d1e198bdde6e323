//! What a provider that speaks SAML brings back untouched: a `RelayState`, which has room for 80 bytes (SAML Bindings 2.0
//! §3.4.3). It holds a secret of the flow and when it began, sealed, so that the response, which comes without a cookie, is
//! held against the request that this gateway sent, and nothing is kept here for it. The flow itself waits in the browser.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::flow::{Flow, LIFE, LONGEST_RELAY};
use crate::clock::Timestamp;
use crate::random::{Random, base64url};
use crate::seal::MasterKeys;

/// What it is sealed for.
const PLACE: &str = "idp-relay";
const SECRET: usize = 16;

/// What a response comes back with.
pub(super) struct SamlRelay {
    secret: [u8; SECRET],
    started: Timestamp,
}

debug_by_name!(SamlRelay);

impl SamlRelay {
    /// That of a flow.
    pub(super) fn of(flow: &Flow) -> Self {
        let mut secret = [0; SECRET];
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &flow.secret), b"saml");
        secret.iter_mut().zip(tag.as_ref()).for_each(|(to, from)| *to = *from);
        Self { secret, started: flow.started }
    }

    /// The value of `RelayState`; `None` if nothing can be sealed.
    pub(super) fn sealed(&self, keys: &MasterKeys, random: &dyn Random, provider: &str) -> Option<String> {
        let text = [self.secret.as_slice(), &self.started.millis().to_be_bytes()].concat();
        Some(URL_SAFE_NO_PAD.encode(keys.seal(random, &format!("{PLACE}/{provider}"), &text).ok()?))
    }

    /// Reads one that this gateway sealed for this provider.
    pub(super) fn opened(keys: &MasterKeys, relay: &str, provider: &str) -> Option<Self> {
        if relay.len() > LONGEST_RELAY {
            return None;
        }
        let opened = keys.open(&format!("{PLACE}/{provider}"), &URL_SAFE_NO_PAD.decode(relay).ok()?).ok()?;
        let (secret, started) = opened.split_first_chunk::<SECRET>()?;
        Some(Self { secret: *secret, started: Timestamp::from_millis(i64::from_be_bytes(started.try_into().ok()?)) })
    }

    /// Whether the person took too long.
    pub(super) fn is_over(&self, now: Timestamp) -> bool {
        now >= self.started.plus(LIFE)
    }

    /// The id of the request, which the response repeats: a name as XML wants it.
    pub(super) fn request(&self) -> String {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &self.secret), b"request");
        format!("_{}", base64url(tag.as_ref()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::idp::flow::KeptFlow;
    use crate::random::OsRandom;
    use crate::seal::TokenHash;

    #[test]
    fn it_fits_opens_for_its_own_provider_and_names_one_request() {
        let keys = MasterKeys::new(&[7; 32]).unwrap();
        let flow = Flow {
            provider: "corp".to_owned(),
            goal: String::new(),
            secret: [9; 32],
            started: Timestamp::from_seconds(1_800_000_000),
            browser: TokenHash::of(b""),
            afresh: false,
            links: None,
            with_pkce: false,
            attempt: 0,
            mark: String::new(),
        };
        let text = SamlRelay::of(&flow).sealed(&keys, &OsRandom::new(), "corp").unwrap();
        assert!(text.len() <= 80, "{}", text.len());
        let opened = SamlRelay::opened(&keys, &text, "corp").unwrap();
        assert_eq!(opened.request(), SamlRelay::of(&flow).request());
        assert!(
            !opened.is_over(Timestamp::from_seconds(1_800_001_799)) && opened.is_over(Timestamp::from_seconds(1_800_001_800))
        );
        assert!(SamlRelay::opened(&keys, &text, "other").is_none(), "another provider cannot bring it back");
        let other = Flow { secret: [8; 32], ..flow };
        assert_ne!(opened.request(), SamlRelay::of(&other).request());
        assert_eq!(KeptFlow::name_of(&text).map(str::len), Some(16));
        assert_eq!(["short", "a; Domain=example.com; long enough"].map(KeptFlow::name_of), [None, None]);
    }
}

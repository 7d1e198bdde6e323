//! Which browsers are offered to keep a key: those that hold a cookie which no key binds yet.

use std::sync::Arc;

use http::HeaderMap;
use http::header::HeaderValue;

use super::Core;
use crate::chain::Check;
use crate::chain::evidence::Gathered;
use crate::config::schema::SessionBinding;
use crate::device::{ChallengePurpose, Device, Devices};
use crate::facts::{cookies, device_session};
use crate::seal::TokenHash;

/// Where a browser registers its key, on every host.
pub const REGISTER: &str = "/.sekisho/device/register";
/// Where a browser renews the cookie of its key, on every host.
pub const REFRESH: &str = "/.sekisho/device/refresh";

impl Core {
    /// The keys of browsers.
    pub const fn devices(&self) -> &Arc<Devices> {
        &self.sign_ins.devices
    }

    /// The device whose cookie a request to a host shows.
    pub fn device_shown(&self, scope: &str, headers: &HeaderMap) -> Option<Arc<Device>> {
        self.devices().shown(scope, cookies::find(headers, cookies::BOUND)?)
    }

    /// Whether the browser by which check 5 was proved keeps a key that its registration is bound to.
    pub fn is_browser_bound(&self, evidence: &Gathered) -> bool {
        evidence.of(Check::Cookie).is_some_and(|piece| self.browsers().is_bound(piece.credential()))
    }

    /// What offers the browser of a request to bind the cookie of a session that the answer sets at a host, with the name of
    /// the field; `None` where it is not to be offered: to programs, for a cookie that is bound, or for more keys than the
    /// browser would keep up with.
    pub fn device_offer(&self, scope: &str, cookie: &str, headers: &HeaderMap) -> Option<HeaderValue> {
        let wanted = self.config().file.session.browser_binding == SessionBinding::IfAvailable;
        if !wanted || !device_session::is_of_browser(headers) || cookies::find(headers, cookies::UNBOUND).is_some() {
            return None;
        }
        let unbound = self.sessions().unbound(scope, TokenHash::of_text(cookie)?)?;
        if !self.sessions().has_room(&unbound.session) {
            return None;
        }
        let challenge = self.devices().challenge(ChallengePurpose::Registration { scope, cookie: unbound.token });
        HeaderValue::try_from(format!("(ES256 RS256);path=\"{REGISTER}\";challenge=\"{challenge}\"")).ok()
    }
}

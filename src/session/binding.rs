//! Cookies of sessions that are bound to a device of the browser: a copy of such a cookie opens nothing.

use std::sync::Arc;
use std::time::Duration;

use subtle::ConstantTimeEq as _;

use super::sessions::{Admitted, Sessions};
use super::{Session, records};
use crate::device::{Device, DeviceId, MOST};
use crate::principal::certificate::Fingerprint;
use crate::seal::TokenHash;
use crate::store::database::DatabaseError;

/// New devices of one session within [`SPELL`]: a browser signs six times in that time for all hosts of a site, and every
/// one of them has to be renewed after it.
const AT_ONCE: usize = 4;
/// The time in which a browser counts what it signs.
const SPELL: Duration = Duration::from_secs(9 * 60);

/// How long a device that was registered may take to show its cookie before another may take its place.
const SHOWN_WITHIN: Duration = Duration::from_secs(60);

/// A session whose cookie at one host may be bound to a device.
#[derive(Clone, Debug)]
pub struct Unbound {
    /// The session.
    pub session: Arc<Session>,
    /// The cookie.
    pub token: TokenHash,
}

impl Sessions {
    /// The living session of a cookie that no device binds yet; `None` where one does: somebody who holds only a copy of the
    /// cookie must not bind it to a key of their own. Of a device that was registered and never shown another takes the
    /// place after a minute.
    pub fn unbound(&self, scope: &str, token: TokenHash) -> Option<Unbound> {
        let session = self.holder(scope, &token)?;
        let now = self.clock.now();
        let is_taken = |device: &Arc<Device>| device.binds() || device.made().plus(SHOWN_WITHIN) > now;
        let taken = session.cookies().iter().any(|one| one.token == token && one.device.as_ref().is_some_and(is_taken));
        (!taken && self.is_alive(&session, now)).then_some(Unbound { session, token })
    }

    /// Whether a cookie of a living session is bound to a device, so that it counts only beside that one's cookie; the device.
    pub fn binding(&self, scope: &str, cookie: &str) -> Option<Arc<Device>> {
        let token = TokenHash::of_text(cookie)?;
        let session = self.holder(scope, &token)?;
        let device = session.cookies().iter().find(|one| one.token == token)?.device.clone()?;
        (device.binds() && self.is_alive(&session, self.clock.now())).then_some(device)
    }

    /// Whether a session may have one device more.
    pub fn has_room(&self, session: &Session) -> bool {
        let now = self.clock.now();
        let devices = session.devices();
        devices.len() < MOST && devices.iter().filter(|device| device.made().plus(SPELL) > now).count() < AT_ONCE
    }

    /// Binds the cookie that admitted somebody to the certificate that is shown beside it, where it is bound to none: from then on
    /// it counts beside that one alone. Whether it is bound to this one; not, if another came first, or the cookie is gone.
    /// Durable when this resolves.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn bind_certificate(&self, admitted: &Admitted, certificate: Fingerprint) -> Result<bool, DatabaseError> {
        let _one_at_a_time = self.rising.lock().await;
        let (session, token) = (&admitted.session, admitted.token());
        let is_written = records::bind_certificate(&self.database, token, certificate).await?;
        let mut is_bound = false;
        session.set_cookies(|cookies| {
            if let Some(cookie) = cookies.iter_mut().find(|cookie| cookie.token == *token) {
                // What was not written is bound to nothing here either: a restart would forget it.
                if is_written {
                    cookie.certificate = Some(Arc::new(certificate));
                }
                is_bound = cookie.certificate.as_deref() == Some(&certificate);
            }
        });
        Ok(is_bound)
    }

    /// Binds a session's cookie to a device. Durable when this resolves; `false` if the cookie is gone meanwhile.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn bind(&self, unbound: &Unbound, device: &Arc<Device>) -> Result<bool, DatabaseError> {
        if !records::bind(&self.database, &unbound.token, device.id()).await? {
            return Ok(false);
        }
        let session = &unbound.session;
        self.index.add_device(device.id(), session);
        session.set_cookies(|cookies| {
            if let Some(cookie) = cookies.iter_mut().find(|cookie| cookie.token == unbound.token) {
                cookie.device = Some(Arc::clone(device));
            }
        });
        Ok(true)
    }

    /// The living session that has a cookie bound to a device.
    pub fn of_device(&self, device: DeviceId) -> Option<Arc<Session>> {
        let session = self.index.by_device(device)?;
        let holds = session.cookies().iter().any(|cookie| cookie.device.as_ref().is_some_and(|one| one.id() == device));
        (holds && self.is_alive(&session, self.clock.now())).then_some(session)
    }

    /// The session that has a cookie at a host, dead or alive, bound or not.
    pub(super) fn holder(&self, scope: &str, token: &TokenHash) -> Option<Arc<Session>> {
        let session = self.index.by_cookie(token)?;
        let is_its = session
            .cookies()
            .iter()
            .any(|cookie| bool::from(cookie.token.as_bytes().ct_eq(token.as_bytes())) && **cookie.scope == *scope);
        is_its.then_some(session)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::Check;
    use crate::clock::Clock as _;
    use crate::core::testing::TestCore;
    use crate::facts::client_address::ClientAddress;
    use crate::principal::method::Method;
    use crate::session::evidence_for_tests;
    use crate::session::life::NewSession;
    use crate::store::database::Value;

    #[tokio::test]
    async fn a_cookie_whose_binding_to_a_certificate_was_not_written_is_not_bound_and_admits_nobody_by_it() {
        let test = TestCore::open().await;
        let user = test.user("alice").await;
        let sessions = test.core.sessions();
        let evidence = evidence_for_tests(user.id(), &[(Check::PrimaryFactor, Method::Password)], test.clock.now());
        let address = ClientAddress::new("192.0.2.7".parse().unwrap());
        let (certificate, browser, device, agent) = (None, None, None, String::new());
        let (session, _) =
            sessions.create(NewSession { user, evidence, certificate, browser, device, address, agent }).await.unwrap();
        let (shown, other) = (Fingerprint([9; 32]), Fingerprint([8; 32]));
        let rows: [(&str, Option<Fingerprint>, bool); 3] = [
            ("SELECT 1", Some(shown), true),
            ("UPDATE session_tokens SET certificate = $1 WHERE scope = 'wiki'", None, false),
            ("DELETE FROM session_tokens WHERE scope = 'wiki'", None, false),
        ];
        for (elsewhere, bound, expected) in rows {
            let cookie = sessions.admit(&session, "wiki", None, None).await.unwrap();
            let admitted = sessions.find("wiki", cookie.text()).unwrap();
            let values: &[Value] = if elsewhere.contains("$1") { &[other.0.as_slice().into()] } else { &[] };
            test.core.database().execute(elsewhere, values).await.unwrap();
            assert_eq!(sessions.bind_certificate(&admitted, shown).await.unwrap(), expected, "{elsewhere}");
            assert_eq!(sessions.find("wiki", cookie.text()).unwrap().certificate, bound, "{elsewhere}");
            // The same once more says the same.
            assert_eq!(sessions.bind_certificate(&admitted, shown).await.unwrap(), expected, "{elsewhere}");
        }
    }
}

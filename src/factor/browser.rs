//! A registered browser: its cookie's secret stands in the registry for this user. How it was registered goes into the
//! proof, so that a policy can accept some ways and not others.

use super::Proof;
use crate::browser::{Browsers, ShownBrowser};
use crate::clock::Timestamp;
use crate::facts::client_address::ClientAddress;
use crate::principal::method::{Method, Methods};
use crate::principal::user::UserId;
use crate::store::database::DatabaseError;

/// The proof that a browser gives for `user`, if it is registered in one of the ways that are `accepted`; remembered as used.
///
/// # Errors
/// [`DatabaseError`].
pub async fn verify(
    browsers: &Browsers,
    user: &UserId,
    shown: ShownBrowser<'_>,
    accepted: Methods,
    now: Timestamp,
) -> Result<Option<Proof>, DatabaseError> {
    let Some(registration) = browsers.find_shown(user, shown) else { return Ok(None) };
    let Some(way) = registration.way_among(accepted, now) else { return Ok(None) };
    browsers.used(registration.id).await?;
    Ok(Some(Proof::new(way, user.clone(), registration.id, now)))
}

/// Registers a browser with the one-time password just proved; the proof of check 5 and the cookie to set, `None` where
/// the browser keeps the one it has.
///
/// # Errors
/// [`DatabaseError`].
pub async fn register(
    browsers: &Browsers,
    code: &Proof,
    shown: ShownBrowser<'_>,
    agent: &str,
    address: ClientAddress,
) -> Result<(Proof, String), DatabaseError> {
    let by = (Method::BrowserByOtp, Some((code.method(), code.credential())));
    let (id, cookie) = browsers.register_with(code.user(), by, shown, agent, address).await?;
    Ok((Proof::new(Method::BrowserByOtp, code.user().clone(), id, code.at()), cookie.text().to_owned()))
}

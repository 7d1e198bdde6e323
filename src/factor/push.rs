//! An approval on the phone: what an approver's key or a passkey signed, taken once, is the proof. Where a number was carried over, it
//! registers the browser as well.

use super::Proof;
use crate::approval::Consent;
use crate::approval::answerer::Answerer;
use crate::browser::{Browsers, ShownBrowser};
use crate::clock::Timestamp;
use crate::facts::client_address::ClientAddress;
use crate::principal::method::{CredentialId, Method};
use crate::principal::user::UserId;
use crate::store::database::DatabaseError;

/// That a number was carried from this browser to the user's own phone: the right to register the browser once.
#[derive(Debug)]
#[must_use]
pub struct NumberCarried {
    user: UserId,
    phone: CredentialId,
    at: Timestamp,
}

/// The proof that a consent is, and what it carried.
pub fn verify(consent: &Consent) -> (Proof, Option<NumberCarried>) {
    let user = consent.user().clone();
    let credential = consent.by().credential();
    let carried = consent.number_carried().then(|| NumberCarried { user: user.clone(), phone: credential, at: consent.at() });
    let proof = Proof::new(Method::Push, user, credential, consent.at());
    (if matches!(consent.by(), Answerer::Passkey(_)) { proof.with_passkey() } else { proof }, carried)
}

/// Registers the browser that the number was carried from; the proof of check 5 and the cookie to set.
///
/// # Errors
/// [`DatabaseError`].
pub async fn register(
    browsers: &Browsers,
    carried: NumberCarried,
    shown: ShownBrowser<'_>,
    agent: &str,
    address: ClientAddress,
) -> Result<(Proof, String), DatabaseError> {
    let by = (Method::BrowserByNumber, Some((Method::Push, carried.phone)));
    let (id, cookie) = browsers.register_with(&carried.user, by, shown, agent, address).await?;
    Ok((Proof::new(Method::BrowserByNumber, carried.user, id, carried.at), cookie.text().to_owned()))
}

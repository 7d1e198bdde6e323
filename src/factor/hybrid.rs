//! Our own password and that of the directory, both right: what a login form takes while nothing can be learnt of its
//! window, where the policy says so. Both are judged whatever the first one comes to, so that the time and the
//! answer do not show which was wrong.
//! Invariant: neither alone proves anything here; an unreachable directory is a wrong password.

use secrecy::SecretString;

use super::Proof;
use super::ad_password::AdPasswords;
use super::password::{self, Passwords};
use crate::directory::DirectoryError;
use crate::login_protect::AdmissionOfBoth;
use crate::principal::user::UserId;

/// What the two came to, where they were not both right.
#[derive(Debug)]
pub struct HybridError {
    /// Our own; `Ok` if it was right.
    pub own: Result<(), password::PasswordError>,
    /// The directory's.
    pub directory: Result<(), DirectoryError>,
}

/// Verifies both. What is proved is our own password: the policy asks for that, and for the other on top.
///
/// # Errors
/// [`HybridError`].
pub async fn verify(
    passwords: &Passwords,
    directory: &AdPasswords,
    user: &UserId,
    (own, theirs): (SecretString, &SecretString),
    admission: AdmissionOfBoth,
) -> Result<Proof, HybridError> {
    let (own, theirs) = tokio::join!(passwords.judged_for(user, own), directory.judged(user, theirs));
    match (own, theirs) {
        (Ok(proof), Ok(_)) => Ok(proof.admitted(admission.services())),
        (own, theirs) => Err(HybridError { own: own.map(drop), directory: theirs.map(drop) }),
    }
}

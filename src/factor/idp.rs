//! A sign-in at an identity provider: what it attested of a person, and the link that says who that person is here.

use super::Proof;
use crate::clock::Timestamp;
use crate::idp::{Attestation, IdpLink};
use crate::principal::method::Method;

/// The proof that an attestation is, for the user whom its person is linked with; `None` if it is of somebody else. It is as
/// old as the sign-in at the provider; where that is not known, it is older than anything, so that no demand of an age is
/// met by it.
pub fn verify(attestation: &Attestation, link: &IdpLink) -> Option<Proof> {
    if attestation.issuer() != link.issuer || attestation.subject() != link.subject {
        return None;
    }
    let at = attestation.signed_in_at().unwrap_or(Timestamp::from_seconds(0));
    Some(Proof::new(Method::Idp, link.user.clone(), link.id, at))
}

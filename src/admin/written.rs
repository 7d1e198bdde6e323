//! How an act writes down what it names and has not looked up: as far as it reads as what it should be.

use crate::audit::Event;
use crate::principal::certificate::Fingerprint;
use crate::principal::method::CredentialId;

/// With the id of a thing. One that cannot be an id is written nowhere.
pub(super) fn id(event: Event, name: &'static str, text: &str) -> Event {
    if CredentialId::parse(text).is_some() { event.detail(name, text) } else { event }
}

/// With a certificate's fingerprint. What is none is written nowhere: it may be a private key.
pub(super) fn certificate(event: Event, name: &'static str, text: &str) -> Event {
    match Fingerprint::parse(text) {
        Some(fingerprint) => event.detail(name, fingerprint.text()),
        None => event,
    }
}

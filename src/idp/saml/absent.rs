//! SAML in a build without the feature `saml`: there is none, and a config that names such a provider is refused.

use url::Url;

use super::answer::{SamlAnswer, SamlRefusal, SamlRequest};
use crate::clock::Timestamp;
use crate::config::diagnose::Complaint;
use crate::config::schema::{IdpSection, SamlSection};
use crate::idp::failure::IdpReason;

/// Nothing: there is no value of it.
#[derive(Debug)]
pub(in crate::idp) enum NoSaml {}

impl NoSaml {
    /// Says that this build has no SAML.
    pub(in crate::idp) fn read(
        key: &impl Fn(&str) -> String,
        _section: &IdpSection,
        _saml: &SamlSection,
        _own: &str,
        _acs: &str,
    ) -> Result<Self, Complaint> {
        let complaint = Complaint::new(key("saml"), "this build of sekisho speaks no SAML");
        Err(complaint.help("take a build with the feature `saml`, which is on by default: without `--no-default-features`"))
    }

    pub(in crate::idp) const fn own_metadata(&self) -> &str {
        match *self {}
    }

    pub(in crate::idp) const fn keys(&self) -> usize {
        match *self {}
    }

    pub(in crate::idp) const fn usable(&self, _now: Timestamp) -> Result<(), IdpReason> {
        match *self {}
    }

    pub(in crate::idp) const fn request(&self, _request: &SamlRequest<'_>) -> Result<Url, IdpReason> {
        match *self {}
    }

    pub(in crate::idp) const fn answer(&self, _response: &str, _request: &SamlRequest<'_>) -> Result<SamlAnswer, SamlRefusal> {
        match *self {}
    }
}

//! A response (SAML Core 2.0 §3.3.3, Web Browser SSO Profile §4.1.4.3): its shape, then the library's judgement of signature,
//! issuer, destination, recipient, audience, request and times, then what is ours to judge, its age.

use std::time::{Duration, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use saml_rs::{
    BrowserInput, ClockSkew, FormField, MessageId, PendingAuthnRequest, RelayStateParam, ReplayPolicy, SamlError,
    SamlValidationContext, SsoResponse, SsoResponseBinding, SsoSession,
};

use super::answer::{SamlAnswer, SamlRefusal, SamlRequest};
use super::peer::{SamlPeer, moment};
use super::shape;
use crate::clock::Timestamp;
use crate::idp::failure::{IdpReason, legible};
use crate::idp::id_token::SKEW;
use crate::idp::waiting::OLDEST;

impl SamlPeer {
    /// Verifies a response, as its form brings it: base64.
    pub(in crate::idp) fn answer(&self, response: &str, request: &SamlRequest<'_>) -> Result<SamlAnswer, SamlRefusal> {
        let bare: String = response.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        let bytes = STANDARD.decode(bare).map_err(|_| IdpReason::not_believed("its response is not base64"))?;
        let xml = String::from_utf8(bytes).map_err(|_| IdpReason::not_believed("its response is not UTF-8"))?;
        let document = shape::look(&xml)?;
        let session = self.judged(&xml, request).map_err(refusal)?;
        // The library says that a signature covers the assertion or the whole response.
        if session.verified_xml_signatures().is_empty() {
            return Err(IdpReason::not_believed("no signature covers the assertion").into());
        }
        for issued in [session.response_issue_instant(), session.assertion_issue_instant()] {
            young(issued.as_str(), request.now)?;
        }
        let claims = self.person(&document.root, &session)?;
        Ok(SamlAnswer { assertion: session.assertion_id().as_str().to_owned(), claims })
    }

    fn judged(&self, xml: &str, request: &SamlRequest<'_>) -> Result<SsoSession, SamlError> {
        let relay = RelayStateParam::try_from_option(Some(request.relay.to_owned()))?;
        let pending = PendingAuthnRequest::try_new(
            MessageId::try_new(request.id)?,
            relay,
            self.acs.clone(),
            SsoResponseBinding::Post,
            self.idp.entity_id().clone(),
        )?;
        // Encoded once more, so that both sides read the same bytes.
        let fields = vec![FormField::new("SAMLResponse", STANDARD.encode(xml)), FormField::new("RelayState", request.relay)];
        let now = UNIX_EPOCH + Duration::from_millis(u64::try_from(request.now.millis()).unwrap_or(0));
        let skew = i64::try_from(SKEW.as_millis()).unwrap_or(0);
        // The memory of assertions is `posted`'s, which every node of the gateway shares.
        let context = SamlValidationContext::new(now, ReplayPolicy::DisabledForCompatibility)
            .with_clock_skew(ClockSkew::from_millis(-skew, skew));
        self.sp.finish_sso(&self.idp, &pending, BrowserInput::<SsoResponse>::post(fields), context)
    }
}

/// However long it claims to be good: five minutes after it was made it is not.
fn young(issued: &str, now: Timestamp) -> Result<(), IdpReason> {
    let Some(issued) = moment(issued) else {
        return Err(IdpReason::not_believed("its response says no time at which it was made"));
    };
    if issued > now.plus(SKEW) {
        return Err(IdpReason::not_believed("its response is of the future (IssueInstant); one of the two clocks is wrong"));
    }
    if now >= issued.plus(OLDEST) {
        let text = "its response is older than five minutes (IssueInstant); if it is new, one of the two clocks is wrong";
        return Err(IdpReason::not_believed(text));
    }
    Ok(())
}

/// The library's words, in ours.
fn refusal(error: SamlError) -> SamlRefusal {
    let not_believed = |text: &str| IdpReason::not_believed(text).into();
    match error {
        SamlError::StatusNotSuccess { top, second } => status(&top, second.as_deref()),
        SamlError::FailedStatus { top, second } => status(&top, Some(&second)),
        SamlError::SignatureMissing => not_believed("its response is not signed, and neither is the assertion in it"),
        SamlError::CertificateMismatch | SamlError::SignatureVerification { .. } => not_believed(
            "no key of its metadata verifies the signature; if it has a new key, put its present metadata into the file",
        ),
        SamlError::AlgorithmUnsupported => {
            let text = "it is signed in a way that is not accepted: RSA with SHA-256, SHA-384 or SHA-512 and exclusive \
                        canonicalization are";
            IdpReason::set_up(text).into()
        }
        SamlError::AudienceMismatch { expected } => {
            not_believed(&format!("its assertion is not for {expected:?} (AudienceRestriction)"))
        }
        SamlError::TimeWindowInvalid { field } => {
            not_believed(&format!("its assertion is not good now ({field}); if it is new, one of the two clocks is wrong"))
        }
        other => not_believed(&format!("its response is not accepted: {}", legible(&other.to_string(), 300))),
    }
}

/// What a provider that signed nobody in says (SAML Core 2.0 §3.2.2.2), in the words of OpenID Connect.
fn status(top: &str, second: Option<&str>) -> SamlRefusal {
    let tail = |code: &str| code.rsplit(':').next().unwrap_or_default().to_owned();
    let (top, second) = (tail(top), second.map(tail).unwrap_or_default());
    let word = match second.as_str() {
        "AuthnFailed" | "RequestDenied" | "UnknownPrincipal" => "access_denied",
        "NoPassive" => "login_required",
        "NoAuthnContext" => "unmet_authentication_requirements",
        _ if top == "Responder" => "server_error",
        _ => "invalid_request",
    };
    SamlRefusal::Status(word, legible(format!("{top} {second}").trim(), 100))
}

//! What an ID token must say (OpenID Connect Core 1.0 §3.1.3.7), once its signature was verified.

use std::time::Duration;

use subtle::ConstantTimeEq as _;

use super::claims::Claims;
use super::failure::{IdpFault, IdpReason, legible};
use super::settings::ProviderSettings;
use crate::clock::Timestamp;

/// How far a provider's clock may differ from ours.
pub(super) const SKEW: Duration = Duration::from_secs(60);
/// The longest subject (OpenID Connect Core 1.0 §2).
const LONGEST_SUBJECT: usize = 255;

/// Issuer, audience and times: what every token of a provider for this client must say.
pub(super) fn for_us(settings: &ProviderSettings, claims: &Claims, now: Timestamp) -> Result<(), IdpReason> {
    let section = &settings.section;
    match claims.text("iss") {
        Some(issuer) if issuer == section.issuer => {}
        other => {
            let text =
                format!("the token is issued by {:?}, not by {:?}", legible(other.unwrap_or_default(), 200), section.issuer);
            return Err(IdpReason::not_believed(text));
        }
    }
    // A text, or a list in which others may stand beside us; `azp` then names the client it was issued to, where it is there.
    let audience = claims.texts("aud").unwrap_or_default();
    if !audience.contains(&section.client_id.as_str()) {
        let others = audience.iter().map(|one| legible(one, 64)).take(4).collect::<Vec<_>>().join(", ");
        return Err(IdpReason::not_believed(format!("the token is for [{others}], not for {:?}", section.client_id)));
    }
    // A claim of the wrong type is not an absent one (T30).
    if claims.find("azp").is_some() && claims.text("azp") != Some(section.client_id.as_str()) {
        let party = claims.text("azp").unwrap_or_default();
        return Err(IdpReason::not_believed(format!("the token was issued to {:?} (azp)", legible(party, 64))));
    }
    let Some(ends) = claims.moment("exp") else { return Err(IdpReason::not_believed("the token says no time at which it ends")) };
    if now >= ends.plus(SKEW) {
        return Err(IdpReason::not_believed("the token has expired; if it is new, one of the two clocks is wrong"));
    }
    for name in ["iat", "nbf"] {
        let is_odd = claims.find(name).is_some() && claims.moment(name).is_none();
        if is_odd || claims.moment(name).is_some_and(|begins| begins > now.plus(SKEW)) {
            let text = format!("the token is of the future ({name}); one of the two clocks is wrong");
            return Err(IdpReason::not_believed(text));
        }
    }
    if claims.moment("iat").is_none() {
        return Err(IdpReason::not_believed("the token says no time at which it was issued"));
    }
    Ok(())
}

/// The subject of an ID token.
pub(super) fn subject(claims: &Claims) -> Result<String, IdpReason> {
    match claims.text("sub") {
        Some(subject) if subject.len() <= LONGEST_SUBJECT && !subject.chars().any(char::is_control) => Ok(subject.to_owned()),
        _ => Err(IdpReason::not_believed("the token names no subject that could be kept")),
    }
}

/// The nonce, which binds the token to the request.
pub(super) fn nonce(claims: &Claims, expected: &str) -> Result<(), IdpReason> {
    let is_ours = claims.text("nonce").is_some_and(|nonce| bool::from(nonce.as_bytes().ct_eq(expected.as_bytes())));
    if is_ours { Ok(()) } else { Err(IdpReason::not_believed("the nonce of the token is not that of the request")) }
}

/// What the config demands of the sign-in at the provider.
pub(super) fn enough(settings: &ProviderSettings, claims: &Claims) -> Result<(), IdpReason> {
    let section = &settings.section;
    let not_enough = |text: String| Err(IdpReason::of(IdpFault::NotEnough, text));
    if !section.acr.is_empty() && !claims.text("acr").is_some_and(|acr| section.acr.iter().any(|wanted| wanted == acr)) {
        let says = claims.text("acr").map_or_else(|| "none".to_owned(), |acr| format!("{:?}", legible(acr, 100)));
        return not_enough(format!("its acr is {says}, not one of {:?}", section.acr));
    }
    let references = claims.texts("amr").unwrap_or_default();
    if let Some(missing) = section.amr.iter().find(|wanted| !references.contains(&wanted.as_str())) {
        return not_enough(format!("its amr does not hold {missing:?}"));
    }
    if let Some((name, value)) = section.claims.iter().find(|(name, value)| claims.written(name).as_ref() != Some(*value)) {
        return not_enough(format!("its claim {name:?} is not {value:?}"));
    }
    Ok(())
}

/// When the person signed in there, as far as the token says; never later than now.
pub(super) fn signed_in_at(claims: &Claims, now: Timestamp) -> Option<Timestamp> {
    claims.moment("auth_time").map(|at| at.min(now))
}

/// Whether a fresh sign-in that began at `started` took place (OpenID Connect Core 1.0 §3.1.2.1, `prompt=login`).
pub(super) fn fresh(at: Option<Timestamp>, started: Timestamp) -> Result<(), IdpReason> {
    match at {
        None => Err(IdpReason::of(IdpFault::TimeUnknown, "its token does not say when the person signed in (auth_time)")),
        Some(at) if at.plus(SKEW) < started => {
            Err(IdpReason::of(IdpFault::NotFresh, "the person signed in there before this sign-in began, and not again"))
        }
        Some(_) => Ok(()),
    }
}

//! The headers that every page carries: nothing runs, nothing is fetched from elsewhere, nobody may frame it, nothing of
//! it is kept in a cache.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};

use crate::portal::kit::assets::{Asset, STYLE};

/// Writes the headers of a page. `form_targets` are the origins (`https://wiki.example.com`) that submitting a form here
/// may end at besides our own: a browser also checks `form-action` on the redirects after a POST, so a sign-in page
/// names the app it is for.
pub fn protect(headers: &mut HeaderMap, form_targets: &[&str]) {
    apply(headers, &format!("style-src 'self'; img-src 'self' data:; form-action 'self'{}", targets(form_targets)));
}

/// The same for a page that works by a script of ours: only this script runs, and it sends requests only to the portal.
pub fn protect_scripted(headers: &mut HeaderMap, form_targets: &[&str]) {
    let sources = "style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'";
    apply(headers, &format!("{sources}{}", targets(form_targets)));
}

/// The same for a page with its stylesheet inside ([`crate::portal::kit::page::Styles::Inside`]): an answer on an app's host, where
/// nothing else of ours can be fetched.
pub fn protect_standalone(headers: &mut HeaderMap, form_targets: &[&str]) {
    apply(headers, &format!("style-src '{}'; img-src data:; form-action 'self'{}", *STYLE_HASH, targets(form_targets)));
}

/// Lets a page that is protected already ask for the camera: the approver's, where a code is scanned. What it sees stays in
/// the page, so that no source of the policy above has to be opened for it.
pub fn allow_camera(headers: &mut HeaderMap) {
    headers.insert(PERMISSIONS, HeaderValue::from_static("camera=(self), geolocation=(), microphone=(), payment=(), usb=()"));
}

/// Lets a page that is protected already run one script of ours that stands in it.
pub fn allow_script(headers: &mut HeaderMap, script: &Asset) {
    let policy =
        headers.get(header::CONTENT_SECURITY_POLICY).and_then(|policy| policy.to_str().ok()).unwrap_or("default-src 'none'");
    let policy = HeaderValue::try_from(format!("{policy}; script-src '{}'", hash_of(script)));
    if let Ok(policy) = policy {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
}

const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");

fn apply(headers: &mut HeaderMap, sources: &str) {
    let policy = format!("default-src 'none'; {sources}; frame-ancestors 'none'; base-uri 'none'");
    // Only origins are written into it (see `targets`), so that this cannot fail; if it did, the strictest holds.
    let policy = HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"));
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

const ALWAYS: [(HeaderName, &str); 8] = [
    (header::CONTENT_TYPE, "text/html; charset=utf-8"),
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    // Not `no-referrer`: with that a browser sends `Origin: null` with our own forms, and the check of it would fail.
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (PERMISSIONS, "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
];

/// The origins as CSP sources; what is none is left out.
fn targets(origins: &[&str]) -> String {
    let mut text = String::new();
    for origin in origins {
        let Ok(url) = url::Url::parse(origin) else { continue };
        if matches!(url.scheme(), "https" | "http") && url.has_host() {
            text.push(' ');
            text.push_str(&url.origin().ascii_serialization());
        }
    }
    text
}

static STYLE_HASH: LazyLock<String> = LazyLock::new(|| hash_of(&STYLE));

/// A source that stands in a page, as a policy names it.
fn hash_of(asset: &Asset) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, asset.content);
    format!("sha256-{}", STANDARD.encode(digest.as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::kit::assets::AGAIN;

    #[test]
    fn a_page_runs_nothing_and_fetches_nothing_from_elsewhere() {
        let mut headers = HeaderMap::new();
        protect(&mut headers, &["https://wiki.example.com/page?x", "javascript:alert(1)", "https://a.example; script-src *"]);
        assert_eq!(
            headers["content-security-policy"],
            "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self' https://wiki.example.com; \
             frame-ancestors 'none'; base-uri 'none'"
        );
        assert_eq!(headers["cache-control"], "no-store");
        assert_eq!(headers["referrer-policy"], "same-origin");
    }

    #[test]
    fn a_standalone_page_names_its_stylesheet_by_hash() {
        let mut headers = HeaderMap::new();
        protect_standalone(&mut headers, &[]);
        let policy = headers["content-security-policy"].to_str().unwrap().to_owned();
        assert!(policy.contains("style-src 'sha256-") && !policy.contains("unsafe"), "{policy}");
        assert!(!policy.contains("script-src"), "nothing runs: {policy}");
        allow_script(&mut headers, &AGAIN);
        let with_script = headers["content-security-policy"].to_str().unwrap();
        assert!(with_script.starts_with(&policy) && with_script.contains("; script-src 'sha256-"), "{with_script}");
    }
}

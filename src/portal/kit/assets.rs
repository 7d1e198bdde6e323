//! What pages are made of besides HTML: one stylesheet, the gate, its icons. Their names carry a hash of their content, so that
//! browsers keep them for ever and never ask again; a new build has new names.

use std::sync::LazyLock;

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode, header};

use crate::random::base64url;

/// One file, as it is served.
#[derive(Debug)]
pub struct Asset {
    /// Its address: `/assets/style.0a1B2c3D4e5F.css`.
    pub path: String,
    /// Its content.
    pub content: &'static [u8],
    media_type: &'static str,
    etag: String,
}

/// The stylesheet.
pub static STYLE: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("style", "css", "text/css; charset=utf-8", include_bytes!("assets/style.css")));
/// What a list does that shows itself again.
pub static LIVE: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("live", "js", "text/javascript; charset=utf-8", include_bytes!("assets/live.js")));
/// The script of a page that is shown instead of the one at its address: it loads the address again, with what stands behind `#`.
pub static AGAIN: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("again", "js", "text/javascript; charset=utf-8", include_bytes!("assets/again.js")));
/// What a waiting page does by itself.
pub static WAITING: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("waiting", "js", "text/javascript; charset=utf-8", include_bytes!("assets/waiting.js")));
/// What each step of a sign-in does: tells the zone of the browser, and keeps what stands behind `#` over the sign-in.
pub static STEP: LazyLock<Asset> = LazyLock::new(|| {
    let script = concat!(include_str!("assets/zone.js"), include_str!("assets/fragment.js"));
    Asset::new("step", "js", "text/javascript; charset=utf-8", script.as_bytes())
});
/// What a button does that copies a text of its page.
pub static COPY: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("copy", "js", "text/javascript; charset=utf-8", include_bytes!("assets/copy.js")));
/// What a page with a passkey does.
pub static PASSKEYS: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("passkeys", "js", "text/javascript; charset=utf-8", include_bytes!("assets/passkeys.js")));
/// What tells a browser which passkeys are still accepted.
pub static ACCEPTED: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("accepted", "js", "text/javascript; charset=utf-8", include_bytes!("assets/accepted.js")));
/// The approver.
pub static APPROVER: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(
        "approver",
        "js",
        "text/javascript; charset=utf-8",
        concat!(
            include_str!("assets/signer.js"),
            include_str!("assets/number.js"),
            include_str!("assets/question.js"),
            include_str!("assets/coded.js"),
            include_str!("assets/table.js"),
            include_str!("assets/approver.js")
        )
        .as_bytes(),
    )
});
/// The approver's service worker.
pub static WORKER: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(
        "worker",
        "js",
        "text/javascript; charset=utf-8",
        concat!(include_str!("assets/signer.js"), include_str!("assets/worker.js")).as_bytes(),
    )
});
/// The gate: the icon of every page.
pub static GATE: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("gate", "svg", "image/svg+xml", include_bytes!("assets/gate.svg")));

/// The gate as pictures, for launchers that draw no SVG: rendered from `gate.svg`, and from `icon-maskable.svg` where the
/// launcher cuts its own form out of it (`rsvg-convert -w 512 -h 512`).
pub static ICONS: LazyLock<[Asset; 4]> = LazyLock::new(|| {
    [
        Asset::new("icon-192", "png", "image/png", include_bytes!("assets/icon-192.png")),
        Asset::new("icon-512", "png", "image/png", include_bytes!("assets/icon-512.png")),
        Asset::new("icon-maskable-512", "png", "image/png", include_bytes!("assets/icon-maskable-512.png")),
        Asset::new("icon-touch-180", "png", "image/png", include_bytes!("assets/icon-touch-180.png")),
    ]
});

/// The address that browsers ask for on their own.
pub const FAVICON: &str = "/favicon.ico";

impl Asset {
    fn new(name: &str, extension: &str, media_type: &'static str, content: &'static [u8]) -> Self {
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, content);
        let hash = base64url(digest.as_ref().get(..9).unwrap_or_default());
        Self { path: format!("/assets/{name}.{hash}.{extension}"), content, media_type, etag: format!("\"{hash}\"") }
    }
}

impl Asset {
    /// Its content, where that is text.
    pub fn text(&self) -> &'static str {
        std::str::from_utf8(self.content).unwrap_or_default()
    }

    /// Answers with this one, to be looked after each time.
    pub fn answer(&self, headers: &HeaderMap) -> Response<Bytes> {
        self.respond(headers, "no-cache").unwrap_or_default()
    }

    fn respond(&self, headers: &HeaderMap, lifetime: &str) -> Option<Response<Bytes>> {
        // RFC 9110 §13.1.2: a weak comparison, any of the list, or `*`.
        let known = headers
            .get_all(header::IF_NONE_MATCH)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|list| list.split(','));
        let unchanged = known.map(|tag| tag.trim().trim_start_matches("W/")).any(|tag| tag == self.etag || tag == "*");
        let (status, body) =
            if unchanged { (StatusCode::NOT_MODIFIED, Bytes::new()) } else { (StatusCode::OK, Bytes::from_static(self.content)) };
        Response::builder()
            .status(status)
            .header(header::CONTENT_TYPE, self.media_type)
            .header(header::CACHE_CONTROL, lifetime)
            .header(header::ETAG, self.etag.as_str())
            .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
            .header(header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; sandbox")
            .header("cross-origin-resource-policy", "same-origin")
            .body(body)
            .ok()
    }
}

/// Answers a GET or HEAD for `path` (the caller drops the body for HEAD); `None` if there is no such asset.
pub fn answer(path: &str, headers: &HeaderMap) -> Option<Response<Bytes>> {
    let (asset, lifetime): (&Asset, _) = match path {
        _ if path == STYLE.path => (&STYLE, FOREVER),
        _ if path == GATE.path => (&GATE, FOREVER),
        _ if path == WAITING.path => (&WAITING, FOREVER),
        _ if path == LIVE.path => (&LIVE, FOREVER),
        _ if path == COPY.path => (&COPY, FOREVER),
        _ if path == STEP.path => (&STEP, FOREVER),
        _ if path == PASSKEYS.path => (&PASSKEYS, FOREVER),
        _ if path == ACCEPTED.path => (&ACCEPTED, FOREVER),
        _ if path == APPROVER.path => (&APPROVER, FOREVER),
        FAVICON => (&GATE, "public, max-age=86400"),
        _ => (ICONS.iter().find(|icon| icon.path == path)?, FOREVER),
    };
    asset.respond(headers, lifetime)
}

const FOREVER: &str = "public, max-age=31536000, immutable";

#[cfg(test)]
mod tests {
    use super::*;

    fn asked_with(tag: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::IF_NONE_MATCH, tag.parse().unwrap())])
    }

    #[test]
    fn a_named_asset_is_kept_for_ever() {
        let answer = answer(&STYLE.path, &HeaderMap::new()).unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["cache-control"], FOREVER);
        assert_eq!(answer.headers()["content-type"], "text/css; charset=utf-8");
        assert!(!answer.body().is_empty());
    }

    #[test]
    fn a_known_asset_is_not_sent_again() {
        for tag in [GATE.etag.clone(), format!("\"x\", W/{}", GATE.etag), "*".to_owned()] {
            let answer = answer(FAVICON, &asked_with(&tag)).unwrap();
            assert_eq!((answer.status(), answer.body().len()), (StatusCode::NOT_MODIFIED, 0), "{tag}");
        }
        assert_eq!(answer(&GATE.path, &asked_with("\"other\"")).unwrap().status(), StatusCode::OK);
    }

    #[test]
    fn icons_are_pictures_of_the_size_that_they_say() {
        for (icon, size) in ICONS.iter().zip([192_u32, 512, 512, 180]) {
            let answer = answer(&icon.path, &HeaderMap::new()).unwrap();
            assert_eq!(answer.headers()["content-type"], "image/png");
            let body = answer.into_body();
            assert_eq!(&body[..8], b"\x89PNG\r\n\x1a\n", "{}", icon.path);
            for side in [16, 20] {
                assert_eq!(body[side..side + 4], size.to_be_bytes(), "{}", icon.path);
            }
        }
    }

    #[test]
    fn what_is_not_ours_is_not_answered() {
        for path in ["/assets/style.css", "/assets/../Cargo.toml", "/assets/"] {
            assert!(answer(path, &HeaderMap::new()).is_none(), "{path}");
        }
    }

    #[test]
    fn no_asset_asks_for_anything_outside() {
        for asset in [&*STYLE, &*GATE] {
            let text = asset.text().replace("http://www.w3.org/2000/svg", "");
            for word in ["http:", "https:", "//", "@import", "url("] {
                assert!(!text.contains(word), "{} says {word}", asset.path);
            }
        }
    }
}

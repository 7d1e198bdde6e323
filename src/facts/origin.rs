//! Whether a request comes from a page of the host that it is for: `Origin` says so (RFC 6454 §7), and where a page hides it
//! (`Referrer-Policy: no-referrer` makes it `null`) `Sec-Fetch-Site` does. No page can write either of the two.
//! Invariant: an `Origin` that names another site is never outweighed by anything else, nor is a field that is there twice.

use http::header::{self, HeaderMap};

/// Whether a request comes from a page of `origin` (scheme, host and port, as browsers write it).
///
/// `Origin: null` alone says nothing: a sandboxed frame of any site sends it as well, with `Sec-Fetch-Site: cross-site`.
pub fn is_own(headers: &HeaderMap, origin: &str) -> bool {
    let mut given = headers.get_all(header::ORIGIN).iter().map(http::HeaderValue::as_bytes);
    match (given.next(), given.next()) {
        (Some(one), None) if one == origin.as_bytes() => true,
        (None | Some(b"null"), None) => is_same_origin(headers),
        _ => false,
    }
}

/// Whether the browser says, once, that the request comes from the origin that it is for (Fetch Metadata §2.3).
fn is_same_origin(headers: &HeaderMap) -> bool {
    let mut sites = headers.get_all("sec-fetch-site").iter();
    matches!((sites.next(), sites.next()), (Some(site), None) if site == "same-origin")
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn a_page_is_our_own_by_its_origin_or_by_the_browsers_word_where_that_is_hidden() {
        const OWN: &str = "https://wiki.example.com";
        let cases: [(&[(&str, &str)], bool); 18] = [
            (&[("origin", OWN)], true),
            (&[("origin", OWN), ("sec-fetch-site", "same-origin")], true),
            (&[("origin", "null"), ("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "same-origin")], true),
            (&[], false),
            (&[("origin", "null")], false),
            (&[("origin", "null"), ("sec-fetch-site", "cross-site")], false),
            (&[("origin", "null"), ("sec-fetch-site", "same-site")], false),
            (&[("origin", "null"), ("sec-fetch-site", "none")], false),
            (&[("sec-fetch-site", "none")], false),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("origin", "https://evil.example"), ("sec-fetch-site", "same-origin")], false),
            (&[("origin", "https://wiki.example.com.evil.example")], false),
            (&[("origin", "https://wiki.example.com:8443")], false),
            (&[("origin", ""), ("sec-fetch-site", "same-origin")], false),
            (&[("origin", OWN), ("origin", "https://evil.example")], false),
            (&[("origin", "null"), ("origin", "null"), ("sec-fetch-site", "same-origin")], false),
            (&[("origin", "null"), ("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")], false),
        ];
        for (fields, own) in cases {
            let mut headers = HeaderMap::new();
            for (name, value) in fields {
                headers.append(http::HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap());
            }
            assert_eq!(is_own(&headers, OWN), own, "{fields:?}");
        }
    }
}

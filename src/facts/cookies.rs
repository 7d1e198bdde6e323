//! The gateway's own cookies among a request's: found without copying, and never passed on to an upstream (T8).

use std::borrow::Cow;

use cookie::{Cookie, SameSite};
use http::header::{COOKIE, HeaderMap, HeaderValue};

/// The session, on every host.
pub const SESSION: &str = "__Host-sekisho";
/// The registered browser, on the portal.
pub const BROWSER: &str = "__Host-sekisho-browser";
/// That the key of a device was at hand a short while ago, on every host.
pub const BOUND: &str = "__Host-sekisho-bound";
/// How often the page that waits for [`BOUND`] was loaded again, on every host.
pub const AGAIN: &str = "__Host-sekisho-again";
/// That the browser's device sessions do not work: it is offered none, on every host.
pub const UNBOUND: &str = "__Host-sekisho-unbound";
/// Sign-ins in progress, on the portal.
pub const SIGN_IN: &str = "__Host-sekisho-signin";
/// Ways to identity providers that cannot carry them, on the portal: one for each, with a name of its own behind this.
pub const FLOW: &str = "__Host-sekisho-flow-";
/// What a hand-over is bound to, on an app's host.
pub const STATE: &str = "__Host-sekisho-state";
/// A held body waiting for its sender to come back, on an app's host.
pub const RESUME: &str = "__Host-sekisho-resume";
/// A held request whose answer a browser comes for, on an app's host.
pub const TRANSACTION: &str = "__Host-sekisho-transaction";
/// The chosen language, on the portal.
pub const LANGUAGE: &str = "__Host-sekisho-language";

const PREFIX: &str = "__host-sekisho";

/// The value of the cookie `name`. Where it came more than once, none: a browser has one of it, and which of two somebody
/// else put there cannot be distinguished (T28).
pub fn find<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    // By bytes: an app's own cookie beside ours may hold anything, and must not hide it.
    let lines = headers.get_all(COOKIE).iter().map(http::HeaderValue::as_bytes);
    let mut found = lines.flat_map(|line| line.split(|byte| *byte == b';')).filter_map(|pair| {
        let (found, value) = pair.trim_ascii().split_at_checked(name.len())?;
        value.strip_prefix(b"=").filter(|_| found == name.as_bytes())
    });
    let value = found.next()?;
    if found.next().is_some() {
        return None;
    }
    // A value may come in quotes (RFC 6265 §4.1.1): Java's CookieManager sends those with a `Max-Age` so.
    let bare = value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\""));
    std::str::from_utf8(bare.unwrap_or(value)).ok()
}

/// The names of the cookies that begin with this, in the order in which they came: browsers send the oldest first (RFC 6265
/// §5.4).
pub fn names_of<'h>(headers: &'h HeaderMap, start: &'static str) -> impl Iterator<Item = &'h str> {
    let pairs = lines(headers).flat_map(|line| line.split(|byte| *byte == b';'));
    let names = pairs.filter_map(|pair| pair.split(|byte| *byte == b'=').next()).map(<[u8]>::trim_ascii);
    names.filter(move |name| name.starts_with(start.as_bytes())).filter_map(|name| std::str::from_utf8(name).ok())
}

fn is_ours(pair: &[u8]) -> bool {
    pair.trim_ascii_start().get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX.as_bytes()))
}

/// What is left of the request's cookies without ours, byte for byte and in one line; empty where nothing is. `None` where
/// none of ours is among them: they stay as they came.
pub fn without_ours(headers: &HeaderMap) -> Option<HeaderValue> {
    lines(headers).any(|line| line.split(|byte| *byte == b';').any(is_ours)).then(|| kept(headers))
}

/// What an app gets of a request's cookies: its own, in their order and in one line: over HTTP/2 each may come as a field of
/// its own, and has to be joined for an app that speaks HTTP/1.1 (RFC 9113 §8.2.3). `None` where there is none.
pub fn for_app(headers: &HeaderMap) -> Option<Cow<'_, HeaderValue>> {
    let several = lines(headers).nth(1).is_some();
    match without_ours(headers).or_else(|| several.then(|| kept(headers))) {
        None => headers.get(COOKIE).map(Cow::Borrowed),
        Some(rest) if rest.is_empty() => None,
        Some(rest) => Some(Cow::Owned(rest)),
    }
}

/// Leaves in `headers` the cookies that an app gets, [`for_app`].
pub fn strip_ours(headers: &mut HeaderMap) {
    match for_app(headers) {
        Some(Cow::Borrowed(_)) => {}
        Some(Cow::Owned(rest)) => drop(headers.insert(COOKIE, rest)),
        None => drop(headers.remove(COOKIE)),
    }
}

fn lines(headers: &HeaderMap) -> impl Iterator<Item = &[u8]> {
    headers.get_all(COOKIE).iter().map(HeaderValue::as_bytes)
}

fn kept(headers: &HeaderMap) -> HeaderValue {
    let mut kept: Vec<u8> = Vec::new();
    for line in lines(headers) {
        let mut first = true;
        for pair in line.split(|byte| *byte == b';').filter(|pair| !is_ours(pair)) {
            match (first, kept.is_empty()) {
                (true, true) => kept.extend_from_slice(pair.trim_ascii_start()),
                (true, false) => kept.extend_from_slice(&[b"; ", pair.trim_ascii_start()].concat()),
                (false, _) => kept.extend_from_slice(&[b";", pair].concat()),
            }
            first = false;
        }
    }
    HeaderValue::from_bytes(kept.trim_ascii()).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// A `Set-Cookie` value for one of ours (RFC 6265 §4.1): secure, out of scripts' reach, bound to this host.
/// `max_age` in seconds; `None` ends with the browser, 0 deletes it.
pub fn set(name: &str, value: &str, max_age: Option<u64>) -> HeaderValue {
    let cookie = Cookie::build((name, value)).path("/").secure(true).http_only(true).same_site(SameSite::Lax);
    let cookie = match max_age {
        Some(seconds) => cookie.max_age(time::Duration::seconds(i64::try_from(seconds).unwrap_or(i64::MAX))),
        None => cookie,
    };
    HeaderValue::try_from(cookie.build().to_string()).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// The attributes of [`set`] without `Max-Age`, as a text.
pub fn attributes() -> String {
    let set = set("", "", None);
    let text = set.to_str().unwrap_or_default();
    text.split_once("; ").map(|(_, attributes)| attributes).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[&'static str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(COOKIE, HeaderValue::from_static(line));
        }
        headers
    }

    #[test]
    fn a_cookie_is_found_among_several_lines() {
        let headers = headers(&["a=1; b=2", "__Host-sekisho=token ;__Host-sekisho-state=s"]);
        assert_eq!(find(&headers, SESSION), Some("token"));
        assert_eq!(find(&headers, STATE), Some("s"));
        assert_eq!(find(&headers, BROWSER), None);
    }

    #[test]
    fn what_an_app_keeps_in_its_cookies_does_not_hide_ours() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_bytes("city=\u{95a2}; __Host-sekisho=token; \u{e9}=\"a;b".as_bytes()).unwrap());
        assert_eq!(find(&headers, SESSION), Some("token"));
        strip_ours(&mut headers);
        assert_eq!(headers.get(COOKIE).unwrap().as_bytes(), "city=\u{95a2}; \u{e9}=\"a;b".as_bytes());
    }

    #[test]
    fn a_value_in_quotes_is_the_value() {
        let mut headers = HeaderMap::new();
        headers
            .append(COOKIE, HeaderValue::from_static("$Version=\"1\"; __Host-sekisho-state=\"abc\";$Path=\"/\"; x=\"; y=\"\""));
        assert_eq!(find(&headers, STATE), Some("abc"));
        assert_eq!(find(&headers, "x"), Some("\""), "one quote is none");
        assert_eq!(find(&headers, "y"), Some(""));
    }

    #[test]
    fn of_two_cookies_of_one_name_neither_counts_t28() {
        for lines in [&["__Host-sekisho=a; __Host-sekisho=b"][..], &["__Host-sekisho=a", "x=y; __Host-sekisho=a"]] {
            assert_eq!(find(&headers(lines), SESSION), None, "{lines:?}");
        }
        assert_eq!(find(&headers(&["__Host-sekisho=a; __host-sekisho=b; __Host-sekisho2=c"]), SESSION), Some("a"));
    }

    #[test]
    fn ours_are_set_for_this_host_alone_t28() {
        let always = "Path=/";
        for (max_age, lasts) in [(None, None), (Some(1800), Some("Max-Age=1800")), (Some(0), Some("Max-Age=0"))] {
            let set = set(SESSION, "token", max_age);
            let mut parts: Vec<&str> = set.to_str().unwrap().split("; ").collect();
            assert_eq!(parts.remove(0), "__Host-sekisho=token");
            parts.sort_unstable();
            let mut expected = vec!["HttpOnly", always, "SameSite=Lax", "Secure"];
            expected.extend(lasts);
            expected.sort_unstable();
            assert_eq!(parts, expected);
        }
    }

    #[test]
    fn ours_go_and_the_apps_own_stay_t8() {
        let mut mixed = headers(&["theme=dark; __Host-sekisho=secret; lang=ja", "__host-SEKISHO-state=x; z=a=b"]);
        strip_ours(&mut mixed);
        assert_eq!(mixed.get(COOKIE).unwrap(), "theme=dark; lang=ja; z=a=b");
        let mut only = headers(&["__Host-sekisho=secret"]);
        strip_ours(&mut only);
        assert!(only.get(COOKIE).is_none());
        for (lines, rest) in [(&["a=1;b=2 ; ;c"][..], "a=1;b=2 ; ;c"), (&["a=1;b=2 ; ;c", "d=4"], "a=1;b=2 ; ;c; d=4")] {
            let mut others = headers(lines);
            strip_ours(&mut others);
            assert_eq!(others.get_all(COOKIE).iter().collect::<Vec<_>>(), [rest], "one line (RFC 9113 §8.2.3)");
        }
    }

    #[test]
    fn what_is_left_is_the_apps_own_byte_for_byte_t8() {
        for (line, left) in [
            ("a=1;__Host-sekisho=s;b=\"2;3\"", "a=1;b=\"2;3\""),
            ("__Host-sekisho=s;  a=1 ;;b", "a=1 ;;b"),
            ("a=1;b=2;\t__HOST-sekisho-state=s", "a=1;b=2"),
            ("__Host-sekisho=s; __Host-sekisho-state=t", ""),
        ] {
            assert_eq!(without_ours(&headers(&[line])).unwrap(), left, "{line:?}");
        }
        assert_eq!(without_ours(&headers(&["__Host-sekisho=s", "a=1;b", "c"])).unwrap(), "a=1;b; c");
        assert!(without_ours(&headers(&["a=1; x__Host-sekisho=no"])).is_none());
        assert!(without_ours(&HeaderMap::new()).is_none());
    }
}

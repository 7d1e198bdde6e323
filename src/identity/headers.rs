//! The identity headers: whatever a client sent under any of their names is removed, always; then each is set once. With
//! them goes everything else that apps believe of a proxy (`config::field_names`).
//! A name is recognised by its normal form, since upstreams read `X_Forwarded-User`, `HTTP_REMOTE_USER` and `remote-user`
//! as one (T1).
//! Invariant: removal does not depend on the verdict; it happens on paths that anybody may see, too (T5).

use std::collections::BTreeSet;

use http::header::{HeaderMap, HeaderName, HeaderValue};

use super::client_cert::{CLIENT_CERT, CLIENT_CERT_CHAIN};
use crate::config::field_names::{self, normal_form, starts_with};
use crate::config::schema::{Identity, IdentityPreset};

/// The signed assertion's header.
pub const ASSERTION: HeaderName = HeaderName::from_static("sekisho-assertion");

/// The names an app knows its user by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// The user's name.
    pub user: HeaderName,
    /// The groups, separated by commas.
    pub groups: HeaderName,
    /// The mail address.
    pub email: HeaderName,
    /// The name people use.
    pub name: HeaderName,
    /// Whether the assertion is sent.
    pub assertion: bool,
    /// Whether the certificate that check 2 accepted is sent.
    pub client_cert: bool,
    /// Whether its authorities are sent with it.
    pub client_cert_chain: bool,
}

impl Names {
    /// The names that a config gives; `Err` with the key of the one that is not a header name.
    ///
    /// # Errors
    /// The key (`user`, `groups`, `email` or `name`) whose value is not a header name.
    pub fn of(said: &Identity) -> Result<Self, &'static str> {
        let [user, groups, email, name] = said.preset.names();
        let chosen = |own: &Option<String>, preset: &'static str, key: &'static str| match own {
            Some(own) => HeaderName::try_from(own.as_str()).map_err(|_| key),
            None => Ok(HeaderName::from_static(preset)),
        };
        Ok(Self {
            user: chosen(&said.user, user, "user")?,
            groups: chosen(&said.groups, groups, "groups")?,
            email: chosen(&said.email, email, "email")?,
            name: chosen(&said.name, name, "name")?,
            assertion: said.assertion,
            client_cert: said.client_cert,
            client_cert_chain: said.client_cert_chain,
        })
    }

    /// The four names.
    pub const fn each(&self) -> [&HeaderName; 4] {
        [&self.user, &self.groups, &self.email, &self.name]
    }
}

/// The names that no client may use towards any app.
#[derive(Clone, Debug, Default)]
pub struct Reserved {
    /// In their normal form, sorted.
    normal: Box<[Box<[u8]>]>,
    lengths: (usize, usize),
    /// One bit for each first byte that a reserved name may have.
    firsts: u128,
}

impl Reserved {
    /// All names of all apps, the presets', and the gateway's own.
    pub fn of<'a>(names: impl IntoIterator<Item = &'a Names>) -> Self {
        let mut normal: BTreeSet<Box<[u8]>> = BTreeSet::new();
        let presets = [IdentityPreset::Sekisho, IdentityPreset::Oauth2Proxy]
            .into_iter()
            .filter_map(|preset| Names::of(&Identity { preset, ..Identity::default() }).ok());
        for names in names.into_iter().cloned().chain(presets) {
            normal.extend(names.each().map(|name| normal_form(name.as_str().as_bytes()).collect()));
        }
        // Whether or not any app is sent them: an app may believe them all the same (RFC 9440 §4).
        normal.extend([CLIENT_CERT, CLIENT_CERT_CHAIN].map(|name| name.as_str().as_bytes().into()));
        let lengths =
            (normal.iter().map(|name| name.len()).min().unwrap_or(0), normal.iter().map(|name| name.len()).max().unwrap_or(0));
        let firsts =
            normal.iter().filter_map(|name| name.first()).fold(letter(b's') | letter(b'h'), |bits, first| bits | letter(*first));
        Self { normal: normal.into_iter().collect(), lengths, firsts }
    }

    /// Whether a client may not send a header of this name. Everything that begins with `sekisho-` is reserved.
    pub fn contains(&self, name: &HeaderName) -> bool {
        let name = name.as_str().as_bytes();
        // Most names differ in their first letter or length; only the rest is brought to its normal form.
        if name.first().is_none_or(|first| self.firsts & letter(*first) == 0) {
            return false;
        }
        if starts_with(name, b"sekisho-") || starts_with(name, b"http-sekisho-") {
            return true;
        }
        if name.len() < self.lengths.0 || name.len() > self.lengths.1 + b"http-".len() {
            return false;
        }
        self.normal.binary_search_by(|reserved| reserved.iter().copied().cmp(normal_form(name))).is_ok()
    }

    /// Removes every reserved header, and every other that says what only a proxy may; those that the app gets from its
    /// clients all the same, in exactly their spelling, are `let_through`.
    pub fn strip(&self, headers: &mut HeaderMap, let_through: &[HeaderName]) {
        loop {
            // A well-behaved client sends none, and a proxy in front a handful: nothing is allocated for them.
            let mut found: [Option<HeaderName>; AT_ONCE] = [const { None }; AT_ONCE];
            let gone = headers.keys().filter(|name| self.removes(name, let_through));
            let mut count = 0;
            for (place, name) in found.iter_mut().zip(gone) {
                *place = Some(name.clone());
                count += 1;
            }
            for name in found.into_iter().flatten() {
                headers.remove(name);
            }
            if count < AT_ONCE {
                return;
            }
        }
    }

    /// Whether [`Self::strip`] removes a field of this name.
    pub fn removes(&self, name: &HeaderName, let_through: &[HeaderName]) -> bool {
        let spelling = name.as_str().as_bytes();
        self.contains(name)
            || field_names::known(spelling).is_some_and(|known| known.is_removed(spelling)) && !let_through.contains(name)
    }
}

/// Names gathered before they are removed.
const AT_ONCE: usize = 8;

/// The bit of a first byte; header names are ASCII.
const fn letter(byte: u8) -> u128 {
    1 << (byte & 127)
}

/// The identity of the user, as an app is sent it; made once for a session and app, set on every request.
#[derive(Clone, Debug, Default)]
pub struct UpstreamIdentity {
    /// The user's name; `None` where nobody signed in.
    pub user: Option<HeaderValue>,
    /// The groups.
    pub groups: Option<HeaderValue>,
    /// The mail address.
    pub email: Option<HeaderValue>,
    /// The name people use.
    pub name: Option<HeaderValue>,
    /// The signed assertion.
    pub assertion: Option<HeaderValue>,
}

impl UpstreamIdentity {
    /// A name only: that of the certificate, where no user signed in.
    pub fn by_name(name: Option<&str>) -> Self {
        Self { user: name.map(value), ..Self::default() }
    }

    /// Says each header once (T3), for an app whose client's own were removed.
    pub fn each(&self, names: &Names, mut take: impl FnMut(&HeaderName, &HeaderValue)) {
        let each =
            [(&names.user, &self.user), (&names.groups, &self.groups), (&names.email, &self.email), (&names.name, &self.name)];
        for (name, value) in each {
            if let Some(value) = value {
                take(name, value);
            }
        }
        if let Some(assertion) = self.assertion.as_ref().filter(|_| names.assertion) {
            take(&ASSERTION, assertion);
        }
    }

    /// Sets each header once (T3). Call after [`Reserved::strip`] and after hop-by-hop fields are gone (T2).
    pub fn set(&self, names: &Names, headers: &mut HeaderMap) {
        self.each(names, |name, value| drop(headers.insert(name.clone(), value.clone())));
    }
}

impl UpstreamIdentity {
    /// For the answer to a proxy that asks: names every identity header of the app and the assertion, empty where there is
    /// no value. A proxy replaces what it is answered; of a name that is not in the answer, some keep what the client sent.
    pub fn name_each(&self, names: &Names, answer: &mut HeaderMap) {
        for name in names.each().into_iter().chain([&ASSERTION]) {
            answer.insert(name.clone(), HeaderValue::from_static(""));
        }
        self.set(names, answer);
    }
}

/// A text as a header value: visible ASCII as it is; anything else percent-encoded as UTF-8 (`%E9%96%A2`), `%` too, so
/// that a name in any script arrives whole and no line break ever does. The `=?` of an encoded word (RFC 2047) is none any
/// more, since some frameworks would decode it: a name that somebody chose must not turn into another there.
pub fn value(text: &str) -> HeaderValue {
    let is_plain = |byte: u8| (0x20..0x7f).contains(&byte) && byte != b'%';
    if text.bytes().all(is_plain)
        && !text.contains("=?")
        && let Ok(plain) = HeaderValue::from_str(text)
    {
        return plain;
    }
    let mut encoded = String::with_capacity(text.len() * 3);
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        if is_plain(byte) && !(byte == b'=' && bytes.peek() == Some(&b'?')) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    HeaderValue::try_from(encoded).unwrap_or_else(|_| HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        Names::of(&Identity::default()).unwrap()
    }

    #[test]
    fn every_spelling_of_an_identity_header_is_removed_t1() {
        let reserved = Reserved::of([&names()]);
        let mut tried = 0;
        for base in [
            "remote-user",
            "remote-groups",
            "remote-email",
            "remote-name",
            "sekisho-assertion",
            "sekisho-anything",
            "x-forwarded-user",
            "x-forwarded-groups",
            "x-forwarded-email",
            "x-forwarded-preferred-username",
            "client-cert",
            "client-cert-chain",
        ] {
            for spelling in [
                base.to_owned(),
                base.replace('-', "_"),
                base.replacen('-', "_", 1),
                base.replace('-', "."),
                format!("http_{}", base.replace('-', "_")),
                base.to_ascii_uppercase(),
            ] {
                let name = HeaderName::try_from(spelling.as_str()).unwrap();
                assert!(reserved.contains(&name), "{spelling}");
                tried += 1;
            }
        }
        assert!(tried >= 36);
        for innocent in [
            "accept",
            "user-agent",
            "x-forwarded-for",
            "host",
            "remote",
            "remote-usher",
            "x-request-id",
            "referer",
            "cookie",
            "content-type",
        ] {
            assert!(!reserved.contains(&HeaderName::from_static(innocent)), "{innocent}");
        }
    }

    #[test]
    fn repeated_headers_are_all_removed_and_one_is_set_t3() {
        let mut headers = HeaderMap::new();
        headers.append("remote-user", HeaderValue::from_static(""));
        headers.append("remote-user", HeaderValue::from_static("root"));
        headers.append("remote_user", HeaderValue::from_static("root"));
        Reserved::of([&names()]).strip(&mut headers, &[]);
        UpstreamIdentity { user: Some(value("alice")), ..UpstreamIdentity::default() }.set(&names(), &mut headers);
        assert_eq!(headers.get_all("remote-user").iter().collect::<Vec<_>>(), ["alice"]);
        assert_eq!(headers.len(), 1);
    }

    #[test]
    fn a_name_of_ones_own_is_reserved_too() {
        let own = Names::of(&Identity { user: Some("Auth-Who".to_owned()), ..Identity::default() }).unwrap();
        assert!(Reserved::of([&own]).contains(&HeaderName::from_static("auth_who")));
        assert_eq!(Names::of(&Identity { email: Some("a b".to_owned()), ..Identity::default() }), Err("email"));
    }

    #[test]
    fn a_name_in_any_script_arrives_whole_and_on_one_line() {
        assert_eq!(value("関所 太郎"), "%E9%96%A2%E6%89%80 %E5%A4%AA%E9%83%8E");
        assert_eq!(value("a\r\nRemote-User: root"), "a%0D%0ARemote-User: root");
        assert_eq!(value("50%"), "50%25");
    }

    #[test]
    fn what_only_a_proxy_may_say_is_removed_unless_it_is_let_through_in_that_spelling() {
        let reserved = Reserved::of([&names()]);
        let mut headers = HeaderMap::new();
        // More than are gathered at once, some of them twice.
        for name in [
            "accept",
            "cookie",
            "content-type",
            "content-length",
            "x-request-id",
            "x-api-key",
            "user-agent",
            "x-real-ip",
            "x_real_ip",
            "true-client-ip",
            "x-forwarded-for",
            "x_forwarded_proto",
            "x-forwarded-new",
            "forwarded",
            "proxy",
            "content_type",
            "content.length",
            "x_request_id",
            "x-webauth-user",
            "x-http-method-override",
            "x-original-url",
            "ssl-client-cert",
            "http_x_user",
            "remote-user",
        ] {
            headers.append(HeaderName::from_static(name), HeaderValue::from_static("1"));
            headers.append(HeaderName::from_static(name), HeaderValue::from_static("2"));
        }
        let mut left = headers.clone();
        reserved.strip(&mut left, &[]);
        let mut kept: Vec<&str> = left.keys().map(HeaderName::as_str).collect();
        kept.sort_unstable();
        assert_eq!(kept, ["accept", "content-length", "content-type", "cookie", "user-agent", "x-api-key", "x-request-id"]);
        assert_eq!(left.len(), 14);
        let let_through = ["x-real-ip", "remote-user", "client-cert"].map(HeaderName::from_static);
        headers.append("client-cert", HeaderValue::from_static(":AA==:"));
        reserved.strip(&mut headers, &let_through);
        assert!(headers.contains_key("x-real-ip") && !headers.contains_key("x_real_ip"));
        assert!(
            !headers.contains_key("client-cert") && !headers.contains_key("remote-user"),
            "what the gateway writes is never let through"
        );
    }

    #[test]
    fn an_encoded_word_arrives_as_it_was_written() {
        assert_eq!(value("=?utf-8?q?root?="), "%3D?utf-8?q?root?=");
        assert_eq!(value("a=?b ==??"), "a%3D?b =%3D??");
        assert_eq!(value("a=b?c"), "a=b?c");
        assert_eq!(value("100% =?x"), "100%25 %3D?x");
    }

    proptest::proptest! {
        #[test]
        fn no_value_holds_what_anybody_decodes(text in ".{0,40}|[=?%a]{0,12}") {
            let value = value(&text);
            let written = value.to_str().unwrap();
            proptest::prop_assert!(!written.contains("=?"));
            let decoded = percent_encoding::percent_decode_str(written).decode_utf8().unwrap();
            // Whole, where anything of it was encoded; a plain one is as it was.
            proptest::prop_assert_eq!(decoded, text);
        }
    }
}

//! An authentication request (CIBA §7.1): what an app wants to be shown and approved. The user decides by words that come
//! from a program, so that nothing in them may hide, reorder or flood other words.
//! Invariant: what is too long is refused, never cut; characters that show nothing are escaped, never removed.

use std::time::Duration;

use super::error::BackchannelError;
use crate::approval::question::{Detail, Details};
use crate::config::schema::AppApprovals;
use crate::facts::hiding::hides;
use crate::principal::user::UserId;
use crate::principal::words::Words;

/// Characters of a binding message, and of a value.
const LONGEST: usize = 200;
/// Characters of a title.
const LONGEST_TITLE: usize = 80;
/// Characters of a label.
const LONGEST_LABEL: usize = 40;
/// Values at most.
const MOST: usize = 16;
/// Characters of a notification token (CIBA §7.1).
const LONGEST_TOKEN: usize = 1024;

/// What an app asks for.
#[derive(Clone, Default)]
pub struct AuthenticationRequest {
    /// The user's name.
    pub login_hint: String,
    /// What the phone shows, in the app's words.
    pub binding_message: Option<String>,
    /// What it is called.
    pub title: Option<Words>,
    /// What to know of it.
    pub fields: Vec<(Words, String)>,
    /// How long it may be answered, in seconds.
    pub requested_expiry: Option<u64>,
    /// Whether a number is carried to the phone.
    pub number: bool,
    /// What a ping says so that the app knows whose it is.
    pub notification_token: Option<String>,
    /// Whether it is exchanged for tokens.
    pub openid: bool,
}

debug_by_name!(AuthenticationRequest);

/// Why nothing is asked.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// A value of the request is not valid.
    #[error("request the approval: {0}")]
    Input(String),
    /// The binding message.
    #[error("request the approval: `binding_message` must be 1 to {LONGEST} characters")]
    BindingMessage,
    /// No user has that name.
    #[error("request the approval: no user of that name can be asked")]
    UnknownUser,
    /// The app asks too much.
    #[error("request the approval: this app has made too many requests within a minute")]
    TooMany,
    /// A part of the gateway does not answer.
    #[error(transparent)]
    Backchannel(#[from] BackchannelError),
}

impl AuthenticationRequest {
    /// The user who is asked.
    pub(super) fn user(&self) -> Result<UserId, RequestError> {
        // A text that cannot be a name belongs to no user; to say so reveals nothing.
        UserId::parse(&self.login_hint).map_err(|_| RequestError::UnknownUser)
    }

    /// How long it may be answered: as long as the app asks for, as far as the config lets it.
    pub(super) fn lifetime(&self, settings: &AppApprovals) -> Result<Duration, RequestError> {
        match self.requested_expiry {
            None => Ok(settings.lifetime.0),
            Some(0) => Err(RequestError::Input("`requested_expiry` must be a number of seconds, 1 or more".to_owned())),
            Some(seconds) => Ok(Duration::from_secs(seconds).min(settings.longest.0)),
        }
    }

    /// What the phone shows.
    pub(super) fn details(&self) -> Result<Details, RequestError> {
        let sentence = match self.binding_message.as_deref() {
            None => Words::default(),
            Some(text) if text.trim().is_empty() || text.chars().count() > LONGEST => return Err(RequestError::BindingMessage),
            Some(text) => Words { en: visible(text), ..Words::default() },
        };
        if self.fields.len() > MOST {
            return Err(RequestError::Input(format!("`fields` has more than {MOST}")));
        }
        if sentence.is_silent() && self.title.is_none() && self.fields.is_empty() {
            return Err(RequestError::Input("say what is asked: `binding_message`, `title` or `fields`".to_owned()));
        }
        let mut fields = Vec::new();
        for (place, (label, value)) in self.fields.iter().enumerate() {
            let label = words(&format!("fields[{place}].label"), label, LONGEST_LABEL)?;
            if value.trim().is_empty() || value.chars().count() > LONGEST {
                return Err(RequestError::Input(format!("`fields[{place}].value` must be 1 to {LONGEST} characters")));
            }
            fields.push(Detail { label, value: Some(visible(value)) });
        }
        let title = match &self.title {
            Some(title) => words("title", title, LONGEST_TITLE)?,
            None => confirm(),
        };
        Ok(Details { name: "app".to_owned(), title, sentence, requester: None, fields, request: None })
    }
}

/// What a ping says, if it can be said in a header (RFC 6750 §2.1).
pub(super) fn bearer(token: &str) -> Result<&str, RequestError> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte);
    let body = token.trim_end_matches('=');
    if body.is_empty() || token.len() > LONGEST_TOKEN || !body.bytes().all(plain) {
        return Err(RequestError::Input(format!(
            "`client_notification_token` must be a bearer token of 1 to {LONGEST_TOKEN} characters"
        )));
    }
    Ok(token)
}

fn words(place: &str, words: &Words, longest: usize) -> Result<Words, RequestError> {
    if words.en.trim().is_empty() {
        return Err(RequestError::Input(format!("`{place}` says nothing in English, which is said where a language is missing")));
    }
    if words.all().any(|text| text.chars().count() > longest) {
        return Err(RequestError::Input(format!("`{place}` must be 1 to {longest} characters in each language")));
    }
    let other = |text: &Option<String>| text.as_deref().map(visible);
    Ok(Words {
        en: visible(&words.en),
        ja: other(&words.ja),
        zh_hans: other(&words.zh_hans),
        zh_hant: other(&words.zh_hant),
        ko: other(&words.ko),
        fr: other(&words.fr),
        es: other(&words.es),
    })
}

/// What is asked by a client that says nothing: whether it is they (CIBA §7.1 leaves the message to the client).
pub fn presence() -> Words {
    Words {
        en: "Is it you?".to_owned(),
        ja: Some("ご本人ですか".to_owned()),
        zh_hans: Some("是您本人吗？".to_owned()),
        zh_hant: Some("是您本人嗎？".to_owned()),
        ko: Some("본인이 맞습니까?".to_owned()),
        fr: Some("Est-ce bien vous ?".to_owned()),
        es: Some("¿Es usted?".to_owned()),
    }
}

/// The title if the app gives only a message.
fn confirm() -> Words {
    Words {
        en: "Confirm this?".to_owned(),
        ja: Some("これを承認しますか".to_owned()),
        zh_hans: Some("确认此操作？".to_owned()),
        zh_hant: Some("確認此操作？".to_owned()),
        ko: Some("이 작업을 승인하시겠습니까?".to_owned()),
        fr: Some("Confirmer ceci ?".to_owned()),
        es: Some("¿Confirmar esto?".to_owned()),
    }
}

/// A text in which everything can be seen: control characters, and those that show nothing themselves and change how others
/// are shown, are written as `\u{…}`.
fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if hides(c) { out.extend(c.escape_unicode()) } else { out.push(c) }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(message: &str) -> AuthenticationRequest {
        AuthenticationRequest { binding_message: Some(message.to_owned()), ..AuthenticationRequest::default() }
    }

    fn shown(request: &AuthenticationRequest) -> Result<Details, RequestError> {
        request.details()
    }

    #[test]
    fn what_hides_or_turns_text_around_is_written_out() {
        for (said, seen) in [
            ("Pay ¥100\u{202e}001", "Pay ¥100\\u{202e}001"),
            ("two\nlines", "two\\u{a}lines"),
            ("nul\0", "nul\\u{0}"),
            ("a\u{200b}b\u{feff}", "a\\u{200b}b\\u{feff}"),
            ("\u{e0041}x", "\\u{e0041}x"),
            ("振込 を 承認 — é", "振込 を 承認 — é"),
        ] {
            assert_eq!(shown(&request(said)).unwrap().sentence.en, seen);
        }
        let label = Words { en: "To\u{2066}".to_owned(), ja: Some("宛\u{7}".to_owned()), ..Words::default() };
        let request = AuthenticationRequest { fields: vec![(label, "X\r".to_owned())], ..AuthenticationRequest::default() };
        let field = &shown(&request).unwrap().fields[0];
        assert_eq!((field.label.say("en"), field.label.say("ja")), ("To\\u{2066}", "宛\\u{7}"));
        assert_eq!(field.value.as_deref(), Some("X\\u{d}"));
    }

    #[test]
    fn what_is_too_long_is_refused_and_never_cut() {
        assert!(shown(&request(&"字".repeat(200))).is_ok());
        for wrong in [String::new(), "  ".to_owned(), "字".repeat(201)] {
            assert!(matches!(shown(&request(&wrong)), Err(RequestError::BindingMessage)), "{wrong:?}");
        }
        let english = |text: &str| Words { en: text.to_owned(), ..Words::default() };
        let field = |label: &str, value: &str| (english(label), value.to_owned());
        for fields in [
            vec![field("To", "x"); 17],
            vec![field(&"x".repeat(41), "x")],
            vec![field("", "x")],
            vec![field("To", "")],
            vec![field("To", &"x".repeat(201))],
            vec![(Words { ja: Some("宛先".to_owned()), ..Words::default() }, "x".to_owned())],
        ] {
            assert!(
                matches!(
                    shown(&AuthenticationRequest { fields: fields.clone(), ..AuthenticationRequest::default() }),
                    Err(RequestError::Input(_))
                ),
                "{fields:?}"
            );
        }
        assert!(matches!(shown(&AuthenticationRequest::default()), Err(RequestError::Input(_))), "something has to be asked");
    }

    #[test]
    fn an_app_waits_no_longer_than_the_config_lets_it() {
        let settings = AppApprovals::default();
        let lifetime =
            |expiry| AuthenticationRequest { requested_expiry: expiry, ..AuthenticationRequest::default() }.lifetime(&settings);
        assert_eq!(lifetime(None).unwrap(), Duration::from_secs(120));
        assert_eq!(lifetime(Some(30)).unwrap(), Duration::from_secs(30));
        assert_eq!(lifetime(Some(u64::MAX)).unwrap(), Duration::from_secs(600));
        assert!(lifetime(Some(0)).is_err());
    }

    #[test]
    fn a_notification_token_is_one_that_a_header_can_say() {
        assert!(bearer("abc-._~+/9==").is_ok());
        for wrong in ["", "==", "a b", "a\r\nX: y", "ü", &"x".repeat(1025)] {
            assert!(bearer(wrong).is_err(), "{wrong:?}");
        }
    }
}

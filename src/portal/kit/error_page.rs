//! The answer to a request with an error in it, or with one behind the gateway. Every feature gives it, and so does the
//! gateway on the hosts of apps; there the page stands alone ([`Frame::standalone`]).

use std::time::Duration;

use askama::Template;

use crate::portal::kit::moment::lasting;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::sample::hostile;

/// An error in the request itself, or behind the gateway.
#[derive(Debug, Template)]
#[template(path = "kit/error_page.html")]
pub struct ErrorPage {
    /// The frame; its request id is shown.
    pub frame: Frame,
    /// The status that it is sent with.
    pub status: u16,
    /// The app, where it is known.
    pub app: Option<FailedApp>,
    /// The stable code of what was wrong: `bare_line_feed`, `host_unknown`.
    pub code: Option<String>,
    /// When to try again.
    pub retry_after: Option<Duration>,
}

/// The app that an error is about.
#[derive(Clone, Debug)]
pub struct FailedApp {
    /// What people call it.
    pub title: String,
    /// The address of the portal, where the list of apps is.
    pub portal: String,
    /// Whether the same address may be tried again: nothing was posted.
    pub again: bool,
}

impl ErrorPage {
    /// The statuses with their own words; any other status has those of the first or last of its kind.
    pub const STATUSES: [u16; 13] = [400, 403, 404, 405, 408, 413, 421, 429, 431, 500, 502, 503, 504];

    fn word(&self, part: &str) -> String {
        let status = match self.status {
            status if Self::STATUSES.contains(&status) => status,
            414 => 431,
            400..500 => 400,
            _ => 500,
        };
        let app = self.app.as_ref().map_or("", |app| &app.title);
        if let Some(key) = self.code.as_deref().and_then(of_code) {
            return match part {
                "" | ".what" | ".do" => self.frame.say(&format!("error-{key}{part}")),
                _ => String::new(),
            };
        }
        match (part, status, self.app.is_some()) {
            (".what", 502..=504, true) => self.frame.with(&format!("error-{status}.app"), "app", app),
            _ => self.frame.say(&format!("error-{status}{part}")),
        }
    }

    /// What happened and what to do, as a program shows it: without the page.
    pub fn sentences(&self) -> [String; 2] {
        [".what", ".do"].map(|part| self.word(part))
    }

    fn side(&self) -> &'static str {
        match self.status {
            503 if self.code.as_deref() == Some("device_not_renewed") => "side-client",
            502..=504 => "side-app",
            500 | 505.. => "side-gateway",
            _ => "side-client",
        }
    }

    /// Where the same is tried once more, where that may help and repeats nothing: at the portal a page that was opened, at an
    /// app the address that was asked for.
    fn again(&self) -> Option<&str> {
        let may_help = matches!(self.status, 408 | 429 | 500 | 502..=504);
        let is_transaction = self.code.as_deref().is_some_and(|code| code.starts_with("transaction_"));
        if !may_help || is_transaction {
            return None;
        }
        match &self.app {
            Some(app) => app.again.then_some(""),
            None => self.frame.here.as_deref().filter(|_| self.frame.linked()),
        }
    }

    /// The list of apps; at the portal and at apps only: who asks for a host that is not ours learns of none.
    fn apps(&self) -> Option<String> {
        match &self.app {
            Some(app) => Some(format!("{}/", app.portal.trim_end_matches('/'))),
            None => self.frame.linked().then(|| "/".to_owned()),
        }
    }

    fn wait(&self) -> Option<String> {
        let wait = lasting(self.retry_after?, self.frame.language);
        Some(self.frame.with("error-retry", "wait", wait))
    }
}

/// The words of what has its own, by its code: what may be wrong with a transaction, and with the key of a browser.
fn of_code(code: &str) -> Option<&'static str> {
    Some(match code {
        "device_not_renewed" => "device-not-renewed",
        "transaction_field_missing"
        | "transaction_field_ambiguous"
        | "transaction_field_not_plain"
        | "transaction_field_not_a_number"
        | "transaction_field_inexact"
        | "transaction_body_malformed"
        | "transaction_body_type"
        | "transaction_body_encoded" => "transaction-unreadable",
        "transaction_body_too_long" => "transaction-too-long",
        "transaction_no_room" | "transaction_not_held" => "transaction-not-held",
        "transaction_nobody_to_ask" => "transaction-nobody-to-ask",
        "transaction_without_user" => "transaction-without-user",
        "transaction_password_not_set" => "transaction-password-not-set",
        "transaction_no_authenticator" => "transaction-no-authenticator",
        "transaction_too_many" => "transaction-too-many",
        "transaction_done_before" => "transaction-done-before",
        "transaction_refused" => "transaction-refused",
        "transaction_not_sent" => "transaction-not-sent",
        "transaction_unknown" => "transaction-unknown",
        "transaction_unknown_here" => "transaction-unknown-here",
        _ => return None,
    })
}

impl PortalPage for ErrorPage {
    const NAME: &'static str = "error";

    fn samples(frame: &Frame) -> Vec<Self> {
        let at_portal = frame.clone();
        let frame = Frame::standalone(frame.language, frame.organisation.clone(), "01KAT5Z9M3".into());
        let page = |status, app: Option<&str>| Self {
            frame: frame.clone(),
            status,
            app: app.map(|title| FailedApp {
                title: title.to_owned(),
                portal: "https://auth.example.com".to_owned(),
                again: title != "Bank",
            }),
            code: Some("host_unknown".to_owned()),
            retry_after: (status == 429 || status == 503).then_some(Duration::from_secs(30)),
        };
        let mut samples: Vec<Self> = Self::STATUSES.into_iter().map(|status| page(status, None)).collect();
        samples.extend([502, 503, 504].map(|status| page(status, Some("Wiki"))));
        samples.extend([page(418, None), page(507, None), page(504, Some(&hostile()))]);
        for (status, code) in [
            (422, "transaction_field_ambiguous"),
            (413, "transaction_body_too_long"),
            (503, "transaction_no_room"),
            (403, "transaction_nobody_to_ask"),
            (403, "transaction_without_user"),
            (403, "transaction_password_not_set"),
            (403, "transaction_no_authenticator"),
            (429, "transaction_too_many"),
            (409, "transaction_done_before"),
            (403, "transaction_refused"),
            (502, "transaction_not_sent"),
            (504, "transaction_unknown"),
            (404, "transaction_unknown_here"),
            (503, "device_not_renewed"),
        ] {
            samples.push(Self { code: Some(code.to_owned()), ..page(status, Some("Bank")) });
        }
        samples.push(Self { frame: at_portal, code: Some("state_unavailable".to_owned()), ..page(503, None) });
        samples
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::kit::language::Language;

    #[test]
    fn an_error_leads_on_and_repeats_nothing() {
        let frame = Frame::standalone(Language::English, None, "1".into());
        let page = |status, code: &str, app: Option<bool>| {
            let portal = "https://auth.example.com".to_owned();
            let app = app.map(|again| FailedApp { title: "Wiki".to_owned(), portal, again });
            ErrorPage { frame: frame.clone(), status, app, code: Some(code.to_owned()), retry_after: None }
        };
        let links = |page: &ErrorPage| (page.again().is_some(), page.apps().is_some());
        assert_eq!(links(&page(502, "upstream_unreachable", Some(true))), (true, true));
        assert_eq!(links(&page(502, "upstream_unreachable", Some(false))), (false, true), "something was posted");
        assert_eq!(links(&page(504, "transaction_unknown", Some(true))), (false, true), "it may have been done");
        assert_eq!(links(&page(404, "no_such_page", Some(true))), (false, true), "nothing would be other than before");
        assert_eq!(links(&page(421, "unknown_host", None)), (false, false), "a stranger learns of no portal");
        let own = Frame { here: Some("/account".to_owned()), ..Frame::bare(Language::English) };
        let own = ErrorPage { frame: own, ..page(503, "state_unavailable", None) };
        assert_eq!((own.again(), own.apps().as_deref()), (Some("/account"), Some("/")));
    }
}

//! The answers to challenges of orders that are open: they stand from before the first validator is called until the order is over,
//! however long the authority takes, over turns and restarts.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use super::listeners::{ListenerCertificates, OpenChallenge};
use super::names::OwnCertificateName;

/// What a validator is answered. Nothing of it is secret: validators ask without a password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ChallengeAnswer {
    /// By TLS, to who asks for this name (RFC 8737 §3).
    Tls { name: String, digest: Vec<u8> },
    /// By HTTP, to who fetches this token (RFC 8555 §8.3).
    Http { token: String, answer: String },
}

/// By the names of the certificate and the directory of the authority.
type OrderPlace = (Arc<str>, String);

/// The answers of all orders that are open.
#[derive(Default)]
pub(super) struct OpenAnswers(Mutex<HashMap<OrderPlace, Vec<OpenChallenge>>>);

impl fmt::Debug for OpenAnswers {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "OpenAnswers({} orders)", self.0.lock().len())
    }
}

impl OpenAnswers {
    /// Answers for an order, instead of what was answered for it before.
    ///
    /// # Errors
    /// Why an answer cannot be made; then what was answered before stays.
    pub(super) fn open(
        &self,
        listeners: &Arc<ListenerCertificates>,
        key: &Arc<str>,
        directory: &str,
        answers: &[ChallengeAnswer],
    ) -> Result<(), String> {
        let opened = answers.iter().map(|answer| match answer {
            ChallengeAnswer::Tls { name, digest } => listeners.open_by_tls(&OwnCertificateName::read(name), digest),
            ChallengeAnswer::Http { token, answer } => Ok(listeners.open_by_http(token, answer)),
        });
        let opened: Vec<_> = opened.collect::<Result<_, _>>()?;
        let before = self.0.lock().insert((Arc::clone(key), directory.to_owned()), opened);
        drop(before);
        Ok(())
    }

    /// The order is over, or the names are proved: nobody is answered any more.
    pub(super) fn close(&self, key: &Arc<str>, directory: &str) {
        let closed = self.0.lock().remove(&(Arc::clone(key), directory.to_owned()));
        drop(closed);
    }

    /// Keeps the answers of these orders alone.
    pub(super) fn retain(&self, is_kept: impl Fn(&str, &str) -> bool) {
        self.0.lock().retain(|(key, directory), _| is_kept(key, directory));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acme::listeners::ACME_TLS;

    #[test]
    fn two_orders_for_one_name_do_not_take_each_others_answers_away() {
        let (answers, listeners) = (OpenAnswers::default(), Arc::new(ListenerCertificates::default()));
        let key: Arc<str> = "auth.test".into();
        let of = |byte| [ChallengeAnswer::Tls { name: "auth.test".to_owned(), digest: vec![byte; 32] }];
        let asked = || listeners.challenge(Some("auth.test"), Some(std::iter::once(ACME_TLS)));
        answers.open(&listeners, &key, "https://one.test/dir", &of(1)).unwrap();
        let first = asked().unwrap();
        answers.open(&listeners, &key, "https://two.test/dir", &of(2)).unwrap();
        assert!(!Arc::ptr_eq(&first, &asked().unwrap()), "the order that was begun last is answered for");
        answers.close(&key, "https://two.test/dir");
        assert!(Arc::ptr_eq(&first, &asked().unwrap()), "the first order still waits");
        // The same order looked at again: no moment without an answer, and none left behind.
        answers.open(&listeners, &key, "https://one.test/dir", &of(1)).unwrap();
        assert!(asked().is_some());
        answers.retain(|_, directory| directory != "https://one.test/dir");
        assert!(asked().is_none());
    }
}

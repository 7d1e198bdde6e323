//! One order, from the first request to the chain (RFC 8555 §7.4). Its address and its key are kept before anything is asked of
//! it, so that a restart, an outage or a time-out goes on with the same order.
//! Invariant: whatever the authority answers, the certificate in use stays as it is until a better one is in the rows.

use std::time::Duration;

use instant_acme::{
    Account, AuthorizationStatus, CertificateIdentifier, ChallengeStatus, ChallengeType, Error, NewOrder, Order, OrderStatus,
};
use rcgen::{CertificateParams, DistinguishedName, KeyPair};
use rustls::pki_types::PrivatePkcs8KeyDer;
use zeroize::Zeroizing;

use super::answers::ChallengeAnswer;
use super::issued::{self, OwnCertificate};
use super::records::{CertificateRow, OrderRow};
use super::settings::{AcmeAuthority, WantedCertificate};
use super::tools::OrderTools;
use super::trouble::{AcmeTrouble, TroubleKind, is_refusal, quoted, type_of};
use crate::clock::Timestamp;
use crate::config::schema::AcmeChallenge;
use crate::random::base64url;

/// How long an order is looked at in one go; after that it is gone on with at the next turn.
const LOOKED_AT: Duration = Duration::from_secs(300);
/// Between two looks, where the authority says nothing of waiting.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// An authority that wants more than this between two looks is left alone meanwhile.
const LONGEST_LOOK: Duration = Duration::from_secs(60);
/// An order that is older has ended at every authority.
pub(super) const ORDER_LIVES: Duration = Duration::from_secs(7 * 24 * 3600);

/// What an order led to.
pub(super) struct ObtainedCertificate {
    pub(super) row: CertificateRow,
    pub(super) issued: OwnCertificate,
    /// What the authority left out of what was asked for.
    pub(super) remark: Option<String>,
}

/// One order at one authority.
pub(super) struct OrderAttempt<'a> {
    pub(super) tools: &'a OrderTools<'a>,
    pub(super) wanted: &'a WantedCertificate,
    pub(super) authority: &'a AcmeAuthority,
    pub(super) account: &'a Account,
    /// The certificate in use.
    pub(super) present: Option<&'a OwnCertificate>,
}

impl OrderAttempt<'_> {
    /// Goes on with the order that was begun, or begins one, until there is a certificate.
    pub(super) async fn obtain(&self) -> Result<ObtainedCertificate, AcmeTrouble> {
        let (mut order, key) = match self.begun().await? {
            Some(found) => found,
            None => self.begin().await?,
        };
        let led = self.lead(&mut order, &key).await;
        if let Err(trouble) = &led
            && matches!(trouble.kind, TroubleKind::ChallengeFailed | TroubleKind::OrderRefused | TroubleKind::WrongCertificate)
        {
            self.give_up().await?;
        }
        led
    }

    async fn give_up(&self) -> Result<(), AcmeTrouble> {
        let (key, directory) = (&self.wanted.key, &self.authority.directory);
        self.tools.answers.close(key, directory);
        self.tools.rows.forget_order(key, directory).await
    }

    fn trouble(&self, error: &Error, doing: &str) -> AcmeTrouble {
        AcmeTrouble::of(error, &self.tools.notes, doing)
    }

    /// The order that was begun, where the authority still knows it.
    async fn begun(&self) -> Result<Option<(Order, Zeroizing<Vec<u8>>)>, AcmeTrouble> {
        let (key, directory) = (&self.wanted.key, &self.authority.directory);
        let Some(kept) = self.tools.rows.order(key, directory).await? else { return Ok(None) };
        if self.tools.clock.now() < kept.made_at.plus(ORDER_LIVES) {
            match self.account.order(kept.url.clone()).await {
                Ok(mut order) => {
                    if order.state().status != OrderStatus::Invalid {
                        return Ok(Some((order, kept.key)));
                    }
                }
                Err(Error::Api(problem)) if is_refusal(&problem, &self.tools.notes) => {}
                Err(error) => return Err(self.trouble(&error, "go on with the order")),
            }
        }
        self.give_up().await?;
        Ok(None)
    }

    async fn begin(&self) -> Result<(Order, Zeroizing<Vec<u8>>), AcmeTrouble> {
        let identifiers: Vec<_> = self.wanted.names.iter().map(super::names::OwnCertificateName::identifier).collect();
        let wish = || {
            let wish = NewOrder::new(&identifiers);
            match &self.authority.profile {
                Some(profile) if self.offers(profile) => wish.profile(profile),
                _ => wish,
            }
        };
        // What was made before, an account as it may be, is not this order.
        self.tools.notes.forget();
        let mut made = match self.replaced() {
            Some(id) => self.account.new_order(&wish().replaces(id)).await,
            None => self.account.new_order(&wish()).await,
        };
        // Advice on renewal is a favour: an authority that knows none of it, or judges otherwise what is replaced, gets a plain order.
        // Only where it made none: one that it made without a word of what is replaced is gone on with, and what came to nothing on
        // its way may have been made.
        if self.replaced().is_some()
            && self.tools.notes.made().is_none()
            && let Err(error) = &made
            && match error {
                Error::Api(problem) => is_refusal(problem, &self.tools.notes),
                error => matches!(error, Error::Unsupported(_)),
            }
        {
            made = self.account.new_order(&wish()).await;
        }
        let url = match (&made, self.tools.notes.made()) {
            (Ok(order), _) => order.url().to_owned(),
            (Err(_), Some(url)) => url,
            (Err(error), None) => return Err(self.trouble(error, "order").of_kind(TroubleKind::OrderRefused)),
        };
        let pair = KeyPair::generate().map_err(|error| AcmeTrouble::new(TroubleKind::State, format!("make a key: {error}")))?;
        let key = Zeroizing::new(pair.serialize_der());
        let row = OrderRow { url: url.clone(), key: key.clone(), made_at: self.tools.clock.now() };
        self.tools.rows.keep_order(&self.wanted.key, &self.authority.directory, &row).await?;
        let order = match made {
            Ok(order) => order,
            Err(_) => self.account.order(url).await.map_err(|error| self.trouble(&error, "read the order"))?,
        };
        Ok((order, key))
    }

    fn offers(&self, profile: &str) -> bool {
        self.account.profiles().any(|offered| offered.name == profile)
    }

    /// What a new certificate replaces, for the authority that issued it alone.
    fn replaced(&self) -> Option<CertificateIdentifier<'static>> {
        let present = self.present.filter(|present| present.directory == self.authority.directory)?;
        identifier(present)
    }

    async fn lead(&self, order: &mut Order, key: &[u8]) -> Result<ObtainedCertificate, AcmeTrouble> {
        if order.state().status == OrderStatus::Pending {
            self.answer(order).await?;
            self.look(order, "prove the names", &[OrderStatus::Ready, OrderStatus::Processing, OrderStatus::Valid]).await?;
        }
        self.tools.answers.close(&self.wanted.key, &self.authority.directory);
        if order.state().status == OrderStatus::Ready {
            self.finalize(order, key).await?;
        }
        if order.state().status != OrderStatus::Valid {
            self.look(order, "wait for the certificate", &[OrderStatus::Valid]).await?;
        }
        let chain = order.certificate().await.map_err(|error| self.trouble(&error, "fetch the certificate"))?;
        let chain = chain.ok_or_else(|| AcmeTrouble::new(TroubleKind::Slow, "fetch the certificate: it is not there yet"))?;
        self.judged(order.state().profile.as_deref(), chain, key)
    }

    async fn finalize(&self, order: &mut Order, key: &[u8]) -> Result<(), AcmeTrouble> {
        let doing = "finalize the order";
        let request = request(self.wanted, key)?;
        match order.finalize_csr(&request).await {
            // It is further than we knew, or not so far: the next look says which.
            Err(Error::Api(problem)) if type_of(&problem) == "orderNotReady" => {
                order.refresh().await.map_err(|error| self.trouble(&error, doing))?;
                if order.state().status == OrderStatus::Invalid {
                    return Err(AcmeTrouble::new(TroubleKind::ChallengeFailed, format!("{doing}: the authority gave it up")));
                }
                if matches!(order.state().status, OrderStatus::Pending | OrderStatus::Ready) {
                    return Err(self.trouble(&Error::Api(problem), doing));
                }
                Ok(())
            }
            finalized => finalized.map_err(|error| self.trouble(&error, doing)),
        }
    }

    /// Every answer stands before the first validator is called, and until the order is over.
    async fn answer(&self, order: &mut Order) -> Result<(), AcmeTrouble> {
        let kind = match self.wanted.challenge {
            AcmeChallenge::TlsAlpn01 => ChallengeType::TlsAlpn01,
            AcmeChallenge::Http01 => ChallengeType::Http01,
        };
        let mut answers = Vec::new();
        let mut authorizations = order.authorizations();
        while let Some(next) = authorizations.next().await {
            let mut found = next.map_err(|error| self.trouble(&error, "read what is to be proved"))?;
            let name = found.identifier().to_string();
            // Proved before: it offers only the challenge that proved it, and takes no answer.
            if found.status == AuthorizationStatus::Valid {
                continue;
            }
            let offered: Vec<String> = found.challenges.iter().map(|offer| word(&offer.r#type)).collect();
            let refused = |why: String| AcmeTrouble::new(TroubleKind::OrderRefused, format!("prove {name}: {why}"));
            if found.status != AuthorizationStatus::Pending {
                return Err(refused(format!("the authority says that it is {:?}", found.status)));
            }
            let Some(challenge) = found.challenge(kind.clone()) else {
                let offered = quoted(&offered.join(", "));
                return Err(refused(format!("the authority offers {offered}, and not {}", word(&kind))));
            };
            let answer = challenge.key_authorization();
            answers.push(match self.wanted.challenge {
                AcmeChallenge::TlsAlpn01 => ChallengeAnswer::Tls { name, digest: answer.digest().as_ref().to_vec() },
                AcmeChallenge::Http01 => {
                    ChallengeAnswer::Http { token: challenge.token.clone(), answer: answer.as_str().to_owned() }
                }
            });
        }
        let (key, directory) = (&self.wanted.key, &self.authority.directory);
        self.tools.rows.keep_answers(key, directory, &answers).await?;
        let opened = self.tools.answers.open(self.tools.listeners, key, directory, &answers);
        opened.map_err(|why| AcmeTrouble::new(TroubleKind::State, why))?;
        let mut authorizations = order.authorizations();
        while let Some(next) = authorizations.next().await {
            let mut found = next.map_err(|error| self.trouble(&error, "read what is to be proved"))?;
            // One that is being validated, or was, takes no other call (RFC 8555 §7.5.1).
            if found.status != AuthorizationStatus::Valid
                && let Some(mut challenge) = found.challenge(kind.clone())
                && challenge.status == ChallengeStatus::Pending
            {
                challenge.set_ready().await.map_err(|error| self.trouble(&error, "call the validator"))?;
            }
        }
        Ok(())
    }

    /// Looks at the order until it is one of these.
    async fn look(&self, order: &mut Order, doing: &str, until: &[OrderStatus]) -> Result<(), AcmeTrouble> {
        let looking = async {
            loop {
                let state = order.refresh().await.map_err(|error| self.trouble(&error, doing))?;
                if let Some(problem) = &state.error {
                    return Err(self.trouble(&Error::Api(problem.clone()), doing).of_kind(TroubleKind::ChallengeFailed));
                }
                if until.contains(&state.status) {
                    return Ok(());
                }
                if state.status == OrderStatus::Invalid {
                    return Err(AcmeTrouble::new(
                        TroubleKind::ChallengeFailed,
                        format!("{doing}: the authority gave the order up"),
                    ));
                }
                let wished = self.tools.notes.after().unwrap_or(LOOK_AGAIN);
                if wished > LONGEST_LOOK {
                    let words = format!("{doing}: the authority wants to be asked again in {} s", wished.as_secs());
                    return Err(AcmeTrouble { kind: TroubleKind::Slow, words, after: Some(wished) });
                }
                tokio::time::sleep(wished.max(LOOK_AGAIN)).await;
            }
        };
        let looked = tokio::time::timeout(LOOKED_AT, looking).await;
        looked.unwrap_or_else(|_| {
            Err(AcmeTrouble::new(TroubleKind::Slow, format!("{doing}: not done after {} s", LOOKED_AT.as_secs())))
        })
    }

    /// Judges what was issued before anything is kept of it.
    fn judged(&self, profile: Option<&str>, chain: String, key: &[u8]) -> Result<ObtainedCertificate, AcmeTrouble> {
        let wrong =
            |why: String| AcmeTrouble::new(TroubleKind::WrongCertificate, format!("the authority issued something else: {why}"));
        let (certified, life) = issued::read(&chain, key, &self.wanted.names).map_err(wrong)?;
        let now = self.tools.clock.now();
        if life.ends <= now {
            return Err(wrong(format!("it ended on {}; is the clock of this machine right?", life.ends.rfc3339())));
        }
        let use_from = self.use_from(life.begins, now);
        let remark = self
            .authority
            .profile
            .as_deref()
            .filter(|wanted| profile != Some(*wanted))
            .map(|wanted| format!("the authority does not know the profile `{wanted}`: the certificate is of its usual one"));
        let directory = self.authority.directory.clone();
        let row = CertificateRow {
            id: base64url(&self.tools.rows.random.id()),
            issued_at: now,
            names: self.wanted.key.to_string(),
            directory: directory.clone(),
            chain,
            key: Zeroizing::new(key.to_vec()),
            use_from,
        };
        let issued = OwnCertificate { id: row.id.clone(), directory, certified, life, use_from, issued_at: now };
        Ok(ObtainedCertificate { row, issued, remark })
    }

    /// At once where nothing better serves; else when its begin lies a little behind.
    fn use_from(&self, begins: Timestamp, now: Timestamp) -> Timestamp {
        let settled = issued::settled(begins);
        if self.present.is_some_and(|present| present.life.ends > settled.max(now)) { settled } else { now.min(settled) }
    }
}

/// The certificate as renewal advice names it (RFC 9773 §4.1).
pub(super) fn identifier(certificate: &OwnCertificate) -> Option<CertificateIdentifier<'static>> {
    let leaf = certificate.certified.cert.first()?;
    CertificateIdentifier::try_from(leaf).ok().map(CertificateIdentifier::into_owned)
}

/// The certificate signing request: the names, and nothing else.
fn request(wanted: &WantedCertificate, key: &[u8]) -> Result<Vec<u8>, AcmeTrouble> {
    let failed = |error: rcgen::Error| AcmeTrouble::new(TroubleKind::State, format!("make the request: {error}"));
    let pair = KeyPair::try_from(&PrivatePkcs8KeyDer::from(key)).map_err(failed)?;
    let names: Vec<String> = wanted.names.iter().map(ToString::to_string).collect();
    let mut params = CertificateParams::new(names).map_err(failed)?;
    params.distinguished_name = DistinguishedName::new();
    Ok(params.serialize_request(&pair).map_err(failed)?.der().to_vec())
}

fn word(kind: &ChallengeType) -> String {
    match kind {
        ChallengeType::TlsAlpn01 => "tls-alpn-01".to_owned(),
        ChallengeType::Http01 => "http-01".to_owned(),
        ChallengeType::Dns01 => "dns-01".to_owned(),
        ChallengeType::Unknown(word) => word.clone(),
        other => format!("{other:?}"),
    }
}

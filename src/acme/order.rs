//! One order, from the first request to the chain (RFC 8555 §7.4). Its address and its key are kept before anything is asked of
//! it, so that a restart, an outage or a time-out goes on with the same order.
//! Invariant: whatever the authority answers, the certificate in use stays as it is until a better one is in the rows.

use std::time::Duration;

use instant_acme::{Account, AuthorizationStatus, CertificateIdentifier, ChallengeType, Error, NewOrder, Order, OrderStatus};
use rcgen::{CertificateParams, DistinguishedName, KeyPair};
use rustls::pki_types::PrivatePkcs8KeyDer;
use zeroize::Zeroizing;

use super::issued::{self, OwnCertificate};
use super::listeners::OpenChallenge;
use super::records::{CertificateRow, OrderRow};
use super::settings::{AcmeAuthority, WantedCertificate};
use super::tools::OrderTools;
use super::trouble::{AcmeTrouble, TroubleKind, quoted, type_of_error};
use crate::clock::Timestamp;
use crate::config::schema::AcmeChallenge;

/// How long an order is looked at in one go; after that it is gone on with at the next turn.
const LOOKED_AT: Duration = Duration::from_secs(300);
/// Between two looks, where the authority says nothing of waiting.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// An authority that wants more than this between two looks is left alone meanwhile.
const LONGEST_LOOK: Duration = Duration::from_secs(60);
/// An order that is older has ended at every authority.
const ORDER_LIVES: Duration = Duration::from_secs(7 * 24 * 3600);
/// How long a new certificate's begin must lie behind, where an older one can serve until then: clocks of clients differ.
const SETTLES: Duration = Duration::from_secs(300);

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
            self.tools.rows.forget_order(&self.wanted.key, &self.authority.directory).await?;
        }
        led
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
                Err(Error::Api(problem)) if problem.status.is_none_or(|status| status < 500 && status != 429) => {}
                Err(error) => return Err(self.trouble(&error, "go on with the order")),
            }
        }
        self.tools.rows.forget_order(key, directory).await?;
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
        let mut made = match self.replaced() {
            Some(id) => self.account.new_order(&wish().replaces(id)).await,
            None => self.account.new_order(&wish()).await,
        };
        // Advice on renewal is a favour: an authority that knows none of it, or judges otherwise what is replaced, gets a plain order.
        if self.replaced().is_some()
            && let Err(error) = &made
            && !matches!(type_of_error(error), "rateLimited" | "badNonce" | "serverInternal")
        {
            made = self.account.new_order(&wish()).await;
        }
        let order = made.map_err(|error| self.trouble(&error, "order").of_kind(TroubleKind::OrderRefused))?;
        let pair = KeyPair::generate().map_err(|error| AcmeTrouble::new(TroubleKind::State, format!("make a key: {error}")))?;
        let key = Zeroizing::new(pair.serialize_der());
        let row = OrderRow { url: order.url().to_owned(), key: key.clone(), made_at: self.tools.clock.now() };
        self.tools.rows.keep_order(&self.wanted.key, &self.authority.directory, &row).await?;
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
            let _answered = self.answer(order).await?;
            self.look(order, "prove the names", &[OrderStatus::Ready, OrderStatus::Processing, OrderStatus::Valid]).await?;
        }
        if order.state().status == OrderStatus::Ready {
            let request = request(self.wanted, key)?;
            order.finalize_csr(&request).await.map_err(|error| self.trouble(&error, "finalize the order"))?;
        }
        if order.state().status != OrderStatus::Valid {
            self.look(order, "wait for the certificate", &[OrderStatus::Valid]).await?;
        }
        let chain = order.certificate().await.map_err(|error| self.trouble(&error, "fetch the certificate"))?;
        let chain = chain.ok_or_else(|| AcmeTrouble::new(TroubleKind::Slow, "fetch the certificate: it is not there yet"))?;
        self.judged(order.state().profile.as_deref(), chain, key)
    }

    /// Every answer stands before the first validator is called. The answers last as long as the result lives.
    async fn answer(&self, order: &mut Order) -> Result<Vec<OpenChallenge>, AcmeTrouble> {
        let kind = match self.wanted.challenge {
            AcmeChallenge::TlsAlpn01 => ChallengeType::TlsAlpn01,
            AcmeChallenge::Http01 => ChallengeType::Http01,
        };
        let mut open = Vec::new();
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
            open.push(match self.wanted.challenge {
                AcmeChallenge::TlsAlpn01 => {
                    let name = super::names::OwnCertificateName::read(&name);
                    self.tools.listeners.open_by_tls(&name, answer.digest().as_ref()).map_err(refused)?
                }
                AcmeChallenge::Http01 => self.tools.listeners.open_by_http(&challenge.token, answer.as_str()),
            });
        }
        let mut authorizations = order.authorizations();
        while let Some(next) = authorizations.next().await {
            let mut found = next.map_err(|error| self.trouble(&error, "read what is to be proved"))?;
            if found.status != AuthorizationStatus::Valid
                && let Some(mut challenge) = found.challenge(kind.clone())
            {
                challenge.set_ready().await.map_err(|error| self.trouble(&error, "call the validator"))?;
            }
        }
        Ok(open)
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
                let wished = self.tools.notes.last().1.unwrap_or(LOOK_AGAIN);
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
            issued_at: now,
            names: self.wanted.key.to_string(),
            directory: directory.clone(),
            chain,
            key: Zeroizing::new(key.to_vec()),
            use_from,
        };
        Ok(ObtainedCertificate { row, issued: OwnCertificate { directory, certified, life, use_from, issued_at: now }, remark })
    }

    /// At once where nothing better serves; else when its begin lies a little behind.
    fn use_from(&self, begins: Timestamp, now: Timestamp) -> Timestamp {
        let settled = begins.plus(SETTLES).max(now);
        if self.present.is_some_and(|present| present.life.ends > settled) { settled } else { now }
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

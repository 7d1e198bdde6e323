//! The turn that looks after the certificates: what is due is ordered, what came is put in use, and what failed waits.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use tokio::time::Interval;

use super::account;
use super::issued::OwnCertificate;
use super::order::{ObtainedCertificate, OrderAttempt};
use super::own::{HeldCertificates, OwnCertificates};
use super::records::FailureRow;
use super::renewal;
use super::settings::{AcmeAuthority, WantedCertificate};
use super::tools::OrderTools;
use super::trouble::AcmeTrouble;
use crate::audit::Event;

/// How long a passing failure waits.
const PASSING: Duration = Duration::from_secs(20);

impl OwnCertificates {
    /// Looks after all certificates, for as long as it is polled: what was issued and has settled is put in use, and what is due is
    /// ordered. Each is looked after by itself: an authority that is slow with one holds up no other.
    pub async fn look_after(&self, mut turn: Interval) {
        let mut in_hand: HashSet<Arc<str>> = HashSet::new();
        let mut looking = FuturesUnordered::new();
        loop {
            tokio::select! {
                _ = turn.tick() => {
                    for wanted in self.settings.load_full().issued.iter().filter(|wanted| in_hand.insert(Arc::clone(&wanted.key))) {
                        let wanted = Arc::clone(wanted);
                        looking.push(async move {
                            self.look_after_one(&wanted).await;
                            Arc::clone(&wanted.key)
                        });
                    }
                }
                Some(key) = looking.next() => {
                    in_hand.remove(&key);
                }
            }
        }
    }

    async fn look_after_one(&self, wanted: &Arc<WantedCertificate>) {
        self.promote(wanted).await;
        let now = self.clock.now();
        let held = self.held.lock().get(&wanted.key).cloned().unwrap_or_default();
        if !held.is_due(now) {
            if held.next.is_none() && held.ask_advice_at <= now {
                self.take_advice(wanted, &held).await;
            }
            return;
        }
        for authority in &wanted.authorities {
            let place = (Arc::clone(&wanted.key), authority.directory.clone());
            let before = self.failures.lock().get(&place).cloned();
            if before.as_ref().is_some_and(|failure| self.clock.now() < failure.next_at) {
                continue;
            }
            match self.attempt(wanted, authority, held.present.as_ref()).await {
                Ok(obtained) => return self.take(wanted, authority, obtained).await,
                Err(trouble) => self.note(wanted, authority, before.as_ref(), &trouble).await,
            }
        }
    }

    async fn attempt(
        &self,
        wanted: &WantedCertificate,
        authority: &AcmeAuthority,
        present: Option<&OwnCertificate>,
    ) -> Result<ObtainedCertificate, AcmeTrouble> {
        self.check_listeners(wanted).await?;
        let tools = OrderTools::new(&self.rows, (&self.listeners, &self.answers), &self.clock, authority);
        let lock = self.account_lock(&authority.directory);
        let _with_its_key = lock.in_use.read().await;
        let account = {
            let _alone = lock.opening.lock().await;
            account::open(&tools, authority).await?
        };
        let obtained = OrderAttempt { tools: &tools, wanted, authority, account: &account, present }.obtain().await?;
        self.rows.keep_certificate(&obtained.row).await?;
        // The orders of these names are over with it, those at other authorities too.
        self.answers.retain(|key, _| *key != *wanted.key);
        Ok(obtained)
    }

    /// Takes over what was issued: it is in the rows by now.
    async fn take(&self, wanted: &WantedCertificate, authority: &AcmeAuthority, obtained: ObtainedCertificate) {
        let ObtainedCertificate { issued, remark, .. } = obtained;
        metrics::counter!("sekisho_acme_orders_total", "authority" => authority.name.clone(), "outcome" => "issued").increment(1);
        tracing::info!(
            authority = authority.name,
            names = &*wanted.key,
            ends = issued.life.ends.rfc3339(),
            used_from = issued.use_from.rfc3339(),
            "acme_certificate_issued"
        );
        if let Some(remark) = &remark {
            tracing::warn!(authority = authority.name, names = &*wanted.key, remark, "acme_profile_ignored");
        }
        let event = Event::new("tls.certificate_issued").actor("acme").detail("names", &*wanted.key);
        let event = event.detail("authority", authority.name.clone()).detail("serial", issued.life.serial.clone());
        if let Err(error) = self.audit.record(event.detail("ends", issued.life.ends.rfc3339())).await {
            tracing::error!(%error, "acme_certificate_not_recorded");
        }
        self.failures.lock().retain(|(key, _), _| **key != *wanted.key);
        {
            let mut held = self.held.lock();
            let held = held.entry(Arc::clone(&wanted.key)).or_default();
            *held = HeldCertificates { present: held.present.take(), next: Some(issued), remark, ..HeldCertificates::default() };
        }
        self.promote(wanted).await;
    }

    /// Puts what was issued in use, where it has settled.
    async fn promote(&self, wanted: &WantedCertificate) {
        let now = self.clock.now();
        let promoted = {
            let mut held = self.held.lock();
            let Some(held) = held.get_mut(&wanted.key) else { return };
            let Some(next) = held.next.take_if(|next| next.use_from <= now) else { return };
            self.listeners.put_in_use(&wanted.key, &next.certified);
            let id = next.id.clone();
            held.present = Some(next);
            id
        };
        tracing::info!(names = &*wanted.key, "acme_certificate_in_use");
        if let Err(trouble) = self.rows.forget_others(&wanted.key, &promoted).await {
            tracing::warn!(error = %trouble, "acme_older_certificate_not_forgotten");
        }
    }

    async fn note(
        &self,
        wanted: &WantedCertificate,
        authority: &AcmeAuthority,
        before: Option<&FailureRow>,
        trouble: &AcmeTrouble,
    ) {
        let failures = before.map_or(0, |before| before.failures);
        let rest = if trouble.kind.is_passing() { PASSING } else { renewal::rest_after(failures + 1) };
        let now = self.clock.now();
        let row = FailureRow::after(before, &wanted.key, &authority.directory, trouble, rest, now);
        let (name, code) = (authority.name.clone(), trouble.kind.code());
        metrics::counter!("sekisho_acme_orders_total", "authority" => name, "outcome" => code).increment(1);
        tracing::warn!(
            authority = authority.name,
            names = &*wanted.key,
            reason = code,
            error = %trouble,
            again = row.next_at.rfc3339(),
            "acme_failed"
        );
        if let Err(trouble) = self.rows.keep_failure(&row).await {
            tracing::error!(error = %trouble, "acme_failure_not_kept");
        }
        self.failures.lock().insert((Arc::clone(&wanted.key), authority.directory.clone()), row);
    }
}

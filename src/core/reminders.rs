//! Reminders before the end of certificates that were issued here: to their users by mail, once for each number of days under
//! `certificates.remind_days`, also with two gateways on one directory; to operators as a metric.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::tz::TimeZone;
use metrics::Gauge;

use super::Core;
use crate::account::mail_text::MailText;
use crate::account::outbox::OutboxError;
use crate::account::user::User;
use crate::certificate::entry::RegisterEntry;
use crate::certificate::reminders::{self, ReminderKey};
use crate::clock::Timestamp;
use crate::principal::certificate::{Fingerprint, Holder};
use crate::store::database::DatabaseError;

/// Where users fetch their own certificates.
const OWN: &str = "/account/certificates";

impl Core {
    /// Counts the certificates that end soon, and writes what their users have not been reminded of yet; how many messages. Of
    /// several reminders that are due the one nearest to the end is written, and the earlier ones are not any more.
    ///
    /// # Errors
    /// [`DatabaseError`]. A message that cannot be written is a warning, and is tried again at the next call.
    pub async fn remind_of_certificates(&self) -> Result<usize, DatabaseError> {
        let (now, zone) = (self.clock().now(), self.zone());
        let mut days = self.config().file.certificates.remind_days.clone();
        days.sort_unstable();
        reminders::forget(&self.base.database(), now).await?;
        let written = reminders::written(&self.base.database()).await?;
        let all = self.certificates().list();
        let known: HashMap<Fingerprint, &RegisterEntry> = all.iter().map(|entry| (entry.fingerprint, entry)).collect();
        let before = |entry: &RegisterEntry| known.get(&entry.renews?).copied();
        let takes_over = |entry: &&RegisterEntry| before(entry).is_some_and(|before| entry.takes_over_from(before, now));
        let followed: HashSet<Fingerprint> = all.iter().filter(takes_over).filter_map(|entry| entry.renews).collect();
        let mut messages = 0;
        for (entry, left) in ending(&all, now, &zone) {
            let Some(ends) = entry.counts_until() else { continue };
            let due = days.iter().find(|days| left <= i32::from(**days)).map(|days| (entry.fingerprint, ends, *days));
            let Some(key) = due.filter(|key| entry.issued.is_some() && !written.contains(key)) else { continue };
            let Holder::User(user) = &entry.holder else { continue };
            let Some(user) = self.users().find(user).filter(|user| user.standing().enabled) else { continue };
            match self.remind(&user, entry, key, (left, followed.contains(&entry.fingerprint))).await {
                Ok(is_written) => messages += usize::from(is_written),
                Err(error) => tracing::warn!(%error, "notice_not_kept"),
            }
        }
        show_ending(&all, &days, now, &zone);
        Ok(messages)
    }

    /// Counts them again after other days were written; what is counted no more is no number from here on.
    pub(super) fn recount_ending_certificates(&self, before: &[u16]) {
        let config = self.config();
        let days = &config.file.certificates.remind_days;
        if before == days {
            return;
        }
        before.iter().filter(|day| !days.contains(day)).for_each(|day| ending_within(*day).set(f64::NAN));
        show_ending(&self.certificates().list(), days, self.clock().now(), &self.zone());
    }

    /// Writes one reminder; whether it was written now. Without a mail address nobody is written to, and the page says it.
    async fn remind(
        &self,
        user: &User,
        entry: &RegisterEntry,
        key: ReminderKey,
        (left, is_followed): (i32, bool),
    ) -> Result<bool, OutboxError> {
        let profile = user.profile();
        let Some(email) = profile.email.as_deref() else { return Ok(false) };
        let sentence = if is_followed { "mail-certificate-followed" } else { "mail-certificate-ending" };
        let last_day: String = key.1.rfc3339_in(&self.zone()).chars().take(10).collect();
        let url = format!("{}{OWN}", self.config().file.portal.url.trim_end_matches('/'));
        let left = left.to_string();
        let values = [
            ("name", profile.display_name.as_deref().unwrap_or(user.id().as_str())),
            ("certificate", entry.label.as_deref().unwrap_or("–")),
            ("end", last_day.as_str()),
            ("left", left.as_str()),
            ("url", url.as_str()),
            ("user", user.id().as_str()),
        ];
        let text = MailText::of(profile.language.as_deref(), "mail-reminder", sentence, &values);
        let mut transaction = self.base.database().begin().await?;
        if !reminders::claim(&mut transaction, key, self.clock().now()).await? {
            return Ok(false);
        }
        self.outbox().post_within(&mut transaction, Some(user.id()), Some(email), &text.subject, &text.body).await?;
        transaction.commit().await?;
        Ok(true)
    }
}

/// The certificates that will end, each with the days left.
fn ending<'a>(all: &'a [RegisterEntry], now: Timestamp, zone: &'a TimeZone) -> impl Iterator<Item = (&'a RegisterEntry, i32)> {
    let counting = all.iter().filter(|entry| entry.enabled && entry.holder != Holder::Nobody);
    counting.filter_map(move |entry| Some((entry, entry.days_left(now, zone)?)))
}

fn show_ending(all: &[RegisterEntry], days: &[u16], now: Timestamp, zone: &TimeZone) {
    let mut counts: BTreeMap<u16, u32> = days.iter().map(|days| (*days, 0)).collect();
    for (_, left) in ending(all, now, zone) {
        counts.iter_mut().filter(|(days, _)| left <= i32::from(**days)).for_each(|(_, count)| *count += 1);
    }
    counts.into_iter().for_each(|(days, count)| ending_within(days).set(f64::from(count)));
}

fn ending_within(days: u16) -> Gauge {
    metrics::gauge!("sekisho_certificates_ending", "within_days" => days.to_string())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::account::outbox::Message;
    use crate::account::users::ProfileChange;
    use crate::certificate::container::ContainerEncryption;
    use crate::certificate::order::CertificateName;
    use crate::certificate::reminders;
    use crate::clock::{Clock as _, Timestamp};
    use crate::core::issuing::{IssueOrder, KeySource};
    use crate::core::testing::TestCore;
    use crate::principal::certificate::{Fingerprint, Holder};

    const DAY: i64 = 86_400_000;

    async fn world(more: &str) -> TestCore {
        let test = TestCore::with(more).await;
        test.core.authority().create("Example").await.unwrap();
        for name in ["alice", "bob", "mute"] {
            let user = test.user(name).await;
            if name != "mute" {
                let change = ProfileChange { email: Some(Some(format!("{name}@example.com"))), ..ProfileChange::default() };
                test.core.users().change(user.id(), change).await.unwrap();
            }
        }
        test
    }

    /// Issues one that ends in so many days.
    async fn issue(test: &TestCore, holder: Holder, days: i64, renews: Option<Fingerprint>) -> Fingerprint {
        let now = test.clock.now().millis();
        let order = IssueOrder {
            name: CertificateName::parse("phone").unwrap(),
            holder,
            from: Timestamp::from_millis(now),
            until: Timestamp::from_millis(now + days * DAY),
            enabled: true,
            request: None,
            key: KeySource::Made(ContainerEncryption::Modern),
            renews,
        };
        test.core.issue_certificate(order).await.unwrap().entry.fingerprint
    }

    fn own(name: &str) -> Holder {
        Holder::User(crate::principal::user::UserId::parse(name).unwrap())
    }

    async fn mails(test: &TestCore) -> Vec<Message> {
        let mut found = test.core.outbox().list().await.unwrap();
        found.sort_by(|one, other| one.recipient.cmp(&other.recipient));
        found
    }

    #[tokio::test]
    async fn a_user_is_reminded_once_for_each_number_of_days_and_nobody_else_is_r_249_r_254() {
        let test = world("").await;
        let phone = issue(&test, own("alice"), 40, None).await;
        issue(&test, own("mute"), 5, None).await;
        issue(&test, Holder::Shared, 5, None).await;
        let disabled = issue(&test, own("bob"), 5, None).await;
        test.core.switch_certificate(disabled, false).await.unwrap();
        let revoked = issue(&test, own("bob"), 5, None).await;
        test.core.revoke_certificates(&[revoked]).await.unwrap();
        let mut written = Vec::new();
        for day in 0..42 {
            for _ in 0..2 {
                for _ in 0..test.core.remind_of_certificates().await.unwrap() {
                    written.push(40 - day);
                }
            }
            test.clock.advance(Duration::from_secs(86_400));
        }
        assert_eq!(written, [30, 7, 1], "once each, and never after the end");
        let found = mails(&test).await;
        assert!(found.iter().all(|message| message.recipient.as_deref() == Some("alice@example.com")), "{found:?}");
        assert!(found[0].subject.contains("ends soon") && found[0].subject.contains("有効期限"), "{found:?}");
        let (_, body) = test.core.outbox().show(&found[0].id).await.unwrap().unwrap();
        let end: String = test.core.certificates().find(phone).unwrap().counts_until().unwrap().rfc3339_in(&test.core.zone());
        for value in ["phone", &end[..10], "https://auth.example.com/account/certificates", "alice"] {
            assert!(body.matches(value).count() >= 2, "{value} in both languages: {body}");
        }
        assert!(!body.contains('⟦'), "{body}");
    }

    #[tokio::test]
    async fn a_reminder_is_in_the_users_own_language() {
        let test = world("").await;
        let alice = test.core.users().find(&crate::principal::user::UserId::parse("alice").unwrap()).unwrap();
        let change = ProfileChange { language: Some(Some("ko".to_owned())), ..ProfileChange::default() };
        test.core.users().change(alice.id(), change).await.unwrap();
        for name in ["alice", "bob"] {
            issue(&test, own(name), 5, None).await;
        }
        assert_eq!(test.core.remind_of_certificates().await.unwrap(), 2);
        let subjects: Vec<String> = mails(&test).await.into_iter().map(|mail| mail.subject).collect();
        assert_eq!(subjects[0], "인증서가 곧 만료됩니다");
        assert!(subjects[1].contains(" / "), "nobody knows Bob's: {subjects:?}");
    }

    #[tokio::test]
    async fn the_metric_counts_by_the_days_of_the_config_that_is_in_force() {
        let test = world("[certificates]\nremind_days = [30, 7]\n").await;
        issue(&test, own("alice"), 5, None).await;
        issue(&test, own("alice"), 20, None).await;
        let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
        let shown = || {
            let text = recorder.handle().render();
            let mut lines: Vec<_> =
                text.lines().filter_map(|line| line.strip_prefix("sekisho_certificates_ending")).map(str::to_owned).collect();
            lines.sort();
            lines
        };
        for (days, expected) in [
            ("14", vec!["{within_days=\"14\"} 1", "{within_days=\"30\"} NaN", "{within_days=\"7\"} NaN"]),
            (
                "30, 21",
                vec!["{within_days=\"14\"} NaN", "{within_days=\"21\"} 2", "{within_days=\"30\"} 2", "{within_days=\"7\"} NaN"],
            ),
        ] {
            let more = format!("[certificates]\nremind_days = [{days}]\n");
            let config = crate::core::testing::config(test.folder.path(), &more);
            metrics::with_local_recorder(&recorder, || test.core.adopt(config)).unwrap();
            assert_eq!(shown(), expected, "{days}");
        }
    }

    #[tokio::test]
    async fn two_at_once_remind_once_and_a_later_end_is_reminded_of_again() {
        let test = world("[certificates]\nremind_days = [10]\n").await;
        let phone = issue(&test, own("alice"), 9, None).await;
        let (one, two) = tokio::join!(test.core.remind_of_certificates(), test.core.remind_of_certificates());
        assert_eq!(one.unwrap() + two.unwrap(), 1);
        // As another gateway on the same directory would: the claim is the row, not the memory of a process.
        let ends = test.core.certificates().find(phone).unwrap().counts_until().unwrap();
        let mut transaction = test.core.base.database().begin().await.unwrap();
        assert!(!reminders::claim(&mut transaction, (phone, ends, 10), test.clock.now()).await.unwrap());
        transaction.commit().await.unwrap();
        let test = test.crash_and_restart().await;
        assert_eq!(test.core.remind_of_certificates().await.unwrap(), 0);
        let sooner = Timestamp::from_millis(ends.millis() - 2 * DAY);
        test.core.certificates().set_dates(phone, (None, Some(sooner))).await.unwrap();
        assert_eq!(test.core.remind_of_certificates().await.unwrap(), 1, "another end");
        assert_eq!(mails(&test).await.len(), 2);
    }

    #[tokio::test]
    async fn whose_next_certificate_is_there_is_told_to_install_it_and_an_empty_list_says_nothing() {
        let test = world("").await;
        let before = issue(&test, own("alice"), 5, None).await;
        issue(&test, own("alice"), 300, Some(before)).await;
        issue(&test, own("bob"), 5, None).await;
        assert_eq!(test.core.remind_of_certificates().await.unwrap(), 2);
        let found = mails(&test).await;
        for (message, word) in found.iter().zip(["Install", "Ask your administrator"]) {
            let (_, body) = test.core.outbox().show(&message.id).await.unwrap().unwrap();
            assert!(body.contains(word), "{word}: {body}");
        }
        // Switched off, revoked, or with a gap before it, the next one saves nobody.
        for end in ["disabled", "gap", "shorter", "revoked"] {
            let test = world("").await;
            let before = issue(&test, own("alice"), 5, None).await;
            let next = issue(&test, own("alice"), 300, Some(before)).await;
            let now = test.clock.now().millis();
            let at = |days: i64| Some(Timestamp::from_millis(now + days * DAY));
            let core = &test.core;
            match end {
                "disabled" => core.switch_certificate(next, false).await.unwrap(),
                "gap" => core.certificates().set_dates(next, (at(6), at(300))).await.unwrap(),
                "shorter" => core.certificates().set_dates(next, (at(0), at(4))).await.unwrap(),
                _ => core.revoke_certificates(&[next]).await.unwrap(),
            }
            assert!(test.core.remind_of_certificates().await.unwrap() > 0, "{end}");
            let about = &test.core.certificates().find(before).unwrap();
            assert!(!test.core.certificates().is_followed(about), "{end}");
            let mut bodies = Vec::new();
            for message in mails(&test).await {
                bodies.push(test.core.outbox().show(&message.id).await.unwrap().unwrap().1);
            }
            assert!(bodies.iter().all(|body| body.contains("Ask your administrator")), "{end}: {bodies:?}");
        }
        let quiet = world("[certificates]\nremind_days = []\n").await;
        issue(&quiet, own("alice"), 1, None).await;
        assert_eq!(quiet.core.remind_of_certificates().await.unwrap(), 0);
        assert!(mails(&quiet).await.is_empty());
    }
}

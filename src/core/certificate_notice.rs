//! Notices to administrators by mail: a certificate of the gateway itself ends soon, has ended or is missing.

use super::Core;
use crate::account::mail_text::MailText;
use crate::account::outbox::OutboxError;
use crate::acme::alarm::CertificateAlarm;
use crate::acme::standing::OwnStanding;
use crate::principal::user::GroupName;

impl Core {
    /// Reports how the certificates stand, and notifies administrators of those that are an alarm.
    pub(super) async fn watch_own_certificates(&self) {
        for alarm in self.own_certificates().report().await {
            match self.notify_of_certificate(&alarm).await {
                Ok(()) => self.own_certificates().notified(&alarm).await,
                Err(error) => tracing::warn!(%error, "notice_not_kept"),
            }
        }
    }

    /// Puts a message about this alarm into the outbox for each administrator with a mail address.
    async fn notify_of_certificate(&self, alarm: &CertificateAlarm) -> Result<(), OutboxError> {
        let Some(sentence) = sentence(alarm.standing) else { return Ok(()) };
        let config = self.config();
        let Ok(group) = GroupName::parse(&config.file.portal.administrators) else { return Ok(()) };
        let ends = alarm.ends.map_or_else(|| "–".to_owned(), |ends| ends.written_in(&self.zone()));
        for administrator in self.users().list().iter().filter(|user| user.standing().is_in(&group)) {
            let profile = administrator.profile();
            let Some(email) = profile.email.as_deref() else { continue };
            let values = [
                ("name", profile.display_name.as_deref().unwrap_or(administrator.id().as_str())),
                ("certificate", alarm.names.as_str()),
                ("ends", ends.as_str()),
                ("trouble", alarm.trouble.as_deref().unwrap_or("–")),
            ];
            let text = MailText::of(profile.language.as_deref(), "mail-certificate", sentence, &values);
            self.outbox().post(Some(administrator.id()), Some(email), &text.subject, &text.body).await?;
        }
        Ok(())
    }
}

/// The message key of the sentence.
const fn sentence(standing: OwnStanding) -> Option<&'static str> {
    match standing {
        OwnStanding::Good => None,
        OwnStanding::EndsSoon => Some("mail-certificate-ends-soon"),
        OwnStanding::Ended => Some("mail-certificate-ended"),
        OwnStanding::Missing => Some("mail-certificate-missing"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::users::ProfileChange;
    use crate::core::testing::TestCore;

    #[tokio::test]
    async fn administrators_with_an_address_are_written_to_in_both_languages_and_nobody_else() {
        let test = TestCore::open().await;
        let administrators = GroupName::parse(&test.core.config().file.portal.administrators).unwrap();
        test.core.groups().add(administrators.clone(), None).await.unwrap();
        for (name, groups) in [("boss", vec![administrators.clone()]), ("mute", vec![administrators]), ("alice", Vec::new())] {
            let user = test.user(name).await;
            test.core.users().set_groups(user.id(), groups).await.unwrap();
            if name != "mute" {
                let change = ProfileChange { email: Some(Some(format!("{name}@example.com"))), ..ProfileChange::default() };
                test.core.users().change(user.id(), change).await.unwrap();
            }
        }
        for (standing, words) in [
            (OwnStanding::EndsSoon, "A certificate of the gateway ends soon"),
            (OwnStanding::Ended, "A certificate of the gateway has ended"),
            (OwnStanding::Missing, "A certificate of the gateway is missing"),
        ] {
            let alarm = CertificateAlarm {
                names: "auth.example.com,wiki.example.com".to_owned(),
                standing,
                ends: Some(test.core.clock().now()),
                trouble: Some("ours: order: too many certificates".to_owned()),
            };
            test.core.notify_of_certificate(&alarm).await.unwrap();
            let found = test.core.outbox().list().await.unwrap();
            let message = found.iter().find(|message| message.subject.starts_with(words)).unwrap();
            assert_eq!(message.recipient.as_deref(), Some("boss@example.com"));
            let body = test.core.outbox().show(&message.id).await.unwrap().unwrap().1;
            assert!(!body.contains('⟦'), "{body}");
            for value in ["auth.example.com,wiki.example.com", "too many certificates", "2027-01-15"] {
                assert_eq!(body.matches(value).count(), 2, "{value}: {body}");
            }
        }
        assert_eq!(test.core.outbox().list().await.unwrap().len(), 3);
    }
}

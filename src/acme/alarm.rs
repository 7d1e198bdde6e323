//! Certificates that end soon, have ended or are missing are an alarm: in the metrics, in the log now and then, and to administrators.

use std::time::Duration;

use super::own::{KnownAlarm, OwnCertificates};
use super::standing::OwnStanding;
use super::trouble::AcmeTrouble;
use crate::clock::Timestamp;

/// How often the same alarm is logged.
const REPEAT_ALARM: Duration = Duration::from_secs(6 * 3600);
/// How often administrators are notified of the same alarm.
const REPEAT_NOTICE: Duration = Duration::from_secs(3 * 24 * 3600);
/// For how long a certificate may be missing until administrators are notified: so long somebody sets it up, and looks.
const SET_UP: Duration = Duration::from_secs(3600);

/// An alarm as administrators are notified of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateAlarm {
    /// The names that the certificate is for.
    pub names: String,
    /// How it stands.
    pub standing: OwnStanding,
    /// When it ends or ended, where there is one.
    pub ends: Option<Timestamp>,
    /// What went wrong last.
    pub trouble: Option<String>,
}

impl OwnCertificates {
    /// Writes the ends of all certificates into the metrics, and an alarm for each that ends soon, has ended or is missing. Those that
    /// administrators are to be notified of now.
    pub async fn report(&self) -> Vec<CertificateAlarm> {
        let (now, mut found) = (self.clock.now(), Vec::new());
        for state in self.list() {
            let names: Vec<String> = state.names.iter().map(ToString::to_string).collect();
            let (certificate, names) = (names.first().cloned().unwrap_or_default(), names.join(","));
            let ends = state.life.as_ref().map(|life| life.ends);
            let seconds = ends.map_or(0, |ends| u32::try_from(ends.seconds()).unwrap_or(u32::MAX));
            let is_alarm = state.standing != OwnStanding::Good;
            metrics::gauge!("sekisho_tls_certificate_ends_timestamp_seconds", "certificate" => certificate.clone())
                .set(f64::from(seconds));
            metrics::gauge!("sekisho_tls_certificate_alarm", "certificate" => certificate).set(f64::from(u8::from(is_alarm)));
            let alarm = CertificateAlarm { names, standing: state.standing, ends, trouble: state.trouble };
            let to_notify = if is_alarm { self.raise(&alarm, now).await } else { self.end(&alarm.names).await };
            match to_notify {
                Ok(true) => found.push(alarm),
                Ok(false) => {}
                Err(trouble) => tracing::warn!(error = %trouble, "acme_alarm_not_kept"),
            }
        }
        found
    }

    /// Logs an alarm, where that is due; whether administrators are to be notified as well.
    async fn raise(&self, alarm: &CertificateAlarm, now: Timestamp) -> Result<bool, AcmeTrouble> {
        // The very first one is ordered at this moment: that it is missing is no alarm before something went wrong.
        if alarm.standing == OwnStanding::Missing && alarm.trouble.is_none() {
            return Ok(false);
        }
        let before = self.alarms.lock().get(&alarm.names).copied();
        let is_logged = before.is_none_or(|known| known.logged_at.plus(REPEAT_ALARM) <= now);
        let since = before.map_or(now, |known| known.since);
        if is_logged {
            self.alarms.lock().insert(alarm.names.clone(), KnownAlarm { since, logged_at: now });
            let ends = alarm.ends.map(Timestamp::rfc3339).unwrap_or_default();
            let trouble = alarm.trouble.clone().unwrap_or_default();
            tracing::error!(names = alarm.names, standing = alarm.standing.word(), ends, trouble, "tls_certificate_alarm");
        }
        if alarm.standing == OwnStanding::Missing && now < since.plus(SET_UP) {
            return Ok(false);
        }
        let notified = self.rows.notified(&alarm.names, alarm.standing.word()).await?;
        Ok(notified.is_none_or(|at| at.plus(REPEAT_NOTICE) <= now))
    }

    async fn end(&self, names: &str) -> Result<bool, AcmeTrouble> {
        // Also where it began before a restart: the first look at a good certificate ends it.
        if self.alarms.lock().remove(names).is_some() || self.looked.lock().insert(names.to_owned()) {
            self.rows.forget_notified(names).await?;
        }
        Ok(false)
    }

    /// Administrators were notified of it.
    pub async fn notified(&self, alarm: &CertificateAlarm) {
        let kept = self.rows.keep_notified(&alarm.names, alarm.standing.word(), self.clock.now()).await;
        if let Err(trouble) = kept {
            tracing::warn!(error = %trouble, "acme_alarm_not_kept");
        }
    }
}

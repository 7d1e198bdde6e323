//! Certificates that end soon, have ended or are missing are an alarm: in the metrics, and in the log now and then.

use std::time::Duration;

use super::own::OwnCertificates;
use super::standing::OwnStanding;

/// How often the same alarm is logged.
const REPEAT_ALARM: Duration = Duration::from_secs(6 * 3600);

impl OwnCertificates {
    /// Writes the ends of all certificates into the metrics, and an alarm for each that ends soon, has ended or is missing.
    pub(super) fn report(&self) {
        let now = self.clock.now();
        for state in self.list() {
            let names: Vec<String> = state.names.iter().map(ToString::to_string).collect();
            let (certificate, names) = (names.first().cloned().unwrap_or_default(), names.join(","));
            let ends = state.life.as_ref().map_or(0, |life| u32::try_from(life.ends.seconds()).unwrap_or(u32::MAX));
            let is_alarm = state.standing != OwnStanding::Good;
            metrics::gauge!("sekisho_tls_certificate_ends_timestamp_seconds", "certificate" => certificate.clone())
                .set(f64::from(ends));
            metrics::gauge!("sekisho_tls_certificate_alarm", "certificate" => certificate).set(f64::from(u8::from(is_alarm)));
            let mut alarms = self.alarms.lock();
            if !is_alarm {
                alarms.remove(&names);
                continue;
            }
            // The very first one is ordered at this moment: that it is missing is no alarm before something went wrong.
            if state.standing == OwnStanding::Missing && state.trouble.is_none() {
                continue;
            }
            if alarms.get(&names).is_some_and(|said| now < said.plus(REPEAT_ALARM)) {
                continue;
            }
            alarms.insert(names.clone(), now);
            let standing = state.standing.word();
            let ends = state.life.map(|life| life.ends.rfc3339()).unwrap_or_default();
            let trouble = state.trouble.unwrap_or_default();
            tracing::error!(names, standing, ends, trouble, "tls_certificate_alarm");
        }
    }
}

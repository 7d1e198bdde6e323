//! What clients presented at check 2, and how it ended for whom.

use clap::Args;
use serde::{Deserialize, Serialize, Serializer};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::act::{Act, ActTarget, Route, Verb, Warrant};
use crate::admin::certificates::fingerprint;
use crate::admin::error::AdminError;
use crate::admin::values::{Count, Moment, Page, displayed, length, rfc3339};
use crate::audit::Event;
use crate::certificate::result::{CertificateOutcome, CertificateResult, CertificateResultQuery};
use crate::certificate::sighting::{Sighting, SightingQuery};
use crate::chain::Check;
use crate::chain::refusal::Refusal;
use crate::clock::Timestamp;
use crate::principal::certificate::Fingerprint;
use crate::principal::user::UserId;

fn no_place(text: &str) -> AdminError {
    AdminError::Input { what: "read the next page", why: format!("{text:?} is not an end of a page") }
}

fn sighting_place(text: &str) -> Result<(Timestamp, Fingerprint, String), AdminError> {
    let mut parts = text.splitn(3, '.');
    let place = (|| {
        let moment = Timestamp::from_millis(parts.next()?.parse().ok()?);
        Some((moment, Fingerprint::parse(parts.next()?)?, parts.next()?.to_owned()))
    })();
    place.ok_or_else(|| no_place(text))
}

/// List who presented which client certificate, and when
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListSightings {
    /// Only what this user presented.
    #[arg(long, value_name = "USER", value_parser = UserId::parse)]
    #[schema(value_type = Option<String>)]
    pub user: Option<UserId>,
    /// Only this certificate.
    #[arg(long, value_name = "FINGERPRINT")]
    pub certificate: Option<String>,
    /// Begin behind this one: `next` of the page before.
    #[arg(long, value_name = "PLACE")]
    pub after: Option<String>,
    /// How many at most (100; up to 1000).
    #[arg(long, value_name = "COUNT")]
    #[schema(value_type = Option<u32>)]
    pub limit: Option<Count>,
}

impl Act for ListSightings {
    const NAME: &'static str = "certificate.sightings";
    const SCOPE: Scope = Scope::Read;
    const ROUTE: Route = Route::new(Verb::Get, "/sightings");
    type Output = Page<SightingView>;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        self.user.clone().map_or(ActTarget::Nobody, ActTarget::Seen)
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Page<SightingView>, AdminError> {
        let limit = length(self.limit);
        let query = SightingQuery {
            user: self.user,
            fingerprint: self.certificate.as_deref().map(fingerprint).transpose()?,
            after: self.after.as_deref().map(sighting_place).transpose()?,
            limit: limit + 1,
        };
        let mut found = warrant.core().certificates().sightings().list(&query).await?;
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(|last| {
            let user = last.user.as_ref().map_or("", UserId::as_str);
            format!("{}.{}.{user}", last.last_seen.millis(), last.fingerprint.text())
        });
        let register = warrant.core().certificates();
        let view = |sighting: Sighting| SightingView {
            is_registered: register.find(sighting.fingerprint).is_some(),
            certificate: sighting.fingerprint.text(),
            user: sighting.user.map(|user| user.to_string()),
            subject: sighting.subject,
            issuer: sighting.issuer,
            serial: sighting.serial,
            not_after: sighting.not_after,
            address: sighting.address.to_string(),
            first_seen: sighting.first_seen,
            last_seen: sighting.last_seen,
        };
        Ok(Page { items: found.into_iter().map(view).collect(), next })
    }
}

/// One user's use of one certificate.
#[derive(Debug, Serialize, ToSchema)]
pub struct SightingView {
    /// SHA-256 of its DER.
    pub certificate: String,
    /// Whether it is in the register.
    pub is_registered: bool,
    /// Who was signed in.
    pub user: Option<String>,
    /// Its subject.
    pub subject: String,
    /// Its issuer.
    pub issuer: String,
    /// Its serial number.
    pub serial: String,
    /// Its own end.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String)]
    pub not_after: Timestamp,
    /// Where it was presented from the last time.
    pub address: String,
    /// The first time.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String)]
    pub first_seen: Timestamp,
    /// The last time.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String)]
    pub last_seen: Timestamp,
}

/// The refusals of check 2.
pub fn certificate_refusals() -> impl Iterator<Item = Refusal> {
    Refusal::ALL.iter().copied().filter(|refusal| refusal.check() == Check::ClientCertificate)
}

fn reason(code: &str) -> Result<Refusal, AdminError> {
    certificate_refusals().find(|refusal| refusal.code() == code).ok_or_else(|| {
        let known: Vec<_> = certificate_refusals().map(Refusal::code).collect();
        AdminError::Input { what: "read the reason", why: format!("{code:?} is none of check 2; there are {}", known.join(", ")) }
    })
}

/// List how check 2 ended for each user, and why it did not pass, the latest first
#[derive(Args, Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListCertificateResults {
    /// Only of this user.
    #[arg(long, value_name = "USER", value_parser = UserId::parse)]
    #[schema(value_type = Option<String>)]
    pub user: Option<UserId>,
    /// With this in the user's name or in the certificate's subject.
    #[arg(long, value_name = "TEXT")]
    pub text: Option<String>,
    /// How it ended.
    #[arg(long, value_name = "OUTCOME")]
    pub outcome: Option<CertificateOutcome>,
    /// Why it did not pass: the problem code, `certificate_expired` for one.
    #[arg(long, value_name = "CODE")]
    pub reason: Option<String>,
    /// With this certificate.
    #[arg(long, value_name = "FINGERPRINT")]
    pub certificate: Option<String>,
    /// At this app.
    #[arg(long, value_name = "APP")]
    pub app: Option<String>,
    /// The last time at this moment or later, or from the beginning of this day.
    #[arg(long, value_name = "MOMENT")]
    #[schema(value_type = Option<String>)]
    pub since: Option<Moment>,
    /// The last time before this moment, or to the end of this day.
    #[arg(long, value_name = "MOMENT")]
    #[schema(value_type = Option<String>)]
    pub until: Option<Moment>,
    /// Begin behind this one: `next` of the page before.
    #[arg(long, value_name = "PLACE")]
    pub after: Option<String>,
    /// How many at most (100; up to 1000).
    #[arg(long, value_name = "COUNT")]
    #[schema(value_type = Option<u32>)]
    pub limit: Option<Count>,
}

impl Act for ListCertificateResults {
    const NAME: &'static str = "certificate.results";
    const SCOPE: Scope = Scope::Read;
    const ROUTE: Route = Route::new(Verb::Get, "/certificate-results");
    type Output = Page<CertificateResultView>;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        self.user.clone().map_or(ActTarget::Nobody, ActTarget::Seen)
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Page<CertificateResultView>, AdminError> {
        let (limit, zone) = (length(self.limit), warrant.core().zone());
        let after = self.after.as_deref().map(|text| {
            let parts = text.split_once('.').and_then(|(at, id)| Some((Timestamp::from_millis(at.parse().ok()?), id.to_owned())));
            parts.ok_or_else(|| no_place(text))
        });
        let query = CertificateResultQuery {
            user: self.user,
            text: self.text.filter(|text| !text.is_empty()),
            outcome: self.outcome,
            reason: self.reason.as_deref().map(reason).transpose()?.map(Refusal::code),
            fingerprint: self.certificate.as_deref().map(fingerprint).transpose()?,
            app: self.app,
            since: self.since.map(|since| since.beginning(&zone)),
            until: self.until.map(|until| until.end(&zone)),
            after: after.transpose()?,
            limit: limit + 1,
        };
        let certificates = warrant.core().certificates();
        let mut found = certificates.results().list(&query).await?;
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(|(last, id)| format!("{}.{id}", last.last_at.millis()));
        let view = |(result, _): (CertificateResult, String)| {
            let is_registered = result.fingerprint.is_some_and(|fingerprint| certificates.find(fingerprint).is_some());
            CertificateResultView::of(result, is_registered)
        };
        Ok(Page { items: found.into_iter().map(view).collect(), next })
    }
}

/// How check 2 ended for one user at one app, with one certificate or with none.
#[derive(Debug, Serialize, ToSchema)]
pub struct CertificateResultView {
    /// Who was signed in, or whose the certificate is.
    #[serde(serialize_with = "displayed")]
    #[schema(value_type = String)]
    pub user: UserId,
    /// How it ended.
    pub outcome: CertificateOutcome,
    /// Why it did not pass: a problem code.
    #[serde(serialize_with = "code_if_any")]
    #[schema(value_type = Option<String>)]
    pub reason: Option<Refusal>,
    /// SHA-256 of the certificate's DER; absent: none was presented.
    pub certificate: Option<String>,
    /// Its subject.
    pub subject: String,
    /// Whether it is in the register.
    pub is_registered: bool,
    /// The app.
    pub app: String,
    /// Where the last request came from.
    pub address: String,
    /// The first time.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String)]
    pub first_at: Timestamp,
    /// The last time, to a few minutes.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String)]
    pub last_at: Timestamp,
}

impl CertificateResultView {
    fn of(result: CertificateResult, is_registered: bool) -> Self {
        Self {
            is_registered,
            user: result.user,
            outcome: result.outcome,
            reason: certificate_refusals().find(|refusal| refusal.code() == result.reason),
            certificate: result.fingerprint.map(|fingerprint| fingerprint.text()),
            subject: result.subject,
            app: result.app.to_string(),
            address: result.address.to_string(),
            first_at: result.first_at,
            last_at: result.last_at,
        }
    }
}

fn code_if_any<S: Serializer>(reason: &Option<Refusal>, serializer: S) -> Result<S::Ok, S::Error> {
    reason.map(Refusal::code).serialize(serializer)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use serde_json::json;

    use super::*;
    use crate::admin::testing::does;
    use crate::certificate::results::OF_USER;
    use crate::clock::Clock as _;
    use crate::core::testing::TestCore;
    use crate::facts::client_address::ClientAddress;

    #[tokio::test]
    async fn results_are_listed_in_pages_and_found_by_user_text_outcome_reason_app_and_time_r_241_r_242() {
        let test = TestCore::open().await;
        let address = ClientAddress::new("192.0.2.7".parse().unwrap());
        let (wiki, mail): (Arc<str>, Arc<str>) = ("wiki".into(), "mail".into());
        for (name, ended, app) in [
            ("alice", (CertificateOutcome::Passed, ""), &wiki),
            ("bob", (CertificateOutcome::Refused, "certificate_expired"), &wiki),
            ("bob", (CertificateOutcome::WouldBeRefused, "certificate_missing"), &mail),
        ] {
            if test.core.users().find(&UserId::parse(name).unwrap()).is_none() {
                test.user(name).await;
            }
            test.core.certificates().note_result(&UserId::parse(name).unwrap(), None, ended, app, address);
            test.clock.advance(Duration::from_secs(60));
        }
        let users = |page: &serde_json::Value| -> Vec<String> {
            let items = page["items"].as_array().unwrap();
            items.iter().map(|one| format!("{} {}", one["user"].as_str().unwrap(), one["outcome"].as_str().unwrap())).collect()
        };
        let all = does::<ListCertificateResults>(&test, json!({})).await.unwrap();
        assert_eq!(users(&all), ["bob would_be_refused", "bob refused", "alice passed"]);
        assert_eq!((&all["items"][1]["reason"], &all["items"][2]["reason"]), (&json!("certificate_expired"), &json!(null)));
        for (search, found) in [
            (json!({ "user": "alice" }), &["alice passed"][..]),
            (json!({ "text": "OB" }), &["bob would_be_refused", "bob refused"]),
            (json!({ "text": "%" }), &[]),
            (json!({ "outcome": "would_be_refused" }), &["bob would_be_refused"]),
            (json!({ "reason": "certificate_expired" }), &["bob refused"]),
            (json!({ "app": "wiki" }), &["bob refused", "alice passed"]),
            (json!({ "since": test.clock.now().rfc3339() }), &[]),
            (json!({ "until": test.clock.now().rfc3339(), "user": "bob" }), &["bob would_be_refused", "bob refused"]),
            (json!({ "certificate": "ab".repeat(32) }), &[]),
        ] {
            assert_eq!(users(&does::<ListCertificateResults>(&test, search.clone()).await.unwrap()), found, "{search}");
        }
        let first = does::<ListCertificateResults>(&test, json!({ "limit": 2 })).await.unwrap();
        let second = does::<ListCertificateResults>(&test, json!({ "limit": 2, "after": first["next"] })).await.unwrap();
        assert_eq!((users(&second), &second["next"]), (vec!["alice passed".to_owned()], &json!(null)));
        let wrong = does::<ListCertificateResults>(&test, json!({ "reason": "otp_missing" })).await.unwrap_err();
        assert!(wrong.to_string().contains("certificate_expired"), "{wrong}");
        let nowhere = does::<ListCertificateResults>(&test, json!({ "after": "x" })).await.unwrap_err();
        assert_eq!(nowhere.code(), "invalid_input");
    }

    #[tokio::test]
    async fn of_a_user_who_presents_any_number_of_certificates_the_latest_results_are_kept() {
        let test = TestCore::open().await;
        test.user("alice").await;
        let user = UserId::parse("alice").unwrap();
        let address = ClientAddress::new("192.0.2.7".parse().unwrap());
        let certificates = test.core.certificates();
        let shown = |number: usize| {
            let der = rustls_pki_types::CertificateDer::from(number.to_be_bytes().to_vec());
            let shown = crate::facts::presented_certificate::PresentedCertificate::new(&[der]).unwrap();
            let standing = certificates.standing(&shown, test.clock.now());
            (shown, standing)
        };
        // One that passed, at two apps: both are kept, whatever is refused after that.
        let (good, standing) = shown(usize::MAX);
        for app in ["wiki", "mail"] {
            let passed = (CertificateOutcome::Passed, "");
            certificates.note_result(&user, Some((&good, &standing)), passed, &app.into(), address);
        }
        let mut last = None;
        for number in 0..OF_USER + 10 {
            let (bad, standing) = shown(number);
            let refused = (CertificateOutcome::Refused, "certificate_untrusted");
            certificates.note_result(&user, Some((&bad, &standing)), refused, &"wiki".into(), address);
            certificates.results().flush().await.unwrap();
            test.clock.advance(Duration::from_secs(1));
            last = Some(bad.fingerprint().text());
        }
        let kept = does::<ListCertificateResults>(&test, json!({ "outcome": "refused" })).await.unwrap();
        let kept = kept["items"].as_array().unwrap();
        assert_eq!((kept.len(), kept[0]["certificate"].as_str().map(str::to_owned)), (OF_USER, last));
        for app in ["wiki", "mail"] {
            let passed = json!({ "outcome": "passed", "app": app });
            let passed = does::<ListCertificateResults>(&test, passed).await.unwrap();
            assert_eq!(passed["items"][0]["certificate"], json!(good.fingerprint().text()), "{app}");
        }
        test.core.remove_user(&user).await.unwrap();
        test.core.tidy().await;
        assert_eq!(does::<ListCertificateResults>(&test, json!({})).await.unwrap()["items"], json!([]));
    }
}

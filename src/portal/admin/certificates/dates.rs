//! The form on the page of a certificate that sets from when to when it counts.

use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;

use crate::admin::certificates::EditCertificate;
use crate::admin::error::AdminError;
use crate::admin::values::Moment;
use crate::portal::admin::certificates::pages::{CertificatePage, WrongDays};
use crate::portal::admin::certificates::{day, find};
use crate::portal::admin::notice::AdminChange;
use crate::portal::kit::admin_session::{AdminFields, AdminForm};
use crate::portal::kit::paths;

/// What the form sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::portal::admin) struct DatesForm {
    certificate: String,
    first_day: String,
    last_day: String,
}

impl AdminFields for DatesForm {
    fn page(&self) -> &str {
        paths::ADMIN_CERTIFICATES
    }
}

/// POST /admin/certificate-dates
pub(in crate::portal::admin) async fn set(AdminForm { admin, fields }: AdminForm<DatesForm>) -> Result<Response, Response> {
    let found = find(&admin, fields.certificate.clone()).await?;
    let dates = entered(&fields.first_day, found.valid_from.as_deref())
        .and_then(|from| Ok((from, entered(&fields.last_day, found.valid_until.as_deref())?)));
    let done = match dates {
        Ok((valid_from, valid_until)) => {
            let certificate = fields.certificate.clone();
            admin.perform(EditCertificate { certificate, valid_from, valid_until }).await.map(drop)
        }
        Err(why) => Err(AdminError::Input { what: "read the day", why }),
    };
    match done {
        Ok(()) => Ok(admin.visit.see_other(&AdminChange::CertificateDatesSet.at(&paths::admin_certificate(&found.certificate)))),
        Err(error) if error.status() < 500 && error.status() != 403 => {
            let wrong = WrongDays { first_day: fields.first_day, last_day: fields.last_day, why: admin.reason(&error) };
            let page = CertificatePage { wrong_days: Some(wrong), ..CertificatePage::of(&admin, found, None) };
            Ok(admin.visit.page(StatusCode::UNPROCESSABLE_ENTITY, &page, &[]))
        }
        Err(error) => Err(admin.refused(&error)),
    }
}

/// What a field means. The day that was shown is the moment that it stands for: a certificate may begin in the middle of it.
fn entered(text: &str, now: Option<&str>) -> Result<Option<Moment>, String> {
    match (text.trim(), now) {
        ("", _) => Ok(None),
        (same, Some(moment)) if same == day(Some(moment)) => moment.parse().map(Some),
        (other, _) => other.parse().map(Some),
    }
}

//! Ways to providers that wait in the browser: a provider that speaks SAML brings back 80 bytes, and a way has more. Each waits
//! in a cookie of its own, sealed, so that tabs go on side by side and nothing waits here.

use axum::response::Response;
use http::header::SET_COOKIE;

use crate::facts::cookies;
use crate::idp::KeptFlow;
use crate::portal::kit::visit::Visit;

/// How many wait in one browser at most: the oldest is dropped for another one.
const AT_MOST: usize = 4;

/// Has the browser keep a way, where it must.
pub(super) fn keeping(visit: &Visit, mut response: Response, keeps: Option<KeptFlow>) -> Response {
    let Some(KeptFlow { name, value }) = keeps else { return response };
    let headers = response.headers_mut();
    let waiting: Vec<&str> = cookies::names_of(&visit.parts.headers, cookies::FLOW).collect();
    for oldest in waiting.iter().take((waiting.len() + 1).saturating_sub(AT_MOST)) {
        headers.append(SET_COOKIE, cookies::set(oldest, "", Some(0)));
    }
    headers.append(SET_COOKIE, cookies::set(&format!("{}{name}", cookies::FLOW), &value, Some(KeptFlow::LIFE.as_secs())));
    response
}

/// The way that belongs to what a provider brought back.
pub(super) fn found(visit: &Visit, brought_back: &str) -> Option<String> {
    let name = KeptFlow::name_of(brought_back)?;
    cookies::find(&visit.parts.headers, &format!("{}{name}", cookies::FLOW)).map(str::to_owned)
}

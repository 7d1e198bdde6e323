//! What the gateway says itself: a refusal, a redirect to the sign-in, an error. A person gets a page, a program gets
//! problem+json (RFC 9457) with a code that never changes; a program never gets a login page.

use std::sync::Arc;

use bytes::Bytes;
use http::header::{self, HeaderMap, HeaderValue};
use http::{Method, Response, StatusCode};

use super::answer_format::{self, AnswerFormat};
use super::body::Body;
use crate::chain::refusal::Refusal;
use crate::chain::trace::Trace;
use crate::chain::{Check, Turn};
use crate::facts::client_address::ClientAddress;
use crate::facts::problem::ProblemDocument;
use crate::principal::user::UserId;

/// The reason why a request did not get what it asked for; answered as a page to people, as problem+json to programs.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The status.
    pub status: StatusCode,
    /// The code that never changes.
    pub code: &'static str,
    /// The refusal behind it, where the chain decided.
    pub refusal: Option<Refusal>,
    /// The request's id.
    pub request_id: Arc<str>,
    /// What people call the app, where one was asked for, and its host.
    pub app: Option<(Arc<str>, Arc<str>)>,
    /// What all six checks said, where the chain was asked.
    pub trace: Option<Trace>,
    /// Which of them are required of whom it was asked for.
    pub required: [bool; 6],
    /// Where the request came from, as we see it.
    pub address: Option<ClientAddress>,
    /// Who is signed in.
    pub user: Option<UserId>,
    /// What was wrong, in words, where the code does not say it all.
    pub detail: Option<Arc<str>>,
    /// Where to sign in, where that would help.
    pub sign_in: Option<Arc<str>>,
    /// Whether the client itself reads the answer, so that a program gets it in its own way; a proxy that asks does not.
    pub is_for_client: bool,
}

/// Why a posted body was not kept while its sender signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostNotKept {
    /// Larger than is held, or it broke off.
    TooLarge,
    /// It came from a page of another site.
    Foreign,
    /// Too much is held at present.
    Full,
}

/// Pages for people: the portal's, handed in by the server, since the gateway knows no portal.
pub trait Pages: Send + Sync + 'static {
    /// The page of a problem, in the language that the request prefers, with its headers (content type, policy).
    fn problem(&self, problem: &Problem, request: &HeaderMap) -> (HeaderMap, Bytes);
    /// The same for a program: what happened and what to do in a line of text, with the language that it is in (RFC 9110 §8.5).
    fn detail(&self, problem: &Problem, request: &HeaderMap) -> (String, HeaderValue);
    /// The page that loads its own address again, so that the browser renews the cookie of its key in between.
    fn load_again(&self, address: &str, problem: &Problem, request: &HeaderMap) -> (HeaderMap, Bytes);
    /// The page for a person whose posted data could not be kept while they sign in, with the address that goes on.
    fn not_kept(&self, why: PostNotKept, problem: &Problem, sign_in: &str, request: &HeaderMap) -> (HeaderMap, Bytes);
}

/// Who asks: a person's navigation gets pages and redirects, anything else problem+json.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// A browser that shows what it gets.
    Person,
    /// A script or a program.
    Program,
}

impl Caller {
    /// By what a request says of itself: `Sec-Fetch-*` where sent, else `Accept`.
    pub fn of(method: &Method, headers: &HeaderMap) -> Self {
        let says = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        // Before all else: a web view names its app in `X-Requested-With`, and a browser repeats a password for the app in
        // `Authorization`, on navigations as well.
        if let Some(mode) = says("sec-fetch-mode") {
            return if mode == "navigate" && !matches!(says("sec-fetch-dest"), Some("empty")) {
                Self::Person
            } else {
                Self::Program
            };
        }
        if says("x-requested-with").is_some() || headers.contains_key(header::AUTHORIZATION) {
            return Self::Program;
        }
        if reads_pages(headers) && matches!(*method, Method::GET | Method::HEAD | Method::POST) {
            Self::Person
        } else {
            Self::Program
        }
    }
}

/// Whether `Accept` (RFC 9110 §12.5.1, on one line or several) names HTML, in any case, and not with `q=0`.
fn reads_pages(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let page = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("text/html"));
        let refused = |part: &str| {
            let weight = part.split_once('=').filter(|(name, _)| name.eq_ignore_ascii_case("q"));
            weight.is_some_and(|(_, value)| value.parse::<f32>().is_ok_and(|weight| weight <= 0.0))
        };
        page && !parts.any(refused)
    })
}

/// Answers a problem: a page to a person, problem+json to a program, or what a program of its kind reads instead.
pub fn answer(problem: &Problem, caller: Caller, request: &HeaderMap, pages: &dyn Pages) -> Response<Body> {
    let mut response = match caller {
        Caller::Person => {
            let (headers, page) = pages.problem(problem, request);
            let mut response = Response::new(Body::full(page));
            *response.headers_mut() = headers;
            *response.status_mut() = problem.status;
            response
        }
        Caller::Program => answer_to_program(problem, request, pages),
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(id) = HeaderValue::from_str(&problem.request_id) {
        response.headers_mut().insert("x-request-id", id);
    }
    response
}

fn answer_to_program(problem: &Problem, request: &HeaderMap, pages: &dyn Pages) -> Response<Body> {
    let (detail, language) = match (problem.refusal, problem.detail.as_deref()) {
        (None, Some(detail)) => (detail.to_owned(), None),
        _ => {
            let (detail, language) = pages.detail(problem, request);
            (detail, Some(language))
        }
    };
    let format = if problem.is_for_client { AnswerFormat::of(request) } else { AnswerFormat::Document };
    let mut response = match format {
        AnswerFormat::Document => ProblemDocument::new(problem.status, problem.code)
            .with("request_id", &*problem.request_id)
            .with_some("check", problem.refusal.map(|refusal| refusal.check().word()))
            .with("detail", detail)
            .with_some("sign_in", problem.sign_in.as_deref())
            .respond(Body::full),
        AnswerFormat::Call(kind) => {
            let words: Vec<&str> = std::iter::once(&*detail).chain(problem.sign_in.as_deref()).collect();
            answer_format::call_ended(kind, problem.status, &words.join(" "))
        }
        AnswerFormat::Text => answer_format::text(problem.status, &detail, problem.sign_in.as_deref()),
    };
    if let Some(language) = language {
        response.headers_mut().insert(header::CONTENT_LANGUAGE, language);
    }
    response
}

/// The challenge of a 401 (RFC 9110 §11.6.1); where a stronger or fresher sign-in is asked for, RFC 9470.
pub fn challenge(turn: &Turn, signed_in: bool, portal: &str) -> HeaderValue {
    let refusal = turn.refusal();
    let text = if signed_in && matches!(turn.check(), Check::PrimaryFactor | Check::Cookie | Check::Otp | Check::DesktopSso) {
        let acr = if turn.check() == Check::Otp { "urn:sekisho:two-factor" } else { "urn:sekisho:one-factor" };
        let max_age = turn.max_age().map(|age| format!(", max_age={}", age.as_secs())).unwrap_or_default();
        format!(
            "Sekisho realm=\"{portal}\", error=\"insufficient_user_authentication\", error_description=\"{}\", acr_values=\"{acr}\"{max_age}",
            refusal.code()
        )
    } else {
        format!("Sekisho realm=\"{portal}\", error=\"{}\"", refusal.code())
    };
    HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static("Sekisho"))
}

/// The status that a refusal is answered with.
pub const fn status_of(refusal: Refusal) -> StatusCode {
    if refusal.asks() { StatusCode::UNAUTHORIZED } else { StatusCode::FORBIDDEN }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(method: &Method, headers: &[(&'static str, &'static str)]) -> Caller {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, HeaderValue::from_static(value));
        }
        Caller::of(method, &map)
    }

    #[test]
    fn only_a_navigation_is_a_person() {
        assert_eq!(caller(&Method::GET, &[("accept", "text/html,*/*")]), Caller::Person);
        assert_eq!(
            caller(&Method::GET, &[("accept", "text/html"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")]),
            Caller::Person
        );
        assert_eq!(caller(&Method::GET, &[("accept", "text/html"), ("sec-fetch-mode", "cors")]), Caller::Program);
        assert_eq!(caller(&Method::GET, &[("accept", "text/html"), ("x-requested-with", "XMLHttpRequest")]), Caller::Program);
        assert_eq!(caller(&Method::GET, &[("accept", "application/json")]), Caller::Program);
        assert_eq!(caller(&Method::PUT, &[("accept", "text/html")]), Caller::Program);
        assert_eq!(caller(&Method::GET, &[]), Caller::Program);
        // Where the browser says what it does, nothing else counts.
        for (more, value) in [("x-requested-with", "com.example.mail"), ("authorization", "Basic YTpi"), ("accept", "*/*")] {
            let navigation = [("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document"), (more, value)];
            assert_eq!(caller(&Method::GET, &navigation), Caller::Person, "{more}");
            let script = [("accept", "text/html"), ("sec-fetch-mode", "cors"), ("sec-fetch-dest", "empty"), (more, value)];
            assert_eq!(caller(&Method::GET, &script), Caller::Program, "{more}");
        }
        assert_eq!(caller(&Method::GET, &[("accept", "text/html"), ("authorization", "Basic YTpi")]), Caller::Program);
        for accept in [
            "TEXT/HTML",
            "application/json;q=0.1 , text/html;level=1",
            "text/html;charset=utf-8;q=0.5",
            "*/*, text/html; Q=1.000",
        ] {
            assert_eq!(caller(&Method::GET, &[("accept", accept)]), Caller::Person, "{accept}");
        }
        for accept in [
            "text/html;q=0, */*",
            "text/html; q=0.000",
            "*/*",
            "text/htmlx",
            "x-text/html",
            "application/json;profile=\"text/html\"",
        ] {
            assert_eq!(caller(&Method::GET, &[("accept", accept)]), Caller::Program, "{accept}");
        }
        let mut lines = HeaderMap::new();
        lines.append("accept", HeaderValue::from_static("image/webp"));
        lines.append("accept", HeaderValue::from_static("text/html"));
        assert_eq!(Caller::of(&Method::GET, &lines), Caller::Person);
    }
}

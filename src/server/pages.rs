//! The portal's pages for the gateway's own answers: the gateway knows no portal, the server knows both.

use std::sync::Arc;

use bytes::Bytes;
use http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, HeaderMap, HeaderValue};

use crate::core::Core;
use crate::facts::cookies;
use crate::gateway::problem::{Pages, PostNotKept, Problem};
use crate::portal::answer::RefusedPage;
use crate::portal::answer::load_again::LoadAgainPage;
use crate::portal::kit::assets::AGAIN;
use crate::portal::kit::barrier::Barrier;
use crate::portal::kit::destination::AppDestination;
use crate::portal::kit::error_page::{ErrorPage, FailedApp};
use crate::portal::kit::language::Language;
use crate::portal::kit::page::{Frame, PortalPage as _};
use crate::portal::kit::protection;
use crate::portal::sign_in::over_page::{NotKeptPage, NotKeptReason};

/// Makes the gateway's answers from the portal's templates.
#[derive(Debug)]
pub(super) struct PortalPages(pub(super) Arc<Core>);

/// The page of a problem.
enum ProblemPage {
    Refused(RefusedPage),
    Error(ErrorPage),
}

impl PortalPages {
    fn frame(&self, problem: &Problem, request: &HeaderMap) -> Frame {
        let accept = request.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let language = Language::negotiate(cookies::find(request, cookies::LANGUAGE), None, accept);
        let organisation = self.0.config().file.portal.title.as_deref().map(Arc::from);
        let (now, zone) = (self.0.clock().now(), self.0.zone());
        Frame { now, zone, ..Frame::standalone(language, organisation, Arc::clone(&problem.request_id)) }
    }

    fn answer(&self, problem: &Problem, request: &HeaderMap) -> ProblemPage {
        let frame = self.frame(problem, request);
        match problem.refusal {
            Some(refusal) => ProblemPage::Refused(RefusedPage {
                frame,
                barrier: problem.trace.map(|trace| Barrier::marked(&trace, problem.required)),
                destination: destination(problem, false),
                refusal,
                address: problem.address.map(|address| address.to_string()),
                user: problem.user.as_ref().map(ToString::to_string),
                portal: self.0.config().file.portal.url.clone(),
                again: again(request).then(String::new),
                departure: None,
            }),
            None => ProblemPage::Error(ErrorPage {
                frame,
                status: problem.status.as_u16(),
                app: problem.app.as_ref().map(|(title, _)| FailedApp {
                    title: title.to_string(),
                    portal: self.0.config().file.portal.url.clone(),
                    again: again(request),
                }),
                code: Some(problem.code.to_owned()),
                retry_after: None,
            }),
        }
    }

    fn targets(&self, page: String) -> (HeaderMap, Bytes) {
        let mut headers = HeaderMap::new();
        protection::protect_standalone(&mut headers, &[self.0.config().file.portal.url.as_str()]);
        (headers, page.into())
    }
}

fn destination(problem: &Problem, holds_post: bool) -> Option<AppDestination> {
    problem.app.as_ref().map(|(title, host)| AppDestination { title: title.to_string(), host: host.to_string(), holds_post })
}

/// Whether a link to the same address does the same: what was posted it would not send.
fn again(request: &HeaderMap) -> bool {
    !request.contains_key(CONTENT_TYPE)
}

impl Pages for PortalPages {
    fn problem(&self, problem: &Problem, request: &HeaderMap) -> (HeaderMap, Bytes) {
        let page = match self.answer(problem, request) {
            ProblemPage::Refused(page) => page.html(),
            ProblemPage::Error(page) => page.html(),
        };
        self.targets(page)
    }

    fn detail(&self, problem: &Problem, request: &HeaderMap) -> (String, HeaderValue) {
        let (language, parts) = match self.answer(problem, request) {
            ProblemPage::Refused(page) => (page.frame.language, page.sentences()),
            ProblemPage::Error(page) => (page.frame.language, page.sentences()),
        };
        let between = if language.sets_blanks() { " " } else { "" };
        let text = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(between);
        (text, HeaderValue::from_static(language.tag()))
    }

    fn load_again(&self, address: &str, problem: &Problem, request: &HeaderMap) -> (HeaderMap, Bytes) {
        let (mut headers, page) =
            self.targets(LoadAgainPage { frame: self.frame(problem, request), next: address.to_owned() }.html());
        protection::allow_script(&mut headers, &AGAIN);
        (headers, page)
    }

    fn not_kept(&self, why: PostNotKept, problem: &Problem, sign_in: &str, request: &HeaderMap) -> (HeaderMap, Bytes) {
        let reason = match why {
            PostNotKept::TooLarge => NotKeptReason::TooLarge,
            PostNotKept::Foreign => NotKeptReason::Foreign,
            PostNotKept::Full => NotKeptReason::Full,
        };
        let destination = destination(problem, false).unwrap_or(AppDestination {
            title: String::new(),
            host: String::new(),
            holds_post: false,
        });
        let frame = self.frame(problem, request);
        let page = NotKeptPage { frame, destination, reason, signed_in: false, go_on: sign_in.to_owned() }.html();
        self.targets(page)
    }
}

//! The page of the check that is asked for.

use axum::response::Response;
use http::StatusCode;

use crate::approval::question::Purpose;
use crate::chain::Check;
use crate::chain::refusal::Refusal;
use crate::portal::kit::barrier::Barrier;
use crate::portal::kit::paths;
use crate::portal::kit::visit::Visit;
use crate::portal::push::page::{PhonePage, PhoneStep, PushPage, QuestionEnd, WaitingPage};
use crate::portal::sign_in::code_page::{BrowserPage, CodeMethod, Missing, NoAuthenticatorPage, OtpPage};
use crate::portal::sign_in::password_page::PasswordPage;
use crate::portal::sign_in::step::{SignInStep, StepProblem};
use crate::portal::sign_in::towards::{address, destination};
use crate::principal::method::Method;
use crate::sign_in::goal::Goal;
use crate::sign_in::password::KINDS;
use crate::sign_in::position::AskedStep;
use crate::sign_in::push::{PushEnding, Waited};

/// The page of the check that is asked for.
pub(super) fn ask(
    visit: &Visit,
    goal: &Goal,
    asked: &AskedStep,
    problem: Option<StepProblem>,
    name: &str,
    waited: Option<&Waited>,
) -> Response {
    let standing = asked.user.as_ref().map(|user| user.standing());
    let status = if problem.is_some() { StatusCode::UNAUTHORIZED } else { StatusCode::OK };
    let step = SignInStep {
        barrier: Barrier::of(&asked.trace, &asked.policy, standing.as_ref().map(|standing| &***standing)),
        destination: destination(visit, goal),
        departure: Some(goal.id().to_owned()),
        why: asked.turn.refusal(),
        problem,
    };
    let user = asked.user.as_ref().map(|user| user.id().to_string()).unwrap_or_default();
    let target = visit.core.config().file.app.iter().find(|app| Some(app.name.as_str()) == goal.app()).map(|app| app.url.clone());
    let targets: Vec<&str> = target.as_deref().into_iter().collect();
    let frame = visit.frame();
    let check = asked.turn.check();
    let other = match check {
        Check::PrimaryFactor => !asked.turn.methods().both(KINDS).is_empty(),
        _ => asked.usable.iter().any(|method| *method != Method::Push),
    };
    if let Some(page) = waited.and_then(|waited| waiting(visit, goal, check, step.clone(), waited, other)) {
        return page;
    }
    let wanted = match visit.parts.uri.path() {
        paths::PASSWORD => "password".to_owned(),
        _ => visit.query("method").unwrap_or_default(),
    };
    match check {
        Check::PrimaryFactor => {
            let fixed = asked.turn.refusal() != Refusal::PrimaryFactorMissing && !user.is_empty();
            let shown = if fixed { user } else { name.to_owned() };
            let by_push = asked.turn.methods().contains(Method::Push);
            let push_first = asked.policy.base.primary_factor.first == Some(Method::Push);
            if by_push && (!other || wanted == "push" || (push_first && wanted != "password")) {
                let password_at = other.then(|| format!("{}&method=password", address(goal)));
                return visit.page(status, &PushPage { frame, step, user: shown, user_is_fixed: fixed, password_at }, &targets);
            }
            let push_at = by_push.then(|| offered(goal));
            visit.page(
                status,
                &PasswordPage { frame, step, user: shown, user_is_fixed: fixed, both: asked.both, push_at },
                &targets,
            )
        }
        Check::Cookie | Check::Otp => {
            let push_at = asked.usable.contains(&Method::Push).then(|| offered(goal));
            if push_at.is_some() && (wanted == "push" || !other) {
                return visit.page(status, &PhonePage { frame, step, user, registers: check == Check::Cookie }, &targets);
            }
            let usable: Vec<CodeMethod> = asked.usable.iter().filter_map(|method| otp_method(*method)).collect();
            let Some(method) = usable.iter().copied().find(|method| method.word() == wanted).or_else(|| usable.first().copied())
            else {
                let missing = match (asked.accepted.contains(Method::Totp), asked.accepted.contains(Method::Push)) {
                    _ if asked.phone_rests => Missing::Rest,
                    (true, true) => Missing::Either,
                    (false, true) => Missing::Phone,
                    _ => Missing::Authenticator,
                };
                return visit.page(status, &NoAuthenticatorPage { frame, step, user, missing }, &targets);
            };
            let others = usable.into_iter().filter(|other| *other != method).collect();
            if asked.turn.check() == Check::Otp {
                return visit.page(status, &OtpPage { frame, step, user, method, others, push_at }, &targets);
            }
            let lasts_days = visit.core.config().file.session.browser.0.as_secs() / 86_400;
            let passes_otp_too = asked
                .policy
                .demands(standing.as_ref().map(|standing| &***standing))
                .any(|demands| demands.otp.mode == crate::chain::policy::Mode::Require);
            let name = visit.visitor().agent.to_owned();
            let page = BrowserPage { frame, step, user, method, others, push_at, name, lasts_days, passes_otp_too };
            visit.page(status, &page, &targets)
        }
        // The portal cannot ask for what the connection shows: the chain refuses instead.
        Check::IpRestriction | Check::ClientCertificate | Check::DesktopSso => {
            visit.error(StatusCode::FORBIDDEN, asked.turn.refusal().code())
        }
    }
}

const fn otp_method(method: Method) -> Option<CodeMethod> {
    match method {
        Method::Totp => Some(CodeMethod::Totp),
        Method::RecoveryCode => Some(CodeMethod::RecoveryCode),
        _ => None,
    }
}

/// The page that waits for the phone, if the question on the phone is for the check that is asked for.
pub(in crate::portal) fn waiting(
    visit: &Visit,
    goal: &Goal,
    check: Check,
    step: SignInStep,
    waited: &Waited,
    other: bool,
) -> Option<Response> {
    let asked = match (waited.waiting.purpose, check) {
        (Purpose::SignIn, Check::PrimaryFactor) => PhoneStep::SignIn,
        (Purpose::RegisterBrowser, Check::Cookie) => PhoneStep::Browser,
        (Purpose::SecondFactor, Check::Otp) => PhoneStep::SecondFactor,
        _ => return None,
    };
    let method = if asked == PhoneStep::SignIn { "password" } else { "totp" };
    let page = WaitingPage {
        frame: visit.frame(),
        step,
        user: waited.waiting.name.clone(),
        asked,
        number: waited.number.clone(),
        left: waited.left,
        over: waited.ended.map(|ended| match ended {
            PushEnding::Denied => QuestionEnd::Denied,
            PushEnding::Expired => QuestionEnd::Expired,
            PushEnding::Cancelled => QuestionEnd::Cancelled,
            PushEnding::Superseded => QuestionEnd::Superseded,
        }),
        other_at: other.then(|| format!("{}&method={method}", address(goal))),
    };
    Some(visit.scripted_page(StatusCode::OK, &page))
}

/// Where a page offers the phone instead.
pub(in crate::portal) fn offered(goal: &Goal) -> String {
    format!("{}&method=push", address(goal))
}

//! The sign-in pages: each GET shows the step that the chain asks for, each POST submits one and goes back to the GET, so
//! that reload and back button never send anything twice.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::response::Response;
use http::StatusCode;
use http::header::{self, HeaderValue};

use crate::portal::administration;
use crate::portal::kit::barrier::Barrier;
use crate::portal::answer::RefusedPage;
use crate::portal::kit::paths;
use crate::portal::push::page::{PhonePage, PushPage};
use crate::portal::sign_in::pages::{BrowserPage, Destination, ExpiredPage, Missing, NoAuthenticatorPage, OtpMethod, OtpPage, PasswordPage, Problem, SlowDownPage, Step};
use crate::portal::push;
use crate::portal::kit::visit::Visit;
use crate::chain::Check;
use crate::chain::refusal::Refusal;
use crate::core::Core;
use crate::facts::cookies;
use crate::principal::method::Method;
use crate::sign_in::attempt::{Asked, AttemptError, Position, SignIn, Trouble};
use crate::sign_in::goal::Goal;
use crate::sign_in::password::{KINDS, Typed};
use crate::sign_in::push::Waited;

/// What the handlers share.
#[derive(Clone, Debug)]
pub(in crate::portal) struct Desk {
    pub(in crate::portal) core: Arc<Core>,
    pub(in crate::portal) sign_in: SignIn,
}

/// Pages of the portal that a sign-in may lead back to, and whether they or what they post need it fresh.
const BACK: [(&str, bool); 12] = [
    (paths::TRANSACTION_PASSWORD, true),
    (paths::LAUNCHER, false),
    (paths::ACCOUNT, false),
    (paths::SESSIONS, true),
    (paths::BROWSERS, true),
    (paths::AUTHENTICATOR, true),
    (paths::RECOVERY_CODES, true),
    (paths::PASSWORD_CHANGE, true),
    (paths::AUTHENTICATOR_ENROL, true),
    (paths::AUTHENTICATOR_REMOVE, true),
    (paths::APPROVERS, true),
    (paths::APPROVER_ADD, true),
];

/// What somebody signs in for: a page of ours, the app of a departure, or, where that is too old, nothing.
pub(in crate::portal) async fn goal(visit: &Visit, named: &str) -> Result<Goal, Response> {
    if named.is_empty() {
        return Ok(Goal::Portal { back: paths::LAUNCHER.to_owned(), fresh: false, administration: false });
    }
    if let Some((path, fresh)) = BACK.into_iter().find(|(path, _)| *path == named) {
        return Ok(Goal::Portal { back: path.to_owned(), fresh, administration: false });
    }
    if administration::is_room(named) {
        return Ok(Goal::Portal { back: named.to_owned(), fresh: true, administration: true });
    }
    match visit.core.handover().departure(named).await {
        Ok(Some(departure)) => Ok(Goal::App { id: named.to_owned(), departure }),
        Ok(None) => Err(visit.page(StatusCode::GONE, &ExpiredPage { frame: visit.frame(), start_over: None }, &[])),
        Err(error) => Err(visit.failed(&error)),
    }
}

/// GET /sign-in
pub(in crate::portal) async fn show(State(desk): State<Desk>, request: Request) -> Response {
    let (visit, _body) = match Visit::read(Arc::clone(&desk.core), request) {
        Ok(read) => read,
        Err(response) => return response,
    };
    let goal = match goal(&visit, &visit.query("for").unwrap_or_default()).await {
        Ok(goal) => goal,
        Err(response) => return response,
    };
    if let Some(response) = push::found(&desk, &visit, &goal).await {
        return response;
    }
    // A step was sent, its answer set the cookie, and the browser still brings none.
    let is_blocked = visit.is_new && visit.query(COOKIE_SET).is_some();
    // What was waited for is not known any more: over long since, or lost with a restart.
    let is_over = visit.query(ASKED).is_some();
    let problem = is_blocked.then_some(Problem::CookiesBlocked).or(is_over.then_some(Problem::QuestionOver));
    answer(&desk, &visit, &goal, problem, "", None).await
}

/// The query of a page that waits for a phone.
pub(in crate::portal) const ASKED: &str = "asked";
/// The query of a GET that follows the answer which set the sign-in's cookie.
const COOKIE_SET: &str = "cookie-set";

/// POST /sign-in/password
pub(in crate::portal) async fn password(State(desk): State<Desk>, request: Request) -> Response {
    let (visit, body) = match Visit::read(Arc::clone(&desk.core), request) {
        Ok(read) => read,
        Err(response) => return response,
    };
    let mut fields = match visit.form(body).await {
        Ok(fields) => fields,
        Err(response) => return response,
    };
    let goal = match goal(&visit, fields.text("for")).await {
        Ok(goal) => goal,
        Err(response) => return response,
    };
    let name: String = fields.text("user").chars().take(128).collect();
    let candidate = fields.secret("password");
    if name.trim().is_empty() || secrecy::ExposeSecret::expose_secret(&candidate).is_empty() {
        return answer(&desk, &visit, &goal, Some(Problem::Incomplete), &name, None).await;
    }
    let typed = Typed { password: candidate, directory: fields.secret("directory_password") };
    match desk.sign_in.password(&visit.visitor(), &goal, &name, typed).await {
        Ok(Ok(())) => next(&visit, &goal),
        Ok(Err(trouble)) => troubled(&desk, &visit, &goal, &trouble, Problem::WrongCredentials, &name).await,
        Err(error) => visit.failed(&error),
    }
}

/// POST /sign-in/otp and POST /sign-in/browser
pub(in crate::portal) async fn code(State(desk): State<Desk>, request: Request) -> Response {
    let (visit, body) = match Visit::read(Arc::clone(&desk.core), request) {
        Ok(read) => read,
        Err(response) => return response,
    };
    let mut fields = match visit.form(body).await {
        Ok(fields) => fields,
        Err(response) => return response,
    };
    let goal = match goal(&visit, fields.text("for")).await {
        Ok(goal) => goal,
        Err(response) => return response,
    };
    let (method, wrong) = match fields.text("method") {
        "recovery_code" => (Method::RecoveryCode, Problem::WrongRecoveryCode),
        _ => (Method::Totp, Problem::WrongCode),
    };
    let name: String = fields.text("name").chars().take(64).collect();
    let code = fields.secret("code");
    if secrecy::ExposeSecret::expose_secret(&code).trim().is_empty() {
        return answer(&desk, &visit, &goal, Some(Problem::Incomplete), "", None).await;
    }
    // Full-width digits are what a Japanese keyboard types.
    let code = secrecy::SecretString::from(narrow(secrecy::ExposeSecret::expose_secret(&code)));
    match desk.sign_in.code(&visit.visitor(), &goal, method, &code, Some(&name)).await {
        Ok(Ok(browser)) => {
            let mut response = next(&visit, &goal);
            if let Some(browser) = browser {
                let lasts = visit.core.config().file.session.browser.0.as_secs();
                response.headers_mut().append(header::SET_COOKIE, cookies::set(cookies::BROWSER, &browser, Some(lasts)));
            }
            response
        }
        Ok(Err(trouble)) => troubled(&desk, &visit, &goal, &trouble, wrong, "").await,
        Err(error) => visit.failed(&error),
    }
}

/// Full-width digits as narrow ones.
pub(in crate::portal) fn narrow(text: &str) -> String {
    text.chars()
        .map(|c| if ('０'..='９').contains(&c) { char::from_u32(u32::from(c) - 0xff10 + 0x30).unwrap_or(c) } else { c })
        .collect()
}

/// Back to the GET, which shows the next step or goes on to the goal.
pub(in crate::portal) fn next(visit: &Visit, goal: &Goal) -> Response {
    let mark = if visit.is_new { format!("&{COOKIE_SET}") } else { String::new() };
    visit.see_other(&format!("{}{mark}", address(goal)))
}

/// To the page that waits for the phone, which was asked now.
pub(in crate::portal) fn waits(visit: &Visit, goal: &Goal) -> Response {
    let mark = if visit.is_new { format!("&{COOKIE_SET}") } else { String::new() };
    visit.see_other(&format!("{}&{ASKED}{mark}", address(goal)))
}

/// Where the sign-in towards a goal is shown.
pub(in crate::portal) fn address(goal: &Goal) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("for", goal.id()).finish();
    format!("{}?{query}", paths::SIGN_IN)
}

pub(in crate::portal) async fn troubled(desk: &Desk, visit: &Visit, goal: &Goal, trouble: &Trouble, wrong: Problem, name: &str) -> Response {
    match trouble {
        Trouble::Wrong => answer(desk, visit, goal, Some(wrong), name, None).await,
        // The form comes back with the one name that it is good for.
        Trouble::CertificateOf(holder) => {
            let problem = Problem::CertificateOf(holder.as_str().into());
            answer(desk, visit, goal, Some(problem), holder.as_str(), None).await
        }
        Trouble::NotNow => next(visit, goal),
        Trouble::BothNeeded => answer(desk, visit, goal, Some(Problem::BothNeeded), name, None).await,
        Trouble::Busy(wait) | Trouble::Unavailable(wait) => {
            let problem = if matches!(trouble, Trouble::Busy(_)) { Problem::Busy } else { Problem::DirectoryUnavailable };
            let mut response = answer(desk, visit, goal, Some(problem), name, None).await;
            *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
            retry_after(&mut response, *wait);
            response
        }
        Trouble::SlowDown(wait) => {
            let page =
                SlowDownPage { frame: visit.frame(), barrier: None, departure: Some(goal.id().to_owned()), retry_after: *wait };
            let mut response = visit.page(StatusCode::TOO_MANY_REQUESTS, &page, &[]);
            retry_after(&mut response, *wait);
            response
        }
    }
}

pub(in crate::portal) fn retry_after(response: &mut Response, wait: Duration) {
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
}

/// Shows where the sign-in stands, or ends it.
pub(in crate::portal) async fn answer(
    desk: &Desk,
    visit: &Visit,
    goal: &Goal,
    problem: Option<Problem>,
    name: &str,
    waited: Option<Waited>,
) -> Response {
    let position = match desk.sign_in.position(&visit.visitor(), goal).await {
        Ok(position) => position,
        Err(AttemptError::Gone) => {
            return visit.page(StatusCode::GONE, &ExpiredPage { frame: visit.frame(), start_over: None }, &[]);
        }
        Err(error) => return visit.failed(&error),
    };
    match position {
        Position::Passed { session, cookie } => {
            let mut response = match goal {
                Goal::Portal { back, .. } => visit.see_other(back),
                Goal::App { id, departure } => match onward(visit, id, departure, session.id()).await {
                    Ok(location) => {
                        let app = destination(visit, goal).map_or_else(|| departure.app.clone(), |to| to.title);
                        visit.leave_for(&address(goal), &app, &location)
                    }
                    Err(response) => return response,
                },
            };
            if let Some(cookie) = cookie {
                response.headers_mut().append(header::SET_COOKIE, cookies::set(cookies::SESSION, &cookie, None));
            }
            response
        }
        Position::Refused { refusal, trace, user } => {
            let page = RefusedPage {
                frame: visit.frame(),
                barrier: Some(Barrier::of(&trace, &crate::chain::policy::Policy::default(), None)),
                destination: destination(visit, goal),
                refusal,
                address: Some(visit.arrival.address.to_string()),
                user: user.map(|user| user.to_string()),
            };
            visit.page(StatusCode::FORBIDDEN, &page, &[])
        }
        Position::Asked(asked) => {
            if waited.is_none() && begins_by_itself(visit, &asked, problem.as_ref()) {
                // Asked once, when the step is come to; asking again is the person's to say (T41).
                return match desk.sign_in.ask_for_step(&visit.visitor(), goal).await {
                    Ok(Ok(())) => waits(visit, goal),
                    Ok(Err(_)) => ask(visit, goal, &asked, problem, name, None),
                    Err(error) => visit.failed(&error),
                };
            }
            ask(visit, goal, &asked, problem, name, waited.as_ref())
        }
    }
}

/// The app's callback with a one-time code.
async fn onward(
    visit: &Visit,
    id: &str,
    departure: &crate::session::handover::Departure,
    session: crate::session::SessionId,
) -> Result<String, Response> {
    let config = visit.core.config();
    let app = config.file.app.iter().find(|app| app.name == departure.app);
    let code = visit.core.handover().issue(id, session).await.map_err(|error| visit.failed(&error))?;
    match (app, code) {
        (Some(app), Some(code)) => Ok(format!("{}/.sekisho/callback?code={code}", app.url.trim_end_matches('/'))),
        _ => Err(visit.page(StatusCode::GONE, &ExpiredPage { frame: visit.frame(), start_over: None }, &[])),
    }
}

fn destination(visit: &Visit, goal: &Goal) -> Option<Destination> {
    let Goal::App { departure, .. } = goal else { return None };
    let config = visit.core.config();
    let app = config.file.app.iter().find(|app| app.name == departure.app)?;
    let host = url::Url::parse(&app.url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    Some(Destination { title: app.title.clone().unwrap_or_else(|| app.name.clone()), host, holds_post: departure.held.is_some() })
}

/// Whether the phone is asked without a further word: at check 6, where it is the first way.
fn begins_by_itself(visit: &Visit, asked: &Asked, problem: Option<&Problem>) -> bool {
    let is_first = asked.usable.first() == Some(&Method::Push) && asked.turn.check() == Check::Otp;
    is_first && problem.is_none() && visit.parts.method == http::Method::GET && visit.query("method").is_none()
}

/// The page of the check that is asked for.
fn ask(visit: &Visit, goal: &Goal, asked: &Asked, problem: Option<Problem>, name: &str, waited: Option<&Waited>) -> Response {
    let standing = asked.user.as_ref().map(|user| user.standing());
    let status = if problem.is_some() { StatusCode::UNAUTHORIZED } else { StatusCode::OK };
    let step = Step {
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
    if let Some(page) = waited.and_then(|waited| push::waiting(visit, goal, check, step.clone(), waited, other)) {
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
            let push_at = by_push.then(|| push::offered(goal));
            visit.page(
                status,
                &PasswordPage { frame, step, user: shown, user_is_fixed: fixed, both: asked.both, push_at },
                &targets,
            )
        }
        Check::Cookie | Check::Otp => {
            let push_at = asked.usable.contains(&Method::Push).then(|| push::offered(goal));
            if push_at.is_some() && (wanted == "push" || !other) {
                return visit.page(status, &PhonePage { frame, step, user, registers: check == Check::Cookie }, &targets);
            }
            let usable: Vec<OtpMethod> = asked.usable.iter().filter_map(|method| otp_method(*method)).collect();
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
        // The portal cannot ask for what a connection shows; the chain refuses there instead.
        Check::IpRestriction | Check::ClientCertificate | Check::DesktopSso => {
            visit.error(StatusCode::FORBIDDEN, asked.turn.refusal().code())
        }
    }
}

const fn otp_method(method: Method) -> Option<OtpMethod> {
    match method {
        Method::Totp => Some(OtpMethod::Totp),
        Method::RecoveryCode => Some(OtpMethod::RecoveryCode),
        _ => None,
    }
}

/// Where a page that needs a sign-in sends those without.
pub(in crate::portal) fn first_sign_in(visit: &Visit, path: &str) -> Response {
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("for", path).finish();
    visit.see_other(&format!("{}?{query}", paths::SIGN_IN))
}

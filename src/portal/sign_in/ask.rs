//! The page of the check that is asked for.

use axum::response::Response;
use http::StatusCode;

use crate::approval::question::Purpose;
use crate::chain::Check;
use crate::chain::refusal::Refusal;
use crate::portal::idp::page::{IdpPage, ProviderButton, ProviderChoice, begins_at};
use crate::portal::kit::barrier::Barrier;
use crate::portal::kit::page::Frame;
use crate::portal::kit::paths;
use crate::portal::kit::visit::Visit;
use crate::portal::matrix::page::MatrixPage;
use crate::portal::matrix::token_page::TokenPage;
use crate::portal::passkey::page::PasskeyPage;
use crate::portal::passkey::part::PasskeyOffer;
use crate::portal::push::page::{PhonePage, PhoneStep, PushPage, QuestionEnd, WaitingPage};
use crate::portal::sign_in::code_page::{BrowserPage, CodeMethod, Missing, NoAuthenticatorPage, OtpPage};
use crate::portal::sign_in::device_page::{self, APPLY, offered as applies_at};
use crate::portal::sign_in::password_page::{DomainChoice, PasswordPage, choices};
use crate::portal::sign_in::step::{OpenedBy, SignInStep, StepProblem, TypedName};
use crate::portal::sign_in::ticket::TicketWanted;
use crate::portal::sign_in::ticket_page::TicketPage;
use crate::portal::sign_in::towards::{address, destination};
use crate::principal::method::Method;
use crate::sign_in::goal::Goal;
use crate::sign_in::matrix;
use crate::sign_in::password::KINDS;
use crate::sign_in::position::AskedStep;
use crate::sign_in::push::{PushEnding, Waited};

/// The page of the check that is asked for, marked where a ticket is asked for or offered.
pub(super) fn ask(
    visit: &Visit,
    goal: &Goal,
    asked: &AskedStep,
    problem: Option<StepProblem>,
    typed: TypedName<'_>,
    waited: Option<&Waited>,
) -> Response {
    let mut page = page_of(visit, goal, asked, problem, typed, waited);
    if asked.wants_ticket {
        page.extensions_mut().insert(TicketWanted);
    }
    page
}

fn page_of(
    visit: &Visit,
    goal: &Goal,
    asked: &AskedStep,
    problem: Option<StepProblem>,
    TypedName { name, domain }: TypedName<'_>,
    waited: Option<&Waited>,
) -> Response {
    let standing = asked.user.as_ref().map(|user| user.standing());
    let status = if problem.is_some() { StatusCode::UNAUTHORIZED } else { StatusCode::OK };
    let mut step = SignInStep {
        matrix_at: None,
        token_at: None,
        opened_by_phone: None,
        approver_at: format!("{}/approver/", visit.core.config().file.portal.url.trim_end_matches('/')),
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
    let idp = choice(visit, goal, asked);
    let by_password = !asked.turn.methods().both(KINDS).is_empty();
    let other = match check {
        Check::PrimaryFactor => by_password || !idp.is_empty(),
        _ => asked.usable.iter().any(|method| *method != Method::Push),
    };
    if let Some(page) = waited.and_then(|waited| waiting(visit, goal, check, step.clone(), waited, other)) {
        return page;
    }
    let wanted = match visit.parts.uri.path() {
        paths::PASSWORD => "password".to_owned(),
        // An address that no provider has people at: the page with its field, whatever is offered first.
        paths::IDP_FIND => "password".to_owned(),
        paths::MATRIX => "matrix".to_owned(),
        paths::TOKEN_MATRIX => "token_matrix".to_owned(),
        paths::PASSKEY => "passkey".to_owned(),
        // A code that was wrong is asked for again.
        paths::OTP | paths::BROWSER if step.problem == Some(StepProblem::WrongRecoveryCode) => {
            CodeMethod::RecoveryCode.word().to_owned()
        }
        paths::OTP | paths::BROWSER => "code".to_owned(),
        paths::DEVICE => APPLY.to_owned(),
        _ => visit.query("method").unwrap_or_default(),
    };
    match check {
        Check::PrimaryFactor => {
            // Somebody who has signed in, or whose ticket is required: it must be the same user.
            let fixed = (asked.turn.refusal() != Refusal::PrimaryFactorMissing || asked.ticket_binds) && !user.is_empty();
            let shown = if fixed || name.is_empty() { user } else { name.to_owned() };
            let by_push = asked.turn.methods().contains(Method::Push);
            let first = asked.policy.base.primary_factor.first;
            let by_passkey = asked.turn.methods().contains(Method::Passkey);
            let beside = PatternStep {
                matrix: asked.turn.methods().contains(Method::Matrix),
                token: asked.turn.methods().contains(Method::TokenMatrix),
                password: by_password,
                idp: !idp.is_empty(),
                push: by_push,
                passkey: by_passkey,
            };
            // Of the forms that login-protect keeps shut, and while it does.
            let opened_by = OpenedBy::of(&asked.policy).filter(|_| !asked.both && !visit.core.login_protect().is_disabled());
            if let Some(method) = beside.leads_to(&wanted, first) {
                step.opened_by_phone = opened_by;
                return pattern_page(visit, goal, frame, step, (shown, fixed, domain), (beside, method), &targets);
            }
            step.matrix_at = beside.matrix.then(|| by(goal, Method::Matrix));
            step.token_at = beside.token.then(|| by(goal, Method::TokenMatrix));
            // A user name that is fixed is no field to choose a passkey in.
            let passkey = by_passkey.then(|| PasskeyOffer {
                conditional: !fixed,
                first: first == Some(Method::Passkey),
                browser_name: None,
            });
            if by_push && (!other || wanted == "push" || (first == Some(Method::Push) && wanted != "password")) {
                let password_at = other.then(|| format!("{}&method=password", address(goal)));
                let page = PushPage { frame, step, user: shown, user_is_fixed: fixed, password_at, by_password, passkey };
                return visit.scripted_page_towards(status, &page, &targets);
            }
            let push_at = by_push.then(|| offered(goal));
            if let (Some(offer), false) = (&passkey, by_password) {
                let offer = PasskeyOffer { first: true, conditional: false, ..offer.clone() };
                let (user, others) = (String::new(), Vec::new());
                let page = PasskeyPage { frame, step, check, user, offer, others, push_at, idp };
                return visit.scripted_page_towards(status, &page, &targets);
            }
            if !by_password && !idp.is_empty() {
                let user = if fixed { shown } else { String::new() };
                return visit.scripted_page_towards(status, &IdpPage { frame, step, user, idp, push_at }, &targets);
            }
            step.opened_by_phone = opened_by;
            let idp_first = first == Some(Method::Idp) && !idp.is_empty();
            let domains = if fixed || asked.both { Vec::new() } else { domains(visit, asked, domain) };
            let page = PasswordPage {
                frame,
                step,
                user: shown,
                user_is_fixed: fixed,
                domains,
                both: asked.both,
                push_at,
                idp,
                idp_first,
                passkey,
            };
            visit.scripted_page_towards(status, &page, &targets)
        }
        Check::Cookie | Check::Otp => {
            if let Some(page) = device_page::page(visit, goal, asked, &step, &wanted, &targets) {
                return page;
            }
            let push_at = asked.usable.contains(&Method::Push).then(|| offered(goal));
            if push_at.is_some() && (wanted == "push" || !other) {
                return visit.scripted_page_towards(
                    status,
                    &PhonePage {
                        frame,
                        step,
                        user,
                        registers: check == Check::Cookie,
                        by_passkey: asked.by_passkey,
                        apply_at: applies_at(goal, asked),
                    },
                    &targets,
                );
            }
            let usable: Vec<CodeMethod> = asked.usable.iter().filter_map(|method| otp_method(*method)).collect();
            let has_passkey = asked.usable.contains(&Method::Passkey);
            // Of a passkey and a code the one that the user used last; else that which the policy names first, and a passkey where it
            // names no order.
            let code_first = match asked.last {
                Some(Method::Totp) => true,
                Some(Method::Passkey) => false,
                _ => asked.policy.base.otp.names_before(Method::Totp, Method::Passkey),
            };
            if has_passkey && ((wanted.is_empty() && !code_first) || wanted == "passkey" || usable.is_empty()) {
                let browser_name = (check == Check::Cookie).then(|| visit.visitor().agent.to_owned());
                let offer = PasskeyOffer { conditional: false, first: true, browser_name };
                let page =
                    PasskeyPage { frame, step, check, user, offer, others: usable, push_at, idp: ProviderChoice::default() };
                return visit.scripted_page_towards(status, &page, &targets);
            }
            let Some(method) = usable.iter().copied().find(|method| method.word() == wanted).or_else(|| usable.first().copied())
            else {
                let missing = match (asked.accepted.contains(Method::Totp), asked.accepted.contains(Method::Push)) {
                    _ if asked.phone_rests => Missing::Rest,
                    (false, false) if asked.accepted.contains(Method::Passkey) => Missing::Passkey,
                    (true, true) => Missing::Either,
                    (false, true) => Missing::Phone,
                    _ => Missing::Authenticator,
                };
                return visit.scripted_page_towards(status, &NoAuthenticatorPage { frame, step, user, missing }, &targets);
            };
            let others = usable.into_iter().filter(|other| *other != method).collect();
            if asked.turn.check() == Check::Otp {
                return visit.scripted_page_towards(
                    status,
                    &OtpPage { frame, step, user, method, others, push_at, has_passkey },
                    &targets,
                );
            }
            let lasts_days = visit.core.config().file.session.browser.0.as_secs() / 86_400;
            let passes_otp_too = asked
                .policy
                .demands(standing.as_ref().map(|standing| &***standing))
                .any(|demands| demands.otp.mode == crate::chain::policy::Mode::Require);
            let name = visit.visitor().agent.to_owned();
            let apply_at = applies_at(goal, asked);
            let page = BrowserPage {
                frame,
                step,
                user,
                method,
                others,
                push_at,
                has_passkey,
                apply_at,
                name,
                lasts_days,
                passes_otp_too,
            };
            visit.scripted_page_towards(status, &page, &targets)
        }
        Check::DesktopSso => {
            let is_asked = visit.core.kerberos_tickets().asks(visit.arrival.address.ip());
            visit.scripted_page_towards(StatusCode::FORBIDDEN, &TicketPage { frame, step, user, is_asked }, &targets)
        }
        // The portal cannot ask for what the connection shows: the chain refuses instead.
        Check::IpRestriction | Check::ClientCertificate => visit.error(StatusCode::FORBIDDEN, asked.turn.refusal().code()),
    }
}

/// The methods of a step, as the pages of a pattern see them.
#[derive(Clone, Copy)]
struct PatternStep {
    matrix: bool,
    token: bool,
    password: bool,
    idp: bool,
    push: bool,
    passkey: bool,
}

impl PatternStep {
    /// Whose page is shown: with a table on it, or for the table of a phone, if that was asked for, if the policy names it first, or if
    /// nothing else is accepted. `None`: the page of another method.
    fn leads_to(self, wanted: &str, first: Option<Method>) -> Option<Method> {
        let accepted = [(self.matrix, Method::Matrix), (self.token, Method::TokenMatrix)];
        let any = self.password || self.idp || self.push || self.passkey;
        let instead = match wanted {
            "matrix" if self.matrix => return Some(Method::Matrix),
            "token_matrix" if self.token => return Some(Method::TokenMatrix),
            "password" => !any,
            "push" => !self.push,
            "passkey" => !self.passkey,
            _ => !any || accepted.iter().any(|(is, method)| *is && first == Some(*method)),
        };
        let in_order = accepted.iter().filter(|(is, _)| instead && *is).map(|(_, method)| *method);
        in_order.clone().find(|method| first == Some(*method)).or_else(|| in_order.clone().next())
    }
}

fn pattern_page(
    visit: &Visit,
    goal: &Goal,
    frame: Frame,
    step: SignInStep,
    (user, user_is_fixed, domain): (String, bool, &str),
    (beside, method): (PatternStep, Method),
    targets: &[&str],
) -> Response {
    let status = if step.problem.is_some() { StatusCode::UNAUTHORIZED } else { StatusCode::OK };
    let directories = visit.core.ad_passwords().directories();
    let all = if user_is_fixed { Vec::new() } else { directories.domains() };
    let domains = if all.is_empty() { Vec::new() } else { choices(true, all, domain, "") };
    let other = beside.password || beside.idp || beside.passkey;
    let other_at = other.then(|| format!("{}&method=password", address(goal)));
    let push_at = beside.push.then(|| offered(goal));
    if method == Method::TokenMatrix {
        let table_at = beside.matrix.then(|| by(goal, Method::Matrix));
        let page = TokenPage { frame, step, user, user_is_fixed, domains, table_at, other_at, push_at };
        return visit.scripted_page_towards(status, &page, targets);
    }
    // Where sizes differ, the size follows from the name.
    let is_shown = visit.core.matrices().only_shape().is_some() || !user.trim().is_empty();
    let table = match is_shown.then(|| matrix::table(&visit.core, &visit.visitor(), goal, &user, domain)).transpose() {
        Ok(table) => table,
        Err(error) => return visit.failed(&error),
    };
    let phone_at = beside.token.then(|| by(goal, Method::TokenMatrix));
    let page = MatrixPage { frame, step, user, user_is_fixed, domains, table, other_at, phone_at, push_at };
    visit.page(status, &page, targets)
}

/// Where this method is used at the step.
fn by(goal: &Goal, method: Method) -> String {
    format!("{}&method={}", address(goal), method.word())
}

/// What the chooser offers beside the name: nothing where a name alone says whose password it is.
fn domains(visit: &Visit, asked: &AskedStep, chosen: &str) -> Vec<DomainChoice> {
    let directories = visit.core.ad_passwords().directories();
    let (own, theirs) = [Method::Password, Method::AdPassword].map(|one| asked.turn.methods().contains(one)).into();
    let all = directories.domains();
    let [only] = all.as_slice() else { return choices(own, all, chosen, directories.of("").map_or("", |one| one.name())) };
    match theirs && own && directories.name_here(&only.value, "x").is_some_and(|name| name != "x") {
        true => choices(own, all, chosen, ""),
        false => Vec::new(),
    }
}

/// The identity providers that the step takes.
fn choice(visit: &Visit, goal: &Goal, asked: &AskedStep) -> ProviderChoice {
    if asked.turn.check() != Check::PrimaryFactor || !asked.turn.methods().contains(Method::Idp) {
        return ProviderChoice::default();
    }
    let all = visit.core.idp().all();
    let with_button = all.iter().filter(|provider| provider.settings().section().button);
    let buttons = with_button.map(|provider| {
        let settings = provider.settings();
        let path = begins_at(settings.name(), goal.id(), None);
        ProviderButton { title: settings.title().to_owned(), path, is_down: provider.shown() }
    });
    let by_mail = all.iter().any(|provider| !provider.settings().section().mail_domains.is_empty());
    ProviderChoice { buttons: buttons.collect(), by_mail }
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

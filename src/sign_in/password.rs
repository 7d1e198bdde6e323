//! Check 4 by a password, our own or the directory's: which attempts are judged, which login-protect window is taken, what
//! is counted.
//! A refused attempt takes the same work and gets the same answer whatever the reason. If a policy accepts both kinds, every
//! attempt runs both verifiers, the one that the user does not have against a dummy credential, so that timing does not
//! reveal which kind an account uses (user enumeration, T31).

use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};

use super::engine::{AttemptError, Look, Rejection, SignIn};
use super::goal::Goal;
use super::visitor::Visitor;
use crate::account::regulation::{AttemptKind, AttemptRefused, Reservation};
use crate::chain::evidence::Gathered;
use crate::chain::refusal::Refusal;
use crate::chain::{Check, Turn, Verdict};
use crate::directory::{DirectoryError, DirectoryPerson, Reason};
use crate::factor::{Proof, hybrid, password};
use crate::login_protect::{LoginAdmission, Shut};
use crate::principal::method::{Method, Methods};
use crate::principal::service::Service;
use crate::principal::user::UserId;
use crate::telemetry::strangers::{self, Kind};

/// The kinds of password that are judged here.
pub const KINDS: Methods = Methods::of(&[Method::Password, Method::AdPassword]);
/// When the client may retry if the directory does not answer.
pub(super) const LATER: Duration = Duration::from_secs(5);

/// What was typed into a form.
#[derive(Debug)]
pub struct Typed {
    /// The password; which one it is depends on the user.
    pub password: SecretString,
    /// The directory's, where both are asked for; empty elsewhere.
    pub directory: SecretString,
    /// The directory that was chosen beside the name; empty where none was.
    pub domain: String,
}

/// A password on its way to be judged.
struct Candidate<'a> {
    visitor: &'a Visitor<'a>,
    goal: &'a Goal,
    name: &'a str,
    typed: Typed,
    /// The verifiers that run, whichever user is named.
    effort: Methods,
}

/// What one kind of password came to.
enum PasswordJudgement {
    Right(Box<(Proof, Option<DirectoryPerson>)>),
    Wrong(WrongReason),
    Busy(Duration),
    /// The directory does not answer.
    Unreachable,
}

/// Why a password is wrong: for the audit log only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WrongReason {
    /// It is not the user's password.
    Password,
    /// Ours is right, and the directory's that was typed beside it is not.
    DirectoryBeside,
    /// The directory refused it, for the reason with this code.
    ByDirectory(Reason),
}

impl WrongReason {
    /// The word in the audit log.
    const fn word(self) -> &'static str {
        match self {
            Self::Password => "wrong",
            Self::DirectoryBeside => "directory_not_right",
            Self::ByDirectory(reason) => reason.code(),
        }
    }
}

impl SignIn {
    /// Check 4 by a password.
    ///
    /// # Errors
    /// [`AttemptError`]; a submission that does not help is `Ok(Err(Rejection))`.
    pub async fn password(
        &self,
        visitor: &Visitor<'_>,
        goal: &Goal,
        name: &str,
        typed: Typed,
    ) -> Result<Result<(), Rejection>, AttemptError> {
        // A name beside a domain is one name of ours, whatever is known of it.
        let directories = self.core.ad_passwords().directories();
        let named = directories.name_here(&typed.domain, name);
        let name = named.as_deref().unwrap_or(name);
        // Where nobody may sign in at all, no attempt is counted and no work is done, whichever user is named.
        let ticket = self.ticket_of(visitor, goal, name).await?;
        let anybody = self.look(visitor, goal, &ticket, None).await?;
        if let Some(rejection) = self.without_ticket(visitor, goal, &anybody).await? {
            return Ok(Err(rejection));
        }
        // Over a connection whose certificate names a user, every other name is nobody's: what is known of it, and what is
        // typed beside it, changes neither the work nor the answer (T31).
        let is_not_of = anybody.is_not_of(name);
        let tried = self.password_of(visitor, goal, name, typed, (&anybody, &ticket), is_not_of.is_some()).await?;
        Ok(tried.map_err(|trouble| match (trouble, is_not_of) {
            (Rejection::Wrong, Some(holder)) => Rejection::CertificateOf(holder),
            (trouble, _) => trouble,
        }))
    }

    async fn password_of(
        &self,
        visitor: &Visitor<'_>,
        goal: &Goal,
        name: &str,
        typed: Typed,
        (anybody, ticket): (&Look, &Gathered),
        is_of_another: bool,
    ) -> Result<Result<(), Rejection>, AttemptError> {
        let both = self.core.login_protect().asks_for_both(anybody.policy.services_of_anybody()).await;
        // Who chose a directory means its password.
        let is_of_directory = !both && self.core.ad_passwords().directories().named(&typed.domain).is_some();
        let kinds = if is_of_directory { Methods::of(&[Method::AdPassword]) } else { KINDS };
        let accepted = match &anybody.verdict {
            Verdict::Refuse(_) => return Ok(Err(Rejection::NotNow)),
            Verdict::Ask(turn) if turn.check() == Check::PrimaryFactor => turn.methods().both(kinds),
            Verdict::Ask(_) | Verdict::Pass(_) | Verdict::Hold(_) => Methods::NONE,
        };
        if both && typed.directory.expose_secret().is_empty() {
            return Ok(Err(Rejection::BothNeeded));
        }
        let effort = match accepted {
            _ if both => KINDS,
            none if none.is_empty() => Methods::of(&[Method::Password]),
            some => some,
        };
        let candidate = Candidate { visitor, goal, name, typed, effort };
        let named = UserId::parse(name).ok().and_then(|id| self.core.users().find(&id)).filter(|_| !is_of_another);
        // Judged with the user named, so that a user's own lists hold before anything of theirs is looked at.
        let look = self.look(visitor, goal, ticket, named.as_ref()).await?;
        let standing = named.as_ref().map(|user| user.standing());
        let services: Vec<Service> = look.policy.protecting(standing.as_ref().map(|standing| &***standing)).cloned().collect();
        let turn = match look.verdict {
            _ if is_of_another => Err(Refusal::CertificateOfAnotherUser.code()),
            Verdict::Ask(turn) if turn.check() == Check::PrimaryFactor => {
                match kind(turn.methods().both(kinds), look.policy.base.primary_factor.first) {
                    Some(kind) => Ok((turn, kind)),
                    None => Err("no_method_assigned"),
                }
            }
            Verdict::Ask(_) | Verdict::Refuse(_) | Verdict::Pass(_) | Verdict::Hold(_) => {
                Err(look.trace.failed().map_or("no_method_assigned", |(_, refusal)| refusal.code()))
            }
        };
        let user = named.filter(|user| user.standing().enabled);
        // The window of the user; of no user if a check before this one does not pass.
        let admitted = match (&turn, &user) {
            (Ok(_), Some(user)) => self.admit(name, visitor, Some(user.id()), &services).await,
            _ => self.admit(name, visitor, None, &services).await,
        };
        let admitted = match admitted {
            Ok(admitted) => admitted,
            Err(NotEvaluated::Held(trouble)) => {
                self.failed(visitor, goal, name, some(effort), "locked");
                return Ok(Err(trouble));
            }
            // No failure is counted: attempts at a closed form lock nobody out.
            Err(NotEvaluated::Shut(why)) => return self.pretend(None, candidate, why).await,
        };
        let instead = match &admitted {
            LoginAdmission::One(admission) => admission.is_as_open().then_some("login_protect.as_open"),
            LoginAdmission::Both(_) => Some("login_protect.require_ad_password"),
        };
        if let Some(what) = instead {
            self.core.audit().note(self.event(what, visitor, goal).user(name).detail("why", "state_unavailable"));
        }
        let reservation = match self.reserve(AttemptKind::First, name, visitor).await? {
            Ok(reservation) => reservation,
            Err(trouble) => {
                self.failed(visitor, goal, name, some(effort), "locked");
                return Ok(Err(trouble));
            }
        };
        let (turn, kind) = match turn {
            Ok(turn) => turn,
            Err(why) => return self.pretend(Some(reservation), candidate, why).await,
        };
        let Some(user) = user else {
            return self.pretend(Some(reservation), candidate, "unknown_or_disabled").await;
        };
        match (admitted, kind) {
            // A user without a password of ours cannot have both.
            (LoginAdmission::Both(_), Method::AdPassword) => {
                self.pretend(Some(reservation), candidate, "no_method_assigned").await
            }
            (admitted, kind) => self.judge(reservation, candidate, (turn, kind), user.id(), admitted).await,
        }
    }

    /// Judges what may be judged, and notes what it earned.
    async fn judge(
        &self,
        reservation: Reservation,
        candidate: Candidate<'_>,
        (turn, kind): (Turn, Method),
        user: &UserId,
        admitted: LoginAdmission,
    ) -> Result<Result<(), Rejection>, AttemptError> {
        let (core, Candidate { visitor, goal, name, typed, effort }) = (&self.core, candidate);
        let Typed { password, directory, .. } = typed;
        let is_one = matches!(admitted, LoginAdmission::One(_));
        let (own, theirs) = match (admitted, kind) {
            (LoginAdmission::Both(admission), _) => {
                let both = (password, &directory);
                match hybrid::verify(core.passwords(), core.ad_passwords(), user, both, admission).await {
                    Ok(proof) => (Some(PasswordJudgement::Right(Box::new((proof, None)))), None),
                    Err(failure) => {
                        // One right password is a wrong attempt like any other.
                        let own = failure
                            .own
                            .map_or_else(own_failure, |()| Ok(PasswordJudgement::Wrong(WrongReason::DirectoryBeside)))?;
                        let theirs = failure
                            .directory
                            .map_or_else(directory_failure, |()| Ok(PasswordJudgement::Wrong(WrongReason::Password)))?;
                        (Some(own), Some(theirs))
                    }
                }
            }
            (LoginAdmission::One(admission), Method::AdPassword) => {
                let idle = async {
                    match effort.contains(Method::Password) {
                        true => Some(core.passwords().pretend(password.clone()).await),
                        false => None,
                    }
                };
                let (theirs, own) = tokio::join!(core.ad_passwords().verify(user, &password, admission), idle);
                let own = own.map(pretended).transpose()?;
                let right = |(proof, person)| Ok(PasswordJudgement::Right(Box::new((proof, Some(person)))));
                (own, Some(theirs.map_or_else(directory_failure, right)?))
            }
            (LoginAdmission::One(admission), _) => {
                let idle = async {
                    match effort.contains(Method::AdPassword) {
                        true => Some(core.ad_passwords().pretend(name, &password).await),
                        false => None,
                    }
                };
                let (own, theirs) = tokio::join!(core.passwords().verify(user, password.clone(), admission), idle);
                let own = own.map_or_else(own_failure, |proof| Ok(PasswordJudgement::Right(Box::new((proof, None)))))?;
                (Some(own), theirs.map(pretended_there).transpose()?)
            }
        };
        // Of the kind that is the user's; the other was worked at for nobody, or is wrong together with this one.
        let (decides, beside) = if kind == Method::AdPassword { (theirs, own) } else { (own, theirs) };
        let (proof, person) = match decides {
            Some(PasswordJudgement::Right(right)) => *right,
            // Right, and to be changed first: only the owner of the password learns that.
            Some(PasswordJudgement::Wrong(WrongReason::ByDirectory(reason))) if is_one && reason.is_to_be_changed() => {
                self.failed(visitor, goal, name, kind, reason.code());
                core.regulation().succeeded(reservation).await?;
                let here = self.begin_change(visitor, goal, user, reason).await?;
                return Ok(Err(if here { Rejection::MustChange } else { Rejection::MustChangeThere }));
            }
            decides => return self.refused(Some(reservation), visitor, goal, name, kind, [decides, beside]).await,
        };
        let Ok(earned) = turn.earn(proof) else { return Ok(Err(Rejection::NotNow)) };
        if let Some(person) = person {
            core.follow_directory(user, &person).await.map_err(|error| AttemptError::Factor(error.to_string()))?;
        }
        core.regulation().succeeded(reservation).await?;
        self.in_progress.begin(visitor.sign_in_cookie, goal.id(), user, &earned).await?;
        core.audit().note(
            self.event("sign_in.step", visitor, goal)
                .user(user.as_str())
                .check(Check::PrimaryFactor.word())
                .detail("method", kind.word()),
        );
        Ok(Ok(()))
    }

    /// Takes the window of a login form that is protected. A user who is locked out takes none.
    pub(super) async fn admit(
        &self,
        name: &str,
        visitor: &Visitor<'_>,
        user: Option<&UserId>,
        services: &[Service],
    ) -> Result<LoginAdmission, NotEvaluated> {
        if !services.is_empty() {
            match self.core.regulation().peek(name, visitor.address).await {
                Ok(()) => {}
                Err(AttemptRefused::Locked { retry_after }) => return Err(NotEvaluated::Held(Rejection::SlowDown(retry_after))),
                Err(AttemptRefused::Unavailable(_)) => return Err(NotEvaluated::Shut("state_unavailable")),
            }
        }
        let services: Vec<&Service> = services.iter().collect();
        self.core.login_protect().admit(user, &services).await.map_err(|shut| {
            if let Shut::Unreachable(error) = &shut
                && strangers::may_write(Kind::StateUnavailable, visitor.address.ip())
            {
                tracing::error!(%error, request_id = visitor.request_id, "login_protect_unreachable");
            }
            NotEvaluated::Shut("login_protect_blocked")
        })
    }

    /// The work and the answer of a wrong password, whatever the reason.
    async fn pretend(
        &self,
        reservation: Option<Reservation>,
        candidate: Candidate<'_>,
        why: &'static str,
    ) -> Result<Result<(), Rejection>, AttemptError> {
        let (core, Candidate { visitor, goal, name, typed, effort }) = (&self.core, candidate);
        let Typed { password, directory, .. } = typed;
        // What would have been sent to the directory: not sent, but looked at as that would have been.
        let theirs = if directory.expose_secret().is_empty() { password.clone() } else { directory };
        let own = async {
            match effort.contains(Method::Password) {
                true => Some(core.passwords().pretend(password).await),
                false => None,
            }
        };
        let theirs = async {
            match effort.contains(Method::AdPassword) {
                true => Some(core.ad_passwords().pretend(name, &theirs).await),
                false => None,
            }
        };
        let (own, theirs) = tokio::join!(own, theirs);
        let own = own.map(pretended).transpose()?;
        let theirs = theirs.map(pretended_there).transpose()?;
        self.failed(visitor, goal, name, some(effort), why);
        self.answered(reservation, [own, theirs]).await
    }

    /// Writes down why nobody is let in, and answers as [`Self::pretend`] does.
    async fn refused(
        &self,
        reservation: Option<Reservation>,
        visitor: &Visitor<'_>,
        goal: &Goal,
        name: &str,
        kind: Method,
        judged: [Option<PasswordJudgement>; 2],
    ) -> Result<Result<(), Rejection>, AttemptError> {
        let why = match &judged {
            // Both were asked for, and our own was right.
            [Some(PasswordJudgement::Wrong(WrongReason::DirectoryBeside)), Some(PasswordJudgement::Wrong(why))] => why.word(),
            [Some(PasswordJudgement::Wrong(WrongReason::DirectoryBeside)), Some(PasswordJudgement::Unreachable)]
            | [Some(PasswordJudgement::Unreachable), _] => "directory_unreachable",
            [Some(PasswordJudgement::Wrong(why)), _] => why.word(),
            [Some(PasswordJudgement::Busy(_)), _] | [None | Some(PasswordJudgement::Right(_)), _] => "busy",
        };
        let in_full = judged.iter().flatten().find_map(|judged| match judged {
            PasswordJudgement::Wrong(WrongReason::ByDirectory(reason @ (Reason::Data(_) | Reason::Other(_)))) => {
                Some(reason.to_string())
            }
            _ => None,
        });
        self.failed_because(visitor, goal, name, kind, why, in_full);
        self.answered(reservation, judged).await
    }

    /// The answer, and what is counted, depend only on the verifiers that ran, which are the same for every user.
    async fn answered(
        &self,
        reservation: Option<Reservation>,
        judged: [Option<PasswordJudgement>; 2],
    ) -> Result<Result<(), Rejection>, AttemptError> {
        let all = || judged.iter().flatten();
        // A failure counts as soon as any password was judged: a directory that is down makes no guess free.
        if let Some(reservation) = reservation
            && all().all(|judged| matches!(judged, PasswordJudgement::Busy(_) | PasswordJudgement::Unreachable))
        {
            self.core.regulation().withdrawn(reservation).await?;
        }
        let busy = all().find_map(|judged| if let PasswordJudgement::Busy(wait) = judged { Some(*wait) } else { None });
        let is_unreachable = all().any(|judged| matches!(judged, PasswordJudgement::Unreachable));
        Ok(Err(match busy {
            Some(wait) => Rejection::Busy(wait),
            None if is_unreachable => Rejection::Unavailable(LATER),
            None => Rejection::Wrong,
        }))
    }
}

/// The kind of password that a form takes of this user: of those that the turn takes, the one that the policy names
/// first.
fn kind(methods: Methods, first: Option<Method>) -> Option<Method> {
    let kinds = methods.both(KINDS);
    first.filter(|first| kinds.contains(*first)).or_else(|| kinds.iter().next())
}

/// What a failure of nobody in particular is written down under.
const fn some(effort: Methods) -> Method {
    if effort.contains(Method::Password) { Method::Password } else { Method::AdPassword }
}

fn own_failure(failure: password::PasswordError) -> Result<PasswordJudgement, AttemptError> {
    match failure {
        password::PasswordError::Wrong => Ok(PasswordJudgement::Wrong(WrongReason::Password)),
        password::PasswordError::Busy(wait) => Ok(PasswordJudgement::Busy(wait)),
        password::PasswordError::Database(error) => Err(error.into()),
        error @ password::PasswordError::Hashing(_) => Err(AttemptError::Factor(error.to_string())),
    }
}

fn directory_failure(failure: DirectoryError) -> Result<PasswordJudgement, AttemptError> {
    match failure {
        DirectoryError::Refused(reason) => Ok(PasswordJudgement::Wrong(WrongReason::ByDirectory(reason))),
        DirectoryError::Busy(wait) => Ok(PasswordJudgement::Busy(wait)),
        DirectoryError::Unreachable(_) | DirectoryError::Misconfigured(_) => Ok(PasswordJudgement::Unreachable),
        DirectoryError::Database(error) => Err(error.into()),
    }
}

fn pretended_there(done: Result<(), DirectoryError>) -> Result<PasswordJudgement, AttemptError> {
    done.map_or_else(directory_failure, |()| Ok(PasswordJudgement::Wrong(WrongReason::Password)))
}

fn pretended(done: Result<(), password::PasswordError>) -> Result<PasswordJudgement, AttemptError> {
    done.map_or_else(own_failure, |()| Ok(PasswordJudgement::Wrong(WrongReason::Password)))
}

/// Why a password is not evaluated.
pub(super) enum NotEvaluated {
    Held(Rejection),
    Shut(&'static str),
}

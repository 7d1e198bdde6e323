//! Whether a pattern would be allowed: for administrators who change the rules.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::act::{Act, ActTarget, Route, Verb, Warrant};
use crate::admin::error::AdminError;
use crate::audit::Event;
use crate::principal::user::UserId;

/// Say whether a pattern would be allowed, and if not, for which reasons
#[derive(Args, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TestPattern {
    /// The cells in their order, and phrases in quotes: `A1 C3 "k7" K2`. Columns by letter, rows by number.
    pub pattern: String,
    /// By the rules for this user [default: those of `[matrix]`].
    #[arg(long, value_name = "USER", value_parser = UserId::parse)]
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub user: Option<UserId>,
}

debug_by_name!(TestPattern);

/// Whether it would be allowed.
#[derive(Debug, Serialize, ToSchema)]
pub struct PatternVerdict {
    /// Whether it would.
    pub allowed: bool,
    /// The reasons why not: a code and a sentence each.
    #[serde(rename = "items")]
    pub reasons: Vec<PatternReason>,
}

/// One reason.
#[derive(Debug, Serialize, ToSchema)]
pub struct PatternReason {
    /// A word that never changes.
    pub code: String,
    /// In a sentence, with what would do.
    pub reason: String,
}

impl Act for TestPattern {
    const NAME: &'static str = "matrix.test";
    const SCOPE: Scope = Scope::Read;
    // A pattern has no place in an address, which is written into logs.
    const ROUTE: Route = Route::new(Verb::Post, "/matrix/test");
    type Output = PatternVerdict;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        self.user.clone().map_or(ActTarget::Nobody, ActTarget::Seen)
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<PatternVerdict, AdminError> {
        let core = warrant.core();
        let rules = match &self.user {
            Some(user) => core.matrices().rules(&core.users().named(user)?.standing()),
            None => core.matrices().base_rules(),
        };
        let reasons = rules.judge_text(&self.pattern);
        let reasons = reasons.map_err(|error| AdminError::Input { what: "read the pattern", why: error.to_string() })?;
        let reasons: Vec<PatternReason> = reasons
            .into_iter()
            .map(|reason| PatternReason { code: reason.word().to_owned(), reason: reason.to_string() })
            .collect();
        Ok(PatternVerdict { allowed: reasons.is_empty(), reasons })
    }
}

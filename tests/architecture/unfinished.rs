//! What is not mended yet. The lists may only become shorter: the tests fail for what is not listed here.

/// Folders of `src` with files that import each other in a circle, and how many such files there are.
pub const FILES_IN_CIRCLES: &[(&str, usize)] = &[("approval", 2), ("cli", 2), ("sign_in", 3)];

/// Files over 450 lines.
pub const LONG_FILES: &[&str] = &[
    "src/approval/tests.rs",
    "src/backchannel/mod.rs",
    "src/session/sessions.rs",
    "src/sign_in/attempt.rs",
    "src/transaction/fields/mod.rs",
    "src/transaction/fields/tests.rs",
    "src/transaction/spool/mod.rs",
];

/// Names of public types that two modules define.
pub const TYPE_NAMES_WITH_TWO_MEANINGS: &[&str] = &[
    "Admitted",
    "Asked",
    "Check",
    "Circumstances",
    "Claims",
    "Client",
    "Decision",
    "Deed",
    "Export",
    "Failure",
    "Fault",
    "Head",
    "Held",
    "Hold",
    "Issued",
    "Kept",
    "Outcome",
    "Person",
    "Row",
    "Scope",
    "State",
    "Switch",
    "Told",
    "TransactionView",
    "Trouble",
    "Visitor",
    "Waiting",
];

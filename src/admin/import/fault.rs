//! What may be wrong with a file of certificates, or with one of the certificates in it. In English it reads as every program gets it;
//! in each other language there is a sentence with the same values.

use std::fmt::Display;

use crate::admin::sentences::{Sentence, key, say};
use crate::principal::language::Language;
use crate::principal::user::NameError;

/// What a file with a private key in it gets to read.
pub(in crate::admin) const PRIVATE: &str = "it holds a private key: give the certificate alone. The key was not kept; if others could \
                                            see it on its way here, replace it";

/// Columns that a table may have.
pub(super) const COLUMNS: [&str; 7] = ["certificate", "user", "machine", "shared", "label", "valid_from", "valid_until"];

/// What is wrong with a file of certificates, or with one of them, and what would do. The text fits "failed to import …: …".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportFault {
    /// Another import is going on.
    #[error("another import is going on: wait until it is done, and try again")]
    Busy,
    /// They cannot be users' and everybody's.
    #[error("the certificates are of users, or shared: say one of both")]
    UsersAndShared,
    /// A suffix, and no name that it is cut off.
    #[error("a suffix is cut off a name: say where it is, `names_from`")]
    SuffixAlone,
    /// The file is longer than so many MiB.
    #[error("it is longer than {0} MiB: import it in parts")]
    Long(usize),
    /// It holds a private key.
    #[error("{}", PRIVATE)]
    PrivateKey,
    /// There is nothing in it.
    #[error("it is empty")]
    Empty,
    /// There is no certificate in it.
    #[error("it holds no certificate")]
    NoCertificate,
    /// It holds more than so many.
    #[error("it holds more than {0} certificates: import it in parts")]
    TooMany(usize),
    /// Certificates in PEM do not say by themselves whose they are.
    #[error(
        "it is PEM: say whose the certificates are, `--names-from common_name` (or `san_email`, `san_upn`) for the user whose name is \
         in each, or `--shared`; or name each in a table (CSV)"
    )]
    PemOfNobody,
    /// The rows of a table say by themselves whose the certificates are.
    #[error("it is a table, whose rows say whose each certificate is: leave out `--names-from` and `--shared`")]
    TableOfOthers,
    /// It is nothing that is read here.
    #[error(
        "it is neither PEM nor a table (CSV in UTF-8) whose first line names its columns, `certificate` among them: {}",
        COLUMNS.join(", ")
    )]
    NoTable,
    /// A column has another name than those that there are.
    #[error("line {line}: column {column} is none of these: {}", COLUMNS.join(", "))]
    UnknownColumn {
        /// The line.
        line: usize,
        /// Which column, counted from 1.
        column: usize,
    },
    /// A column is there twice.
    #[error("line {line}: the column {column} is there twice")]
    ColumnTwice {
        /// The line.
        line: usize,
        /// What the column is called.
        column: String,
    },
    /// A row has too many cells.
    #[error("line {line}: a row has {most} cells at most")]
    LongRow {
        /// The line.
        line: usize,
        /// How many it may have.
        most: usize,
    },
    /// A quote is not closed; the line that it begins on.
    #[error("line {0}: the quote that begins a cell here is never closed")]
    OpenQuote(usize),
    /// Some of its certificates cannot be registered, so none was.
    #[error("of {read} certificates {wrong} cannot be registered, so none was: {}", named(.first, *.wrong))]
    SomeWrong {
        /// How many it holds.
        read: usize,
        /// How many of them are wrong.
        wrong: usize,
        /// The first of these: the line, and what is wrong.
        first: Vec<(usize, Self)>,
    },

    /// A block of PEM has no end.
    #[error("this block has no end: put back its `-----END …-----`")]
    OpenBlock,
    /// The last block of PEM has no end.
    #[error("this block has no end: the file may be cut")]
    CutBlock,
    /// A block of PEM is something else: what it calls itself.
    #[error("this is {0}, and no CERTIFICATE: leave it out")]
    OtherBlock(String),
    /// What stands in a block is no base64.
    #[error("this block is no PEM: export the certificate again")]
    NoPem,
    /// What should be a certificate cannot be read.
    #[error("the certificate cannot be read: export it again")]
    Unread,
    /// It is longer than what a client can show.
    #[error("the certificate is too long: no client can show it")]
    LongCertificate,
    /// It is that of an authority.
    #[error("it is an authority's own certificate: leave it out, authorities stand in `[trust]`")]
    OfAuthority,
    /// It may not be used by clients.
    #[error("it is not for clients (extended key usage without clientAuth) and would never count: leave it out")]
    NotForClients,
    /// A row has another number of cells than the first line.
    #[error("the row has {cells} cells, and the first line {first}")]
    Cells {
        /// How many the row has.
        cells: usize,
        /// How many the first line has.
        first: usize,
    },
    /// The row names no certificate.
    #[error("no certificate is named")]
    Unnamed,
    /// What the row names is no certificate.
    #[error("`certificate` is neither the SHA-256 of a certificate (64 hexadecimal digits) nor the certificate in base64")]
    NoFingerprint,
    /// Whether it is shared is neither said nor denied.
    #[error("`shared` is yes or no")]
    NoSwitch,
    /// This can be nobody's name.
    #[error("`user`: {0}")]
    Name(NameError),
    /// The row names no holder, or several.
    #[error("name one holder: a user, a machine, or shared")]
    OneHolder,
    /// This is no day and no moment.
    #[error("`{column}`: {why}")]
    Day {
        /// What the column is called.
        column: &'static str,
        /// What is wrong, in English.
        why: String,
    },
    /// The same certificate stands on this line too.
    #[error("it is the certificate of line {0} once more: leave one out")]
    Again(usize),
    /// It is in the register.
    #[error(
        "it is in the register already{}{}: leave it out, or remove that one first",
        behind(" as ", .label.as_deref()), behind(", of ", .holder.as_deref())
    )]
    Registered {
        /// What it is called there.
        label: Option<String>,
        /// Whose it is there, where that has a name.
        holder: Option<String>,
    },
    /// It ended at this moment.
    #[error("it ended on {0}: leave it out")]
    Ended(String),
    /// No user has the name that the row says.
    #[error("no user has the name {0}: add the user first, or mend the name")]
    UnknownUser(String),
    /// No user has the name that the certificate says.
    #[error("no user has the name {0}: add the user first")]
    UnknownName(String),
    /// The certificate has no name where it was looked for.
    #[error("it has no name there: see `--names-from` and `--suffix`, or name its user in a table (CSV)")]
    NoName,
    /// The certificate names several users.
    #[error("it names several users: name the one in a table (CSV)")]
    SeveralUsers,
    /// It would end before it begins.
    #[error("set the dates of a certificate: it would end before it begins")]
    Dates,
    /// The token may not do it.
    #[error("administer with this token: it does not have the scope `{0}`")]
    Scope(&'static str),
    /// Something else, in English.
    #[error("{0}")]
    Other(String),
}

/// The lines of a refusal, and whether there are more.
fn named(first: &[(usize, ImportFault)], wrong: usize) -> String {
    let lines: Vec<String> = first.iter().map(|(line, fault)| format!("line {line}: {fault}")).collect();
    let more = if wrong > first.len() { "; and others (a dry run lists them)" } else { "" };
    format!("{}{more}", lines.join("; "))
}

fn behind(word: &str, name: Option<&str>) -> String {
    name.map(|name| format!("{word}{name}")).unwrap_or_default()
}

impl ImportFault {
    /// What is said of it in another language than English.
    pub(in crate::admin) fn sentence(&self, language: Language) -> Sentence {
        let columns = COLUMNS.join(", ");
        match self {
            Self::Busy => key("import-busy", &[]),
            Self::UsersAndShared => key("import-users-and-shared", &[]),
            Self::SuffixAlone => key("import-suffix-alone", &[]),
            Self::Long(most) => key("import-long", &[("most", most)]),
            Self::PrivateKey => key("import-private-key", &[]),
            Self::Empty => key("import-empty", &[]),
            Self::NoCertificate => key("import-no-certificate", &[]),
            Self::TooMany(most) => key("import-too-many", &[("most", most)]),
            Self::PemOfNobody => key("import-pem-of-nobody", &[]),
            Self::TableOfOthers => key("import-table-of-others", &[]),
            Self::NoTable => key("import-no-table", &[("columns", &columns)]),
            Self::UnknownColumn { line, column } => {
                key("import-unknown-column", &[("line", line), ("column", column), ("columns", &columns)])
            }
            Self::ColumnTwice { line, column } => key("import-column-twice", &[("line", line), ("column", column)]),
            Self::LongRow { line, most } => key("import-long-row", &[("line", line), ("most", most)]),
            Self::OpenQuote(line) => key("import-open-quote", &[("line", line)]),
            Self::SomeWrong { read, wrong, first } => {
                let lines = told(first, *wrong, language);
                key("import-some-wrong", &[("read", read), ("wrong", wrong), ("lines", &lines)])
            }
            Self::OpenBlock => key("import-open-block", &[]),
            Self::CutBlock => key("import-cut-block", &[]),
            Self::OtherBlock(kind) => key("import-other-block", &[("kind", kind)]),
            Self::NoPem => key("import-no-pem", &[]),
            Self::Unread => key("import-unread", &[]),
            Self::LongCertificate => key("import-long-certificate", &[]),
            Self::OfAuthority => key("import-of-authority", &[]),
            Self::NotForClients => key("import-not-for-clients", &[]),
            Self::Cells { cells, first } => key("import-cells", &[("cells", cells), ("first", first)]),
            Self::Unnamed => key("import-unnamed", &[]),
            Self::NoFingerprint => key("import-no-fingerprint", &[]),
            Self::NoSwitch => key("import-no-switch", &[]),
            Self::Name(_) => key("import-name", &[]),
            Self::OneHolder => key("import-one-holder", &[]),
            Self::Day { column, .. } => key("import-day", &[("column", column)]),
            Self::Again(line) => key("import-again", &[("line", line)]),
            Self::Registered { label, holder } => match (label, holder) {
                (None, None) => key("import-registered", &[]),
                (Some(name), None) | (None, Some(name)) => key("import-registered-as", &[("entry", name)]),
                (Some(label), Some(holder)) => key("import-registered-as", &[("entry", &format!("{label}, {holder}"))]),
            },
            Self::Ended(at) => key("import-ended", &[("at", at)]),
            Self::UnknownUser(user) => key("import-unknown-user", &[("user", user)]),
            Self::UnknownName(user) => key("import-unknown-name", &[("user", user)]),
            Self::NoName => key("import-no-name", &[]),
            Self::SeveralUsers => key("import-several-users", &[]),
            Self::Dates => key("error-dates", &[]),
            Self::Scope(scope) => key("error-scope", &[("scope", scope)]),
            Self::Other(why) => key("error-state", &[("why", why)]),
        }
    }
}

/// The lines of a refusal in another language than English, and whether there are more: sentences, one behind the other.
fn told(first: &[(usize, ImportFault)], wrong: usize, language: Language) -> String {
    let line = |(line, fault): &(usize, ImportFault)| {
        let reason = fault.sentence(language).parts(language);
        say(language, "import-line", &[("line", line as &dyn Display), ("reason", &reason)])
    };
    let mut lines: Vec<String> = first.iter().map(line).collect();
    if wrong > first.len() {
        lines.push(say(language, "import-more", &[]));
    }
    lines.join(if language.sets_blanks() { " " } else { "" })
}

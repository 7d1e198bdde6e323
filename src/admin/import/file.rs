//! A file of certificates that others issued, as far as it says by itself what is in it: a table (CSV), certificates in PEM, or one in
//! DER. What holds a private key is refused before anything else is done with it.
//! Invariant: no message shows what a file holds beyond names of users and the kind of a block.

use rustls_pki_types::CertificateDer;
use x509_parser::prelude::{FromDer as _, X509Certificate};

use super::table::{self, TableRow};
use crate::admin::presented::{PRIVATE, of_base64};
use crate::admin::values::Moment;
use crate::certificate::names_in;
use crate::clock::Timestamp;
use crate::config::schema::Mapping;
use crate::facts::presented_certificate::PresentedCertificate;
use crate::principal::certificate::Fingerprint;
use crate::principal::user::UserId;

/// Certificates of a file at most.
pub(super) const MOST: usize = 20_000;
/// Bytes of a file at most.
pub const LONGEST: usize = 24 << 20;

const COLUMNS: [&str; 7] = ["certificate", "user", "machine", "shared", "label", "valid_from", "valid_until"];

/// A certificate of a file, or what is wrong with it, on the line that it begins on.
#[derive(Debug)]
pub(super) struct FoundCertificate {
    pub(super) line: usize,
    pub(super) read: Result<ReadCertificate, String>,
}

/// What a file says of a certificate.
#[derive(Debug)]
pub(super) struct ReadCertificate {
    pub(super) fingerprint: Fingerprint,
    pub(super) whose: Whose,
    pub(super) label: Option<String>,
    pub(super) valid_from: Option<Moment>,
    pub(super) valid_until: Option<Moment>,
    /// When it ends by itself, where the file holds the certificate.
    pub(super) ends: Option<Timestamp>,
}

/// Whose a certificate is.
#[derive(Debug)]
pub(super) enum Whose {
    User(UserId),
    Machine(String),
    Shared,
    /// A user with one of these names, which the certificate has.
    Named(Vec<String>),
}

/// What is read of certificates in PEM.
#[derive(Clone, Debug)]
pub(super) enum HoldersOf {
    /// Names, by this rule.
    Names(Mapping),
    /// None: they are shared.
    Nobody,
    /// Each row says it.
    Rows,
}

/// Whether a file can be given away: it holds no private key and is not too long. Whose its certificates are is no matter here.
///
/// # Errors
/// Why it stays where it is.
pub(super) fn inspect(text: &str) -> Result<(), String> {
    fits(text)?;
    let is_table = !text.contains("-----BEGIN ") && !is_packed(text.trim_start_matches('\u{feff}'));
    read(text, if is_table { &HoldersOf::Rows } else { &HoldersOf::Nobody }).map(drop)
}

/// How many certificates a file holds, more or less: nothing of it is looked at.
pub(super) fn count(text: &str) -> usize {
    match text.matches("-----BEGIN CERTIFICATE-----").count() {
        0 if is_packed(text) => 1,
        0 => text.lines().filter(|line| !line.trim().is_empty()).count().saturating_sub(1),
        blocks => blocks,
    }
}

fn fits(text: &str) -> Result<(), String> {
    if text.len() > LONGEST {
        return Err(format!("it is longer than {} MiB: import it in parts", LONGEST >> 20));
    }
    if text.contains("PRIVATE KEY-----") {
        return Err(PRIVATE.to_owned());
    }
    Ok(())
}

/// Every certificate of a file.
///
/// # Errors
/// Why nothing of it is used, with what would do.
pub(super) fn read(text: &str, holders: &HoldersOf) -> Result<Vec<FoundCertificate>, String> {
    fits(text)?;
    let text = text.trim_start_matches('\u{feff}');
    let found = if text.contains("-----BEGIN ") {
        blocks(text, holders)?
    } else if is_packed(text) {
        let der = of_base64(text).map_err(secret_first)?;
        vec![FoundCertificate { line: 1, read: certificate(der, holders) }]
    } else {
        of_table(text, holders)?
    };
    match found.len() {
        0 => Err("it holds no certificate".to_owned()),
        1..=MOST => Ok(found),
        _ => Err(format!("it holds more than {MOST} certificates: import it in parts")),
    }
}

/// One binary file in base64: no table has so little in it.
fn is_packed(text: &str) -> bool {
    let mut bytes = text.trim().bytes();
    text.trim().starts_with("MI") && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"+/=\r\n".contains(&byte))
}

/// Certificates in PEM (RFC 7468), whatever stands between them.
fn blocks(text: &str, holders: &HoldersOf) -> Result<Vec<FoundCertificate>, String> {
    if matches!(holders, HoldersOf::Rows) {
        let why = "it is PEM: say whose the certificates are, `--names-from common_name` (or `san_email`, `san_upn`) for the user whose \
                   name is in each, or `--shared`; or name each in a table (CSV)";
        return Err(why.to_owned());
    }
    let mut found = Vec::new();
    let mut open: Option<(usize, &str, String)> = None;
    for (place, line) in text.lines().enumerate() {
        let (number, line) = (place + 1, line.trim());
        if let Some(kind) = line.strip_prefix("-----BEGIN ").and_then(|rest| rest.strip_suffix("-----")) {
            if let Some((began, ..)) = open.replace((number, kind, String::new())) {
                found.push(wrong(began, "this block has no end: put back its `-----END …-----`"));
            }
        } else if line.starts_with("-----END ") {
            let Some((began, kind, base64)) = open.take() else { continue };
            found.push(match kind {
                "CERTIFICATE" => FoundCertificate { line: began, read: of_block(&base64, holders) },
                _ => wrong(began, format!("this is {}, and no CERTIFICATE: leave it out", kind_of(kind))),
            });
        } else if let Some((_, _, base64)) = &mut open {
            base64.push_str(line);
        }
        if found.len() > MOST {
            break;
        }
    }
    if let Some((began, ..)) = open {
        found.push(wrong(began, "this block has no end: the file may be cut"));
    }
    Ok(found)
}

fn of_block(base64: &str, holders: &HoldersOf) -> Result<ReadCertificate, String> {
    let unread = "this block is no PEM: export the certificate again";
    let der = data_encoding::BASE64.decode(base64.as_bytes()).map_err(|_| unread.to_owned())?;
    certificate(CertificateDer::from(der), holders)
}

fn kind_of(kind: &str) -> String {
    kind.chars().filter(|c| c.is_ascii_uppercase() || *c == ' ' || c.is_ascii_digit()).take(40).collect()
}

/// What a certificate says of itself; one that could never count is wrong.
fn certificate(der: CertificateDer<'static>, holders: &HoldersOf) -> Result<ReadCertificate, String> {
    let unread = || "the certificate cannot be read: export it again".to_owned();
    let shown = PresentedCertificate::new(&[der]).ok_or("the certificate is too long: no client can show it")?;
    let der = shown.chain().first().ok_or_else(unread)?;
    let (rest, leaf) = X509Certificate::from_der(der).map_err(|_| unread())?;
    if !rest.is_empty() {
        return Err(unread());
    }
    if leaf.is_ca() {
        return Err("it is an authority's own certificate: leave it out, authorities stand in `[trust]`".to_owned());
    }
    if leaf.extended_key_usage().ok().flatten().is_some_and(|usage| !usage.value.client_auth && !usage.value.any) {
        return Err(
            "it is not for clients (extended key usage without clientAuth) and would never count: leave it out".to_owned()
        );
    }
    let whose = match holders {
        HoldersOf::Names(mapping) => Whose::Named(names_in(&leaf, mapping)),
        HoldersOf::Nobody | HoldersOf::Rows => Whose::Shared,
    };
    let name = leaf.subject().iter_common_name().next().and_then(|name| name.as_str().ok());
    Ok(ReadCertificate {
        fingerprint: shown.fingerprint(),
        whose,
        label: name.map(|name| name.chars().filter(|c| !c.is_control()).take(128).collect()),
        valid_from: None,
        valid_until: None,
        ends: Some(Timestamp::from_seconds(leaf.validity().not_after.timestamp())),
    })
}

fn of_table(text: &str, holders: &HoldersOf) -> Result<Vec<FoundCertificate>, String> {
    let mut rows = table::rows(text, MOST + 1)?.into_iter();
    let known = COLUMNS.join(", ");
    let head = rows.next().ok_or("it is empty")?;
    let names: Vec<String> = head.cells.iter().map(|name| name.to_lowercase().replace([' ', '-'], "_")).collect();
    if !names.iter().any(|name| name == "certificate") {
        return Err(format!(
            "it is neither PEM nor a table (CSV in UTF-8) whose first line names its columns, `certificate` among them: {known}"
        ));
    }
    for (place, name) in names.iter().enumerate() {
        if !COLUMNS.contains(&name.as_str()) {
            return Err(format!("line {}: column {} is none of these: {known}", head.line, place + 1));
        }
        if names.iter().take(place).any(|before| before == name) {
            return Err(format!("line {}: the column {name} is there twice", head.line));
        }
    }
    if !matches!(holders, HoldersOf::Rows) {
        return Err("it is a table, whose rows say whose each certificate is: leave out `--names-from` and `--shared`".to_owned());
    }
    let mut found = Vec::new();
    for row in rows {
        let line = row.line;
        let read = of_row(&names, &row);
        if let Err(why) = &read
            && why == PRIVATE
        {
            return Err(PRIVATE.to_owned());
        }
        found.push(FoundCertificate { line, read });
    }
    Ok(found)
}

fn of_row(names: &[String], row: &TableRow) -> Result<ReadCertificate, String> {
    if row.cells.len() != names.len() {
        return Err(format!("the row has {} cells, and the first line {}", row.cells.len(), names.len()));
    }
    let cell = |wanted: &str| {
        let cell = names.iter().zip(&row.cells).find(|(name, _)| *name == wanted).map(|(_, cell)| cell.as_str());
        cell.filter(|cell| !cell.is_empty())
    };
    let text = cell("certificate").ok_or("no certificate is named")?;
    let read = match Fingerprint::parse(text) {
        Some(fingerprint) => {
            ReadCertificate { fingerprint, whose: Whose::Shared, label: None, valid_from: None, valid_until: None, ends: None }
        }
        None if is_packed(text) => certificate(of_base64(text).map_err(secret_first)?, &HoldersOf::Rows)?,
        None => {
            let why =
                "`certificate` is neither the SHA-256 of a certificate (64 hexadecimal digits) nor the certificate in base64";
            return Err(why.to_owned());
        }
    };
    let shared = match cell("shared").map(str::to_lowercase).as_deref() {
        None | Some("no" | "false" | "0") => false,
        Some("yes" | "true" | "1") => true,
        Some(_) => return Err("`shared` is yes or no".to_owned()),
    };
    let whose = match (cell("user"), cell("machine"), shared) {
        (Some(user), None, false) => Whose::User(UserId::parse(user).map_err(|error| format!("`user`: {error}"))?),
        (None, Some(machine), false) => Whose::Machine(machine.to_owned()),
        (None, None, true) => Whose::Shared,
        _ => return Err("name one holder: a user, a machine, or shared".to_owned()),
    };
    let day = |name: &str| cell(name).map(str::parse::<Moment>).transpose().map_err(|why| format!("`{name}`: {why}"));
    let (valid_from, valid_until) = (day("valid_from")?, day("valid_until")?);
    let label = cell("label").map(str::to_owned).or(read.label);
    Ok(ReadCertificate { whose, label, valid_from, valid_until, ..read })
}

/// Of what is neither, only that it holds a key is of use to a reader of a table.
fn secret_first(why: String) -> String {
    if why == PRIVATE { why } else { "the certificate cannot be read: export it again".to_owned() }
}

fn wrong(line: usize, why: impl Into<String>) -> FoundCertificate {
    FoundCertificate { line, read: Err(why.into()) }
}

//! A file of certificates that others issued, as far as it says by itself what is in it: a table (CSV), certificates in PEM, or one in
//! DER. What holds a private key is refused before anything else is done with it.
//! Invariant: no message shows what a file holds beyond names of users and the kind of a block.

use rustls_pki_types::CertificateDer;
use x509_parser::prelude::{FromDer as _, X509Certificate};

use super::fault::{COLUMNS, ImportFault, PRIVATE};
use super::table::{self, TableRow};
use crate::admin::presented::of_base64;
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

/// A certificate of a file, or what is wrong with it, on the line that it begins on.
#[derive(Debug)]
pub(super) struct FoundCertificate {
    pub(super) line: usize,
    pub(super) read: Result<ReadCertificate, ImportFault>,
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
pub(super) fn inspect(text: &str) -> Result<(), ImportFault> {
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

fn fits(text: &str) -> Result<(), ImportFault> {
    if text.len() > LONGEST {
        return Err(ImportFault::Long(LONGEST >> 20));
    }
    if text.contains("PRIVATE KEY-----") {
        return Err(ImportFault::PrivateKey);
    }
    Ok(())
}

/// Every certificate of a file.
///
/// # Errors
/// Why nothing of it is used, with what would do.
pub(super) fn read(text: &str, holders: &HoldersOf) -> Result<Vec<FoundCertificate>, ImportFault> {
    fits(text)?;
    let text = text.trim_start_matches('\u{feff}');
    let found = if text.contains("-----BEGIN ") {
        blocks(text, holders)?
    } else if is_packed(text) {
        let der = of_base64(text).map_err(|why| secret_first(&why))?;
        vec![FoundCertificate { line: 1, read: certificate(der, holders) }]
    } else {
        of_table(text, holders)?
    };
    match found.len() {
        0 => Err(ImportFault::NoCertificate),
        1..=MOST => Ok(found),
        _ => Err(ImportFault::TooMany(MOST)),
    }
}

/// One binary file in base64: no table has so little in it.
fn is_packed(text: &str) -> bool {
    let mut bytes = text.trim().bytes();
    text.trim().starts_with("MI") && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"+/=\r\n".contains(&byte))
}

/// Certificates in PEM (RFC 7468), whatever stands between them.
fn blocks(text: &str, holders: &HoldersOf) -> Result<Vec<FoundCertificate>, ImportFault> {
    if matches!(holders, HoldersOf::Rows) {
        return Err(ImportFault::PemOfNobody);
    }
    let mut found = Vec::new();
    let mut open: Option<(usize, &str, String)> = None;
    for (place, line) in text.lines().enumerate() {
        let (number, line) = (place + 1, line.trim());
        if let Some(kind) = line.strip_prefix("-----BEGIN ").and_then(|rest| rest.strip_suffix("-----")) {
            if let Some((began, ..)) = open.replace((number, kind, String::new())) {
                found.push(wrong(began, ImportFault::OpenBlock));
            }
        } else if line.starts_with("-----END ") {
            let Some((began, kind, base64)) = open.take() else { continue };
            found.push(match kind {
                "CERTIFICATE" => FoundCertificate { line: began, read: of_block(&base64, holders) },
                _ => wrong(began, ImportFault::OtherBlock(kind_of(kind))),
            });
        } else if let Some((_, _, base64)) = &mut open {
            base64.push_str(line);
        }
        if found.len() > MOST {
            break;
        }
    }
    if let Some((began, ..)) = open {
        found.push(wrong(began, ImportFault::CutBlock));
    }
    Ok(found)
}

fn of_block(base64: &str, holders: &HoldersOf) -> Result<ReadCertificate, ImportFault> {
    let der = data_encoding::BASE64.decode(base64.as_bytes()).map_err(|_| ImportFault::NoPem)?;
    certificate(CertificateDer::from(der), holders)
}

fn kind_of(kind: &str) -> String {
    kind.chars().filter(|c| c.is_ascii_uppercase() || *c == ' ' || c.is_ascii_digit()).take(40).collect()
}

/// What a certificate says of itself; one that could never count is wrong.
fn certificate(der: CertificateDer<'static>, holders: &HoldersOf) -> Result<ReadCertificate, ImportFault> {
    let shown = PresentedCertificate::new(&[der]).ok_or(ImportFault::LongCertificate)?;
    let der = shown.chain().first().ok_or(ImportFault::Unread)?;
    let (rest, leaf) = X509Certificate::from_der(der).map_err(|_| ImportFault::Unread)?;
    if !rest.is_empty() {
        return Err(ImportFault::Unread);
    }
    if leaf.is_ca() {
        return Err(ImportFault::OfAuthority);
    }
    if leaf.extended_key_usage().ok().flatten().is_some_and(|usage| !usage.value.client_auth && !usage.value.any) {
        return Err(ImportFault::NotForClients);
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

fn of_table(text: &str, holders: &HoldersOf) -> Result<Vec<FoundCertificate>, ImportFault> {
    let mut rows = table::rows(text, MOST + 1)?.into_iter();
    let head = rows.next().ok_or(ImportFault::Empty)?;
    let names: Vec<String> = head.cells.iter().map(|name| name.to_lowercase().replace([' ', '-'], "_")).collect();
    if !names.iter().any(|name| name == "certificate") {
        return Err(ImportFault::NoTable);
    }
    for (place, name) in names.iter().enumerate() {
        if !COLUMNS.contains(&name.as_str()) {
            return Err(ImportFault::UnknownColumn { line: head.line, column: place + 1 });
        }
        if names.iter().take(place).any(|before| before == name) {
            return Err(ImportFault::ColumnTwice { line: head.line, column: name.clone() });
        }
    }
    if !matches!(holders, HoldersOf::Rows) {
        return Err(ImportFault::TableOfOthers);
    }
    let mut found = Vec::new();
    for row in rows {
        let line = row.line;
        let read = of_row(&names, &row);
        if matches!(read, Err(ImportFault::PrivateKey)) {
            return Err(ImportFault::PrivateKey);
        }
        found.push(FoundCertificate { line, read });
    }
    Ok(found)
}

fn of_row(names: &[String], row: &TableRow) -> Result<ReadCertificate, ImportFault> {
    if row.cells.len() != names.len() {
        return Err(ImportFault::Cells { cells: row.cells.len(), first: names.len() });
    }
    let cell = |wanted: &str| {
        let cell = names.iter().zip(&row.cells).find(|(name, _)| *name == wanted).map(|(_, cell)| cell.as_str());
        cell.filter(|cell| !cell.is_empty())
    };
    let text = cell("certificate").ok_or(ImportFault::Unnamed)?;
    let read = match Fingerprint::parse(text) {
        Some(fingerprint) => {
            ReadCertificate { fingerprint, whose: Whose::Shared, label: None, valid_from: None, valid_until: None, ends: None }
        }
        None if is_packed(text) => certificate(of_base64(text).map_err(|why| secret_first(&why))?, &HoldersOf::Rows)?,
        None => return Err(ImportFault::NoFingerprint),
    };
    let shared = match cell("shared").map(str::to_lowercase).as_deref() {
        None | Some("no" | "false" | "0") => false,
        Some("yes" | "true" | "1") => true,
        Some(_) => return Err(ImportFault::NoSwitch),
    };
    let whose = match (cell("user"), cell("machine"), shared) {
        (Some(user), None, false) => Whose::User(UserId::parse(user).map_err(ImportFault::Name)?),
        (None, Some(machine), false) => Whose::Machine(machine.to_owned()),
        (None, None, true) => Whose::Shared,
        _ => return Err(ImportFault::OneHolder),
    };
    let day =
        |column: &'static str| cell(column).map(str::parse::<Moment>).transpose().map_err(|why| ImportFault::Day { column, why });
    let (valid_from, valid_until) = (day("valid_from")?, day("valid_until")?);
    let label = cell("label").map(str::to_owned).or(read.label);
    Ok(ReadCertificate { whose, label, valid_from, valid_until, ..read })
}

/// Of what is neither, only that it holds a key is of use to a reader of a table.
fn secret_first(why: &str) -> ImportFault {
    if why == PRIVATE { ImportFault::PrivateKey } else { ImportFault::Unread }
}

const fn wrong(line: usize, fault: ImportFault) -> FoundCertificate {
    FoundCertificate { line, read: Err(fault) }
}

//! The rows of users, groups and memberships.

use std::collections::{BTreeSet, HashMap};

use super::AccountError;
use super::list_line::NetworkNames;
use super::network_records::lists_of_users;
use crate::account::group::Group;
use crate::account::user::{Profile, User};
use crate::clock::Timestamp;
use crate::principal::certificate_setting::CertificateSetting;
use crate::principal::method::{Method, Methods};
use crate::principal::user::{GroupName, UserId, UserStanding};
use crate::store::database::{Database, DatabaseError, DatabaseTransaction, Row, Value};

/// The groups that select their members for certificates.
pub(super) async fn selecting_groups(database: &Database) -> Result<BTreeSet<GroupName>, DatabaseError> {
    let rows = database.rows("SELECT name FROM user_groups WHERE certificates_required = 1", &[]).await?;
    rows.iter().map(|row| group_name(row, "name")).collect()
}

/// All users; `selecting` are the groups that select their members for certificates, `names` the networks that the config names.
pub(super) async fn all_users(
    database: &Database,
    selecting: &BTreeSet<GroupName>,
    names: &NetworkNames,
) -> Result<Vec<User>, DatabaseError> {
    let mut groups: HashMap<String, Vec<GroupName>> = HashMap::new();
    for row in database.rows("SELECT user_name, group_name FROM memberships ORDER BY group_name", &[]).await? {
        groups.entry(row.text("user_name")?).or_default().push(group_name(&row, "group_name")?);
    }
    let mut networks = lists_of_users(database).await?;
    let mut users = Vec::new();
    for row in database.rows("SELECT * FROM users", &[]).await? {
        let name = row.text("name")?;
        let id = user_id(&row, "name")?;
        let list = networks.remove(&name).unwrap_or_default();
        let compiled = list.compiled(names);
        let mut member_of = groups.remove(&name).unwrap_or_default();
        // The database sorts by its own collation; lookups here search by ours.
        member_of.sort_unstable();
        let standing = UserStanding {
            user: id.clone(),
            enabled: row.flag("enabled")?,
            certificates_by_group: member_of.iter().any(|group| selecting.contains(group)),
            groups: member_of.into(),
            assigned: methods(&row.text("assigned")?)?,
            certificates: row.text("certificates")?.parse().map_err(|_| DatabaseError::Column("certificates"))?,
            device_designation: row.flag("device_designation")?,
            allowed_networks: compiled.allowed,
            denied_networks: compiled.denied,
        };
        let profile = Profile {
            user: id,
            display_name: row.optional_text("display_name")?,
            email: row.optional_text("email")?,
            language: row.optional_text("language")?,
            created_at: row.time("created_at")?,
        };
        let epoch = u32::try_from(row.integer("session_epoch")?).map_err(|_| DatabaseError::Column("session_epoch"))?;
        let user = User::new(standing, profile, epoch);
        user.keep_named(&list);
        users.push(user);
    }
    Ok(users)
}

/// The names of groups, also of a directory that another build wrote.
pub(super) async fn group_names(database: &Database) -> Result<Vec<GroupName>, DatabaseError> {
    let rows = database.rows("SELECT name FROM user_groups", &[]).await?;
    rows.iter().map(|row| group_name(row, "name")).collect()
}

pub(super) async fn all_groups(database: &Database) -> Result<Vec<Group>, DatabaseError> {
    let rows = database.rows("SELECT * FROM user_groups", &[]).await?;
    rows.iter()
        .map(|row| {
            Ok(Group {
                name: group_name(row, "name")?,
                description: row.optional_text("description")?,
                certificates_required: row.flag("certificates_required")?,
                created_at: row.time("created_at")?,
            })
        })
        .collect()
}

pub(super) async fn add_user(database: &Database, standing: &UserStanding, profile: &Profile) -> Result<(), AccountError> {
    let mut transaction = database.begin().await?;
    let added = transaction
        .execute(
            "INSERT INTO users (name, display_name, email, language, enabled, assigned, certificates, session_epoch, \
             created_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, $8)",
            &[
                profile.user.as_str().into(),
                profile.display_name.clone().into(),
                profile.email.clone().into(),
                profile.language.clone().into(),
                standing.enabled.into(),
                words(standing.assigned).into(),
                standing.certificates.word().into(),
                profile.created_at.into(),
            ],
        )
        .await;
    match added {
        Err(DatabaseError::Exists) => return Err(AccountError::UserExists(profile.user.clone())),
        other => other?,
    };
    join(&mut transaction, &profile.user, &standing.groups).await?;
    Ok(transaction.commit().await?)
}

pub(super) async fn write_profile(database: &Database, profile: &Profile, now: Timestamp) -> Result<(), AccountError> {
    let touched = database
        .execute(
            "UPDATE users SET display_name = $2, email = $3, language = $4, changed_at = $5 WHERE name = $1",
            &[
                profile.user.as_str().into(),
                profile.display_name.clone().into(),
                profile.email.clone().into(),
                profile.language.clone().into(),
                now.into(),
            ],
        )
        .await?;
    found(touched, &profile.user)
}

/// Both in one statement: at no moment is a user disabled while an older session is valid.
pub(super) async fn write_enabled(
    database: &Database,
    user: &UserId,
    enabled: bool,
    epoch: u32,
    now: Timestamp,
) -> Result<(), AccountError> {
    let touched = database
        .execute(
            "UPDATE users SET enabled = $2, session_epoch = $3, changed_at = $4 WHERE name = $1",
            &[user.as_str().into(), enabled.into(), i64::from(epoch).into(), now.into()],
        )
        .await?;
    found(touched, user)
}

pub(super) async fn write_assigned(
    database: &Database,
    user: &UserId,
    assigned: Methods,
    now: Timestamp,
) -> Result<(), AccountError> {
    let touched = database
        .execute(
            "UPDATE users SET assigned = $2, changed_at = $3 WHERE name = $1",
            &[user.as_str().into(), words(assigned).into(), now.into()],
        )
        .await?;
    found(touched, user)
}

pub(super) async fn write_certificates(
    database: &Database,
    user: &UserId,
    setting: CertificateSetting,
    now: Timestamp,
) -> Result<(), AccountError> {
    let touched = database
        .execute(
            "UPDATE users SET certificates = $2, changed_at = $3 WHERE name = $1",
            &[user.as_str().into(), setting.word().into(), now.into()],
        )
        .await?;
    found(touched, user)
}

pub(super) async fn write_device_designation(
    database: &Database,
    user: &UserId,
    on: bool,
    now: Timestamp,
) -> Result<(), AccountError> {
    let touched = database
        .execute(
            "UPDATE users SET device_designation = $2, changed_at = $3 WHERE name = $1",
            &[user.as_str().into(), on.into(), now.into()],
        )
        .await?;
    found(touched, user)
}

pub(super) async fn write_groups(database: &Database, user: &UserId, groups: &[GroupName]) -> Result<(), AccountError> {
    let mut transaction = database.begin().await?;
    transaction.execute("DELETE FROM memberships WHERE user_name = $1", &[user.as_str().into()]).await?;
    join(&mut transaction, user, groups).await?;
    Ok(transaction.commit().await?)
}

/// Everything else that is the user's refers to this row and goes with it (ON DELETE CASCADE).
pub(super) async fn remove_user(database: &Database, user: &UserId) -> Result<(), AccountError> {
    let touched = database.execute("DELETE FROM users WHERE name = $1", &[user.as_str().into()]).await?;
    found(touched, user)
}

pub(super) async fn add_group(
    database: &Database,
    name: GroupName,
    description: Option<String>,
    now: Timestamp,
) -> Result<Group, AccountError> {
    let row: [Value; 3] = [name.as_str().into(), description.clone().into(), now.into()];
    match database.execute("INSERT INTO user_groups (name, description, created_at) VALUES ($1, $2, $3)", &row).await {
        Err(DatabaseError::Exists) => Err(AccountError::GroupExists(name)),
        Err(error) => Err(error.into()),
        Ok(_) => Ok(Group { name, description, certificates_required: false, created_at: now }),
    }
}

pub(super) async fn write_group_certificates(database: &Database, name: &GroupName, required: bool) -> Result<(), AccountError> {
    let row: [Value; 2] = [name.as_str().into(), required.into()];
    match database.execute("UPDATE user_groups SET certificates_required = $2 WHERE name = $1", &row).await? {
        0 => Err(AccountError::UnknownGroup(name.clone())),
        _ => Ok(()),
    }
}

pub(super) async fn remove_group(database: &Database, name: &GroupName) -> Result<(), AccountError> {
    match database.execute("DELETE FROM user_groups WHERE name = $1", &[name.as_str().into()]).await? {
        0 => Err(AccountError::UnknownGroup(name.clone())),
        _ => Ok(()),
    }
}

async fn join(transaction: &mut DatabaseTransaction, user: &UserId, groups: &[GroupName]) -> Result<(), AccountError> {
    for group in groups {
        let there = transaction.row("SELECT name FROM user_groups WHERE name = $1", &[group.as_str().into()]).await?;
        if there.is_none() {
            return Err(AccountError::UnknownGroup(group.clone()));
        }
        let row: [Value; 2] = [user.as_str().into(), group.as_str().into()];
        transaction.execute("INSERT INTO memberships (user_name, group_name) VALUES ($1, $2)", &row).await?;
    }
    Ok(())
}

fn found(touched: u64, user: &UserId) -> Result<(), AccountError> {
    if touched == 0 { Err(AccountError::UnknownUser(user.clone())) } else { Ok(()) }
}

fn user_id(row: &Row, column: &'static str) -> Result<UserId, DatabaseError> {
    UserId::parse(&row.text(column)?).map_err(|_| DatabaseError::Column(column))
}

fn group_name(row: &Row, column: &'static str) -> Result<GroupName, DatabaseError> {
    GroupName::parse(&row.text(column)?).map_err(|_| DatabaseError::Column(column))
}

fn words(methods: Methods) -> String {
    methods.iter().map(Method::word).collect::<Vec<_>>().join(" ")
}

/// What an older build wrote may name methods that nothing verifies: they are not assigned.
fn methods(words: &str) -> Result<Methods, DatabaseError> {
    let written = match words {
        "any" => Methods::ANY,
        "any but push" => Methods::ANY.without(Method::Push),
        words => words.split_whitespace().try_fold(Methods::NONE, |methods, word| {
            Method::from_word(word).map(|method| methods.with(method)).ok_or(DatabaseError::Column("assigned"))
        })?,
    };
    Ok(written.both(Methods::PRIMARY))
}

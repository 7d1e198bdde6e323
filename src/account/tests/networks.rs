//! Lists of networks as tests: two processes change one list, and what cannot be compiled is not kept.

use std::sync::Arc;

use super::id;
use crate::account::AccountError;
use crate::account::list_line::KeptLine;
use crate::account::network_list::{ListOwner, NetworkList};
use crate::account::networks::NetworkLists;
use crate::account::users::{NewUser, Users};
use crate::clock::{ManualClock, Timestamp};
use crate::store::database::Database;

/// What one process has of the directory.
async fn process(folder: &std::path::Path) -> (Database, Arc<Users>, NetworkLists) {
    let database = Database::open(&folder.join("sekisho.db")).await.unwrap();
    let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(1_800_000_000)));
    let users = Arc::new(Users::load(database.clone(), clock).await.unwrap());
    let lists = NetworkLists::load(database.clone(), Arc::clone(&users)).await.unwrap();
    (database, users, lists)
}

fn line(text: &str) -> KeptLine {
    text.parse().unwrap()
}

async fn add(lists: &NetworkLists, owner: &ListOwner, text: &str) -> Result<NetworkList, AccountError> {
    let change = |mut list: NetworkList| {
        list.allowed.push(line(text));
        Ok(list)
    };
    lists.edit(owner, change).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_that_change_one_list_lose_nothing_a_20() {
    const ROUNDS: usize = 20;
    let folder = tempfile::tempdir().unwrap();
    let (_database, users, one) = process(folder.path()).await;
    users.add(NewUser::named(id("alice"))).await.unwrap();
    let (_other, _users, two) = process(folder.path()).await;
    for owner in [ListOwner::App("wiki".to_owned()), ListOwner::User(id("alice"))] {
        let adds = async |lists: &NetworkLists, network: usize| {
            for number in 0..ROUNDS {
                add(lists, &owner, &format!("10.{network}.{number}.0/24")).await.unwrap();
            }
        };
        tokio::join!(adds(&one, 1), adds(&two, 2));
        let all = one.all().await.unwrap();
        assert_eq!(all[&owner].allowed.len(), 2 * ROUNDS, "{owner}");
    }
    // What the last of them compiled has what the other wrote as well.
    add(&one, &ListOwner::App("wiki".to_owned()), "10.3.0.0/24").await.unwrap();
    assert_eq!(one.lists().of_place("wiki").next().unwrap().allowed.len(), 2 * ROUNDS + 1);
}

#[tokio::test]
async fn a_list_that_cannot_be_compiled_with_the_others_is_not_written_a_20() {
    let folder = tempfile::tempdir().unwrap();
    let (database, _users, lists) = process(folder.path()).await;
    let wiki = ListOwner::App("wiki".to_owned());
    add(&lists, &wiki, "192.0.2.0/24").await.unwrap();
    let damaged = "INSERT INTO app_networks (app, network, allowed) VALUES ($1, $2, 1)";
    database.execute(damaged, &["other".into(), "no network".into()]).await.unwrap();
    assert!(matches!(add(&lists, &wiki, "198.51.100.0/24").await, Err(AccountError::Database(_))));
    // What is kept and what is judged by are the same.
    let kept = database.rows("SELECT network FROM app_networks WHERE app = $1", &["wiki".into()]).await.unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!(lists.lists().of_place("wiki").next().unwrap().allowed.len(), 1);
}

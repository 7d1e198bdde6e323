//! Rules of accounts as tests.

mod links;
mod networks;
mod outbox;
mod regulation;
mod users;

use crate::facts::client_address::ClientAddress;
use crate::principal::user::UserId;

fn from(address: &str) -> ClientAddress {
    ClientAddress::new(address.parse().unwrap())
}

fn id(name: &str) -> UserId {
    UserId::parse(name).unwrap()
}

//! Groups: names that policies and upstreams know.

pub mod add;
pub mod list;
pub mod members;
pub mod remove;

use serde::Serialize;
use utoipa::ToSchema;

use crate::account::groups::Group;
use crate::core::Core;

/// A group as administrators see one.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupView {
    /// Its name.
    pub group: String,
    /// What it is for.
    pub description: Option<String>,
    /// How many members it has.
    pub members: usize,
    /// Since when it is there.
    pub created_at: String,
}

impl GroupView {
    fn of(core: &Core, group: &Group) -> Self {
        Self {
            group: group.name.to_string(),
            description: group.description.clone(),
            members: core.groups().members(&group.name).len(),
            created_at: group.created_at.rfc3339(),
        }
    }
}

//! What a plan does about one workspace.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::plan::action::Action;

/// What is to be done about one workspace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct WorkspacePlan {
    /// The slug that it has in the end, or, if it is to be deleted, has now.
    pub slug: String,
    /// Its id; `None` if it is to be created.
    pub id: Option<Uuid>,
    /// The parts of the workspace that the actions rest on, each with the fingerprint of its state.
    pub rests_on: BTreeMap<String, String>,
    /// What is to be done, in this order. There is at least one.
    pub actions: Vec<Action>,
}

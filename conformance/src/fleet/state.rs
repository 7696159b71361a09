//! What an account has, whoever says it: a manifest, or the Python SDK.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// Workspaces by their slugs: their settings under the names of the API, `members` as a sorted list, and `budgets` as limits
/// by interval.
pub type State = BTreeMap<String, Map<String, Value>>;

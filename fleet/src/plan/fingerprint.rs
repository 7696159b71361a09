//! Fingerprints: of a plan as a whole, and of each part of an account that it rests on, so that a change of anything else does
//! not matter.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::account::{Account, AccountWorkspace};
use crate::plan::action::{Action, Change};
use crate::settings;

/// The slug, and who has the one that the workspace is to have.
pub(crate) const SLUG: &str = "slug";
/// All members.
pub(crate) const MEMBERS: &str = "members";
/// All budgets.
pub(crate) const BUDGETS: &str = "budgets";
/// All settings, and when they were changed last.
pub(crate) const WORKSPACE: &str = "workspace";

/// The parts that actions rest on, the slug among them. Who is a member matters to those who are added only where, as
/// `all_members` says, the manifest lists them all.
pub(super) fn parts(actions: &[Action], all_members: bool) -> Vec<String> {
    let mut parts = vec![SLUG.to_owned()];
    for action in actions {
        match &action.change {
            Change::Create { .. } => {}
            Change::Update { fields } => {
                parts.extend(fields.iter().map(|change| change.field.clone()).filter(|field| field != SLUG));
            }
            Change::AddMembers { .. } if !all_members => {}
            Change::AddMembers { .. } | Change::RemoveMembers { .. } => parts.push(MEMBERS.to_owned()),
            Change::SetBudget { .. } | Change::DeleteBudget { .. } => parts.push(BUDGETS.to_owned()),
            Change::Delete { .. } => parts.push(WORKSPACE.to_owned()),
        }
    }
    parts.dedup();
    parts
}

/// The fingerprint of a part of a workspace, whose plan gives it this slug. `None` if the part was not read.
pub(crate) fn of_part(part: &str, slug: &str, there: Option<&AccountWorkspace>, account: &Account) -> Option<String> {
    let value = match (part, there) {
        (SLUG, _) => json!({
            "slug": there.map(|there| &there.workspace.slug),
            "taken_by": account.by_slug(slug).map(|holder| holder.workspace.id),
        }),
        // Of one that is to be created there is no other part.
        (_, None) => Value::Null,
        (MEMBERS, Some(there)) => {
            let mut users: Vec<&str> = there.members.read()?.iter().map(|member| member.user_id.as_str()).collect();
            users.sort_unstable();
            users.dedup();
            json!(users)
        }
        (BUDGETS, Some(there)) => json!(there.budgets_with_byok()?),
        (WORKSPACE, Some(there)) => json!(there.workspace),
        (field, Some(there)) => settings::fields(&there.workspace).remove(field).unwrap_or_default(),
    };
    Some(of(&value))
}

/// The fingerprint of a value.
pub(super) fn of(value: &Value) -> String {
    let mut text = String::new();
    write_canonical(value, &mut text);
    let mut digits = String::new();
    for byte in Sha256::digest(text) {
        // Writing to a string cannot fail.
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}

/// As JSON with sorted keys, whatever order the map keeps, which features of other crates decide, and with numbers as they are
/// written in one way only, whatever program has written them: `5` and `5.0` are the same.
fn write_canonical(value: &Value, text: &mut String) {
    match value {
        Value::Array(items) => {
            text.push('[');
            for item in items {
                write_canonical(item, text);
                text.push(',');
            }
            text.push(']');
        }
        Value::Object(fields) => {
            let fields: BTreeMap<&String, &Value> = fields.iter().collect();
            text.push('{');
            for (name, value) in fields {
                write_canonical(&Value::from(name.as_str()), text);
                text.push(':');
                write_canonical(value, text);
                text.push(',');
            }
            text.push('}');
        }
        Value::Number(number) => match number.as_f64().filter(|_| number.is_f64()) {
            // The shortest text that is read as this number, without a fraction where it has none.
            Some(number) => text.push_str(&number.to_string()),
            None => text.push_str(&number.to_string()),
        },
        scalar => text.push_str(&scalar.to_string()),
    }
}

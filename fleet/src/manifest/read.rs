//! From trees to a manifest. What cannot be read is told and left out, so that all else is checked, too.

use std::collections::HashMap;

use openrouter_workspaces::BudgetSet;
use openrouter_workspaces::body::UpdateWorkspaceRequest;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::manifest::entry::OWN_FIELDS;
use crate::manifest::errors::{ManifestError, Place};
use crate::manifest::node::{Content, Key, Node, Position, Variables};
use crate::manifest::places::{Owner, Places};
use crate::manifest::{Manifest, Members, WorkspaceEntry, rules};
use crate::settings;

/// The fields of a manifest. An editor may be told where the schema is.
const TOP_FIELDS: [&str; 3] = ["defaults", "workspaces", "$schema"];
/// The intervals of budgets, and the flag.
const BUDGET_FIELDS: [&str; 5] = ["lifetime", "monthly", "weekly", "daily", "include_byok"];

/// Reads documents one after the other into one manifest.
#[derive(Default)]
pub(super) struct Reader {
    pub(super) manifest: Manifest,
    pub(super) places: Places,
    pub(super) errors: Vec<ManifestError>,
    defaults: Map<String, Value>,
    file: String,
}

impl Reader {
    /// From now on documents are of this file.
    pub(super) fn file(&mut self, name: &str) {
        name.clone_into(&mut self.file);
    }

    pub(super) fn fail(&mut self, at: Position, path: impl Into<String>, message: impl Into<String>) {
        let place = Some(self.place(at));
        self.errors.push(ManifestError { place, path: path.into(), message: message.into() });
    }

    fn place(&self, at: Position) -> Place {
        Place { file: self.file.clone(), line: at.line, column: at.column }
    }

    /// Reads a document. An empty one says nothing.
    pub(super) fn document(&mut self, node: &Node) {
        if node.is_null() {
            return;
        }
        for (key, value) in self.map(node, "", "`workspaces`, or `defaults`") {
            match key.text.as_str() {
                "defaults" => self.defaults(value),
                "workspaces" => {
                    for (in_list, entry) in self.list(value, "workspaces", "workspaces").iter().enumerate() {
                        self.entry(entry, in_list);
                    }
                }
                "$schema" => {}
                _ => self.unknown(key, "", TOP_FIELDS),
            }
        }
    }

    /// Defaults may stand in several files, as long as they agree.
    fn defaults(&mut self, node: &Node) {
        let known = rules::fields().keys().map(String::as_str).filter(|field| !["slug", "name"].contains(field));
        let known: Vec<&str> = known.collect();
        for (key, node) in self.map(node, "defaults", "settings") {
            let field = key.text.as_str();
            if !known.contains(&field) {
                self.unknown(key, "defaults", known.iter().copied());
                continue;
            }
            let place = self.place(key.at);
            let Some(value) = self.setting(key, node, "defaults") else { continue };
            match self.defaults.get(field) {
                Some(there) if !rules::is_same(field, there, &value) => {
                    let first = self.places.of(&Owner::Defaults, field).map(ToString::to_string).unwrap_or_default();
                    let message = format!("has another value at {first}: a default is the same in all files");
                    self.fail(key.at, format!("defaults.{field}"), message);
                }
                Some(_) => {}
                None => {
                    self.places.insert(Owner::Defaults, field, place);
                    self.items(node, &Owner::Defaults, field);
                    self.defaults.insert(field.to_owned(), value);
                    self.manifest.defaults = settings::body(&self.defaults);
                }
            }
        }
    }

    /// A workspace, `in_list` being its number there: errors count as the file does.
    fn entry(&mut self, node: &Node, in_list: usize) {
        let number = self.manifest.workspaces.len();
        let owner = || Owner::Workspace(number);
        let mut entry = WorkspaceEntry::default();
        let fields = self.map(node, &format!("workspaces[{in_list}]"), "a workspace with a `slug`");
        let slug = fields.iter().find(|(key, _)| key.text == "slug").map(|(_, value)| *value);
        let path = match slug.map(|slug| slug.value(Variables::AsText)) {
            Some(Value::String(slug)) if !slug.is_empty() => slug,
            _ => format!("workspaces[{in_list}]"),
        };
        self.places.number(number, in_list);
        if slug.is_none() && !node.is_wrong() && matches!(node.content, Content::Map(_)) {
            self.fail(node.at, &path, "has no `slug`");
        }
        let place = self.place(node.at);
        self.places.insert(owner(), "", place);
        let mut own_settings = Map::new();
        let known = || rules::fields().keys().map(String::as_str).chain(OWN_FIELDS);
        for (key, value) in fields {
            let place = self.place(key.at);
            self.places.insert(owner(), key.text.as_str(), place);
            match key.text.as_str() {
                "renamed_from" | "members" | "budgets" if value.is_null() => {
                    self.fail(value.at, format!("{path}.{}", key.text), rules::NO_NULL);
                }
                "slug" => entry.slug = self.typed(value, &format!("{path}.slug"), "text").unwrap_or_default(),
                "renamed_from" => entry.renamed_from = self.typed(value, &format!("{path}.renamed_from"), "a slug"),
                "members" => entry.members = self.members(value, &owner(), &path),
                "budgets" => entry.budgets = self.budgets(value, &owner(), &path),
                field if rules::fields().contains_key(field) => {
                    self.items(value, &owner(), field);
                    if let Some(value) = self.setting(key, value, &path) {
                        own_settings.insert(field.to_owned(), value);
                    }
                }
                _ => self.unknown(key, &path, known()),
            }
        }
        // Without a slug there is no telling which workspace is meant, and that was said.
        if !entry.slug.is_empty() || slug.is_some_and(|slug| slug.value(Variables::AsText) == "") {
            entry.settings = settings::body(&own_settings);
            self.manifest.workspaces.push(entry);
        } else {
            self.places.forget(&owner());
        }
    }

    /// A setting that can be read. Its limits are checked with the manifest.
    fn setting(&mut self, key: &Key, node: &Node, path: &str) -> Option<Value> {
        let field = key.text.as_str();
        let read = |value: Value| {
            if value.is_null() && !rules::is_cleared_by_null(field) {
                return Err(rules::NO_NULL.to_owned());
            }
            let body = Value::Object(Map::from_iter([(field.to_owned(), value.clone())]));
            serde_json::from_value::<UpdateWorkspaceRequest>(body).map(|_| value).map_err(|error| error.to_string())
        };
        self.tried(node, &format!("{path}.{field}"), read)
    }

    /// Notes where the values of a list stand.
    fn items(&mut self, node: &Node, owner: &Owner, field: &str) {
        let Content::List(items) = &node.content else { return };
        for (index, item) in items.iter().enumerate() {
            let place = self.place(item.at);
            self.places.insert(owner.clone(), format!("{field}[{index}]"), place);
        }
    }

    fn members(&mut self, node: &Node, owner: &Owner, path: &str) -> Option<Members> {
        let path = format!("{path}.members");
        match &node.content {
            Content::List(_) => Some(Members::Exactly(self.users(node, owner, "members", &path))),
            Content::Map(_) => {
                let mut users = None;
                for (key, value) in self.map(node, &path, "`include`") {
                    match key.text.as_str() {
                        "include" => {
                            users = Some(self.users(value, owner, "members.include", &format!("{path}.include")));
                        }
                        _ => self.unknown(key, &path, ["include"]),
                    }
                }
                if users.is_none() && !node.is_wrong() {
                    self.fail(node.at, &path, "has no `include`");
                }
                users.map(|include| Members::AtLeast { include })
            }
            Content::Scalar(_) => {
                let rule = "must be a list of all members, or `include` with a list of some; leave it out where members are \
                            not managed";
                self.fail(node.at, &path, rule);
                None
            }
            Content::Wrong => None,
        }
    }

    fn users(&mut self, node: &Node, owner: &Owner, field: &str, path: &str) -> Vec<String> {
        let mut users = Vec::new();
        for item in self.list(node, path, "ids of users") {
            let number = users.len();
            let place = self.place(item.at);
            self.places.insert(owner.clone(), format!("{field}[{number}]"), place);
            let user = self.typed(item, &format!("{path}[{number}]"), "the id of a user, which is text");
            // One that is wrong keeps its number, so that errors count as the file does.
            users.push(user.unwrap_or_else(|| format!("[{number}]")));
        }
        users
    }

    fn budgets(&mut self, node: &Node, owner: &Owner, path: &str) -> Option<BudgetSet> {
        let path = format!("{path}.budgets");
        let mut budgets = Map::new();
        for (key, value) in self.map(node, &path, "the budgets of a workspace, `{}` for none") {
            let field = key.text.as_str();
            if !BUDGET_FIELDS.contains(&field) {
                self.unknown(key, &path, BUDGET_FIELDS);
                continue;
            }
            let place = self.place(key.at);
            self.places.insert(owner.clone(), format!("budgets.{field}"), place);
            let read = |value: Value| {
                let read = match field {
                    "include_byok" if value.is_null() => return Err(rules::NO_NULL.to_owned()),
                    "include_byok" => bool::deserialize(&value).map(drop),
                    _ => Option::<f64>::deserialize(&value).map(drop),
                };
                read.map(|()| value).map_err(|error| error.to_string())
            };
            if let Some(value) = self.tried(value, &format!("{path}.{field}"), read) {
                budgets.insert(field.to_owned(), value);
            }
        }
        matches!(node.content, Content::Map(_)).then(|| serde_json::from_value(budgets.into()).unwrap_or_default())
    }

    /// A value of a type, `kind` being what people call it.
    fn typed<T: DeserializeOwned>(&mut self, node: &Node, path: &str, kind: &str) -> Option<T> {
        let read = |value: Value| {
            serde_json::from_value::<T>(value.clone()).map_err(|_| match value {
                Value::Number(_) | Value::Bool(_) => format!("must be {kind}: quote it"),
                _ => format!("must be {kind}"),
            })
        };
        self.tried(node, path, read)
    }

    /// What is read of a value. One with a variable in it is text, or, where that is nothing, what the variable holds.
    fn tried<T, E: ToString>(&mut self, node: &Node, path: &str, read: impl Fn(Value) -> Result<T, E>) -> Option<T> {
        if node.is_wrong() {
            return None;
        }
        let text = read(node.value(Variables::AsText));
        match text.or_else(|error| read(node.value(Variables::AsWritten)).map_err(|_| error)) {
            Ok(value) => Some(value),
            Err(error) => {
                self.fail(node.at, path, error.to_string());
                None
            }
        }
    }

    /// The fields of a map, each once.
    fn map<'n>(&mut self, node: &'n Node, path: &str, what: &str) -> Vec<(&'n Key, &'n Node)> {
        let fields = match &node.content {
            Content::Map(fields) => fields,
            Content::Wrong => return Vec::new(),
            _ => {
                self.fail(node.at, path, format!("must have fields: {what}"));
                return Vec::new();
            }
        };
        let mut seen: HashMap<&str, Position> = HashMap::new();
        let mut once = Vec::new();
        for (key, value) in fields {
            if let Some(first) = seen.insert(&key.text, key.at) {
                let first = self.place(first);
                let path = if path.is_empty() { key.text.clone() } else { format!("{path}.{}", key.text) };
                self.fail(key.at, path, format!("is there twice; the other one is at {first}"));
            } else {
                once.push((key, value));
            }
        }
        once
    }

    fn list<'n>(&mut self, node: &'n Node, path: &str, what: &str) -> &'n [Node] {
        match &node.content {
            Content::List(items) => items,
            Content::Wrong => &[],
            _ => {
                self.fail(node.at, path, format!("must be a list of {what}, `[]` for none"));
                &[]
            }
        }
    }

    fn unknown<'k>(&mut self, key: &Key, path: &str, known: impl IntoIterator<Item = &'k str>) {
        let name = &key.text;
        if crate::manifest::variables::looks_like_a_key(name) {
            return;
        }
        let meant = rules::nearest(name, known);
        let meant = meant.map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default();
        self.fail(key.at, path, format!("there is no field `{name}`{meant}"));
    }
}

//! The API behind the server: workspaces that can be created, looked up and listed.

use std::sync::Mutex;
use std::time::SystemTime;

use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use crate::real_transport::fixtures::bare_workspace;

/// It takes every request to create a workspace that comes, even for a slug that is taken. So a request that was
/// processed twice shows.
#[derive(Default)]
pub struct Api {
    workspaces: Mutex<Vec<Value>>,
}

pub struct Answer {
    pub status: u16,
    pub date: String,
    pub body: Bytes,
}

impl Api {
    /// The workspaces in the order in which they were created.
    pub fn workspaces(&self) -> Vec<Value> {
        self.workspaces.lock().expect("no panics").clone()
    }

    pub fn process(&self, method: &str, path: &str, body: &[u8]) -> Answer {
        let now: DateTime<Utc> = SystemTime::now().into();
        let mut workspaces = self.workspaces.lock().expect("no panics");
        let (status, body) = match (method, path.strip_prefix("/api/v1/workspaces")) {
            ("POST", Some("")) => {
                let created = workspace(body, workspaces.len(), now);
                workspaces.push(created);
                (201, json!({"data": workspaces.last()}))
            }
            ("GET", Some("")) => (200, json!({"data": *workspaces, "total_count": workspaces.len()})),
            ("GET", Some(rest)) => match workspaces.iter().find(|workspace| workspace["slug"] == rest[1..]) {
                Some(workspace) => (200, json!({"data": workspace})),
                None => (404, json!({"error": {"code": 404, "message": "Workspace not found"}})),
            },
            _ => (405, json!({"error": {"code": 405, "message": "Method not allowed"}})),
        };
        let date = now.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        Answer { status, date, body: body.to_string().into() }
    }
}

/// What a request creates: what it asks for, and the defaults for everything else.
fn workspace(request: &[u8], n: usize, now: DateTime<Utc>) -> Value {
    let request: Value = serde_json::from_slice(request).expect("the request is JSON");
    let mut workspace = bare_workspace();
    workspace["id"] = json!(format!("00000000-0000-4000-8000-{n:012}"));
    workspace["is_observability_broadcast_enabled"] = json!(false);
    workspace["created_at"] = json!(now.to_rfc3339_opts(SecondsFormat::Millis, true));
    for (field, value) in request.as_object().expect("the request is an object") {
        workspace[field] = value.clone();
    }
    workspace
}

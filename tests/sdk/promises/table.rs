//! A list in memory that changes between two requests as a test says.

use std::sync::{Arc, Mutex, MutexGuard};

use openrouter_workspaces::operation::ListWorkspaces;
use openrouter_workspaces::{Error, Items, Workspace};

use crate::promises::service::{Answer, Memory, Recorded};

/// Rows, by their numbers, in a stable order. Its clones are the same table.
#[derive(Clone)]
pub struct Table(Arc<Mutex<Vec<usize>>>);

impl Table {
    /// The rows 0, 1 and so on.
    pub fn new(rows: usize) -> Self {
        Self(Arc::new(Mutex::new((0..rows).collect())))
    }

    pub fn rows(&self) -> MutexGuard<'_, Vec<usize>> {
        self.0.lock().expect("no panics")
    }

    /// Answers requests for pages and deletions.
    pub fn answer(&self, request: &Recorded) -> Answer {
        if request.method == "DELETE" {
            let number = request.path.rsplit('-').next().and_then(|digits| digits.parse::<usize>().ok());
            let mut rows = self.rows();
            let before = rows.len();
            rows.retain(|row| Some(*row) != number);
            return match rows.len() < before {
                true => Answer::new(200, r#"{"deleted": true}"#),
                false => Answer::error(404, "Workspace not found"),
            };
        }
        self.page(request, 0)
    }

    /// A page whose total is so much too large.
    pub fn page(&self, request: &Recorded, surplus: usize) -> Answer {
        let rows = self.rows();
        let (offset, limit) = (request.number("offset").unwrap_or(0), request.number("limit").unwrap_or(50));
        let row = if request.path.ends_with("/members") { member } else { workspace };
        let page: Vec<_> = rows.iter().skip(offset).take(limit).copied().map(row).collect();
        let total = rows.len() + surplus;
        Answer::new(200, format!(r#"{{"data": [{}], "total_count": {total}}}"#, page.join(",")))
    }

    /// A service with this list.
    pub fn serve(&self) -> Memory {
        let table = self.clone();
        Memory::new(move |request, _| table.answer(request))
    }

    /// A service with this list, which changes before each answer to a request for a page.
    pub fn serve_changing(&self, change: impl FnMut(&mut Vec<usize>, usize) + Send + 'static) -> Memory {
        let (table, change) = (self.clone(), Mutex::new((change, 0)));
        Memory::new(move |request, _| {
            if request.method == "GET" {
                let (change, pages) = &mut *change.lock().expect("no panics");
                change(&mut table.rows(), *pages);
                *pages += 1;
            }
            table.answer(request)
        })
    }
}

/// The n-th workspace.
fn workspace(n: usize) -> String {
    format!(
        r#"{{"id": "00000000-0000-4000-8000-{n:012}", "name": "W", "slug": "w{n}", "description": null,
        "default_text_model": null, "default_image_model": null, "default_provider_sort": null,
        "default_guardrail_id": "3d813cbb-47fb-52ba-91df-831e1593ac29", "io_logging_sampling_rate": 1, "io_logging_api_key_ids": null,
        "is_observability_io_logging_enabled": false, "is_observability_broadcast_enabled": false,
        "is_data_discount_logging_enabled": false, "created_at": "2024-01-15T09:30:00Z", "updated_at": null,
        "created_by": null}}"#
    )
}

/// The n-th member.
fn member(n: usize) -> String {
    format!(
        r#"{{"id": "00000000-0000-4000-8000-{n:012}", "workspace_id": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
        "user_id": "user_{n}", "role": "member", "created_at": "2024-01-15T09:30:00Z"}}"#
    )
}

/// The number of a row.
pub fn number(slug: &str) -> usize {
    slug.trim_start_matches(|c: char| !c.is_ascii_digit()).parse().expect("a slug or a user id of the tests")
}

/// The next rows of a walk.
pub async fn take(items: &mut Items<ListWorkspaces>, rows: usize) -> Vec<usize> {
    let mut came = Vec::new();
    for _ in 0..rows {
        came.push(number(&items.next().await.expect("a row").unwrap().slug));
    }
    came
}

/// The rows that are left.
pub async fn rest(items: Items<ListWorkspaces>) -> Result<Vec<usize>, Error> {
    Ok(items.try_collect().await?.iter().map(|row: &Workspace| number(&row.slug)).collect())
}

pub fn sorted(mut rows: Vec<usize>) -> Vec<usize> {
    rows.sort_unstable();
    rows
}

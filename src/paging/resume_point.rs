//! Where a walk stopped.

use serde::{Deserialize, Serialize};

use crate::error::InvalidInput;
use crate::paging::pager::Progress;
use crate::paging::seen::SeenRows;

/// The version of the form in which a point is written.
const VERSION: u32 = 1;

/// Where a walk stopped, to go on from there: later, or in another process, for it can be written with serde. Made by
/// [`Pages::resume_point`](crate::Pages::resume_point) and [`Items::resume_point`](crate::Items::resume_point), used by
/// their `resume_from`.
///
/// It holds the ids of all rows that were given, about 40 bytes each as JSON, and belongs to the list that it was made
/// from: for another one it is refused.
///
/// ```
/// # use openrouter_workspaces::{Client, Error, ResumePoint};
/// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
/// let mut walk = client.list().items();
/// let first = walk.try_next().await?;
/// let json = serde_json::to_string(&walk.resume_point())?;
///
/// let point: ResumePoint = serde_json::from_str(&json)?;
/// let mut rest = client.list().items().resume_from(point);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResumePoint {
    version: u32,
    /// The URL of the list.
    list: String,
    cursor: u64,
    floor: u64,
    seen: SeenRows,
}

impl ResumePoint {
    pub(crate) fn new(list: Option<String>, progress: Progress) -> Self {
        let Progress { cursor, floor, seen } = progress;
        Self { version: VERSION, list: list.unwrap_or_default(), cursor, floor, seen }
    }

    /// What the walk had got to, if it was over the list with this URL.
    pub(crate) fn progress_for(self, list: Option<String>) -> Result<Progress, InvalidInput> {
        let Self { version, list: own, cursor, floor, seen } = self;
        if version != VERSION {
            let rule = format!("must have version {VERSION}, has {version}");
            return Err(InvalidInput::new("resume_from", rule));
        }
        match list {
            Some(list) if list != own => {
                Err(InvalidInput::new("resume_from", format!("must be a point of the list {list}, is one of {own}")))
            }
            _ => Ok(Progress { cursor, floor, seen }),
        }
    }
}

//! What a workspace and a user may be named by.

use std::borrow::Cow;
use std::fmt;

use uuid::Uuid;

use crate::generated::types::{Workspace, WorkspaceMember};

/// Names a workspace by its id or by its slug. Calls take `impl Into<WorkspaceRef>`: text, a `Uuid`, or a [`Workspace`],
/// which is named by its id; each of them also by reference.
///
/// ```
/// # use openrouter_workspaces::{Client, Error};
/// # async fn example(client: Client) -> Result<(), Error> {
/// let workspace = client.get("production").await?;
/// client.list_budgets(workspace.id).await?;
/// client.list_budgets(&workspace).await?; // the same
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct WorkspaceRef(pub(crate) String);

/// Names a user by the id. Calls take `impl Into<UserRef>`: text of any kind, or a [`WorkspaceMember`]; each of them also by
/// reference.
///
/// ```
/// # use openrouter_workspaces::{Client, Error};
/// # async fn example(client: Client, team: Vec<String>) -> Result<(), Error> {
/// client.add_members("production", &team).await?;
///
/// // Whoever is a member of one workspace becomes one of another.
/// let members = client.list_members("production").all().await?;
/// client.add_members("staging", &members).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UserRef(pub(crate) String);

/// Whether a workspace is named by its id. Without its hyphens an id would be a slug like any other.
pub(crate) fn is_workspace_id(workspace: &str) -> bool {
    workspace.len() == 36 && Uuid::try_parse(workspace).is_ok()
}

impl WorkspaceRef {
    /// The id or the slug.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl UserRef {
    /// The user's id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for WorkspaceRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for UserRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for WorkspaceRef {
    fn from(name: &str) -> Self {
        Self(name.to_owned())
    }
}

impl From<&&str> for WorkspaceRef {
    fn from(name: &&str) -> Self {
        Self((*name).to_owned())
    }
}

impl From<String> for WorkspaceRef {
    fn from(name: String) -> Self {
        Self(name)
    }
}

impl From<&String> for WorkspaceRef {
    fn from(name: &String) -> Self {
        Self(name.clone())
    }
}

impl From<Cow<'_, str>> for WorkspaceRef {
    fn from(name: Cow<'_, str>) -> Self {
        Self(name.into_owned())
    }
}

impl From<Box<str>> for WorkspaceRef {
    fn from(name: Box<str>) -> Self {
        Self(name.into())
    }
}

impl From<Uuid> for WorkspaceRef {
    fn from(id: Uuid) -> Self {
        Self(id.to_string())
    }
}

impl From<&Uuid> for WorkspaceRef {
    fn from(id: &Uuid) -> Self {
        Self(id.to_string())
    }
}

impl From<Workspace> for WorkspaceRef {
    fn from(workspace: Workspace) -> Self {
        workspace.id.into()
    }
}

impl From<&Workspace> for WorkspaceRef {
    fn from(workspace: &Workspace) -> Self {
        workspace.id.into()
    }
}

impl From<&WorkspaceRef> for WorkspaceRef {
    fn from(name: &WorkspaceRef) -> Self {
        name.clone()
    }
}

impl From<&UserRef> for UserRef {
    fn from(id: &UserRef) -> Self {
        id.clone()
    }
}

impl<T: AsRef<str>> From<T> for UserRef {
    fn from(id: T) -> Self {
        Self(id.as_ref().to_owned())
    }
}

impl From<WorkspaceMember> for UserRef {
    fn from(member: WorkspaceMember) -> Self {
        Self(member.user_id)
    }
}

impl From<&WorkspaceMember> for UserRef {
    fn from(member: &WorkspaceMember) -> Self {
        Self(member.user_id.clone())
    }
}

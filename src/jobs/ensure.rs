//! A workspace that is to be as described.

use std::fmt;

use serde_json::{Map, Value};

use crate::client::Client;
use crate::endpoint::Endpoint;
use crate::error::{Delivery, Error, InvalidInput};
use crate::generated::endpoints::CreateWorkspace;
use crate::generated::types::{CreateWorkspaceRequest, UpdateWorkspaceRequest, Workspace};
use crate::jobs::job::{Job, Run, Task};
use crate::names::is_workspace_id;
use crate::operation::differing;
use crate::unknown_value::{UnknownValue, UnknownValues};

/// How often the workspace is looked for, where others create and delete it meanwhile.
const MAX_LOOKS: usize = 3;

impl Client {
    /// Makes sure that there is a workspace with this slug, and with the settings that are named: creates it, or changes
    /// the fields that differ and no others, or does nothing, and says which.
    ///
    /// A setting that is not named is not looked at. Without [`name`](EnsureJob#method.name), a new workspace is
    /// named like its slug.
    ///
    /// It can be run again, and by several processes at once: where another one is faster, its workspace is read, and taken
    /// if it is as described. So it is where the answer to the create was lost. Where two describe it differently, each
    /// changes what the other has set.
    ///
    /// What the server answers is not compared: a setting that it does not know or does not keep, as an older one does not, is
    /// not in the [`workspace`](Ensured::workspace) that results, and counts as different each time.
    ///
    /// A workspace that is renamed between the two requests is changed under its new slug, and the slug is looked for again.
    ///
    /// Settings of the job: [`name`](EnsureJob#method.name),
    #[doc = crate::generated::create_workspace_settings!("EnsureJob")]
    ///
    /// One request to read, and one to create or to change; two more where another process creates it in between.
    ///
    /// ```
    /// # use openrouter_workspaces::{Client, Error};
    /// use openrouter_workspaces::jobs::EnsureOutcome;
    ///
    /// # async fn example(client: Client) -> Result<(), Error> {
    /// let ensured = client.ensure("research").name("Research").description("Team of six").await?;
    /// match ensured.outcome {
    ///     EnsureOutcome::Created => println!("created {}", ensured.workspace.id),
    ///     EnsureOutcome::Changed(fields) => println!("changed {fields:?}"),
    ///     _ => println!("as it should be"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn ensure(&self, slug: impl Into<String>) -> EnsureJob {
        let slug = slug.into();
        let body = CreateWorkspaceRequest::new(&slug, &slug);
        Job::new(Ensure { client: self.clone(), body, is_named: false, unknown: UnknownValues::default() })
    }

    /// The same as [`ensure`](Self::ensure), with the settings of a request body, which was read from JSON as a rule.
    pub fn ensure_from(&self, body: CreateWorkspaceRequest) -> EnsureJob {
        Job::new(Ensure { client: self.clone(), body, is_named: true, unknown: UnknownValues::default() })
    }
}

/// What [`Client::ensure`] returns.
///
/// Settings of its own: [`name`](EnsureJob#method.name),
#[doc = crate::generated::create_workspace_settings!("EnsureJob")]
///
/// The options of every [`Job`] besides.
pub type EnsureJob = Job<Ensure>;

/// The task of an [`EnsureJob`]. It results in an [`Ensured`], or an [`Error`].
#[derive(Debug)]
pub struct Ensure {
    client: Client,
    body: CreateWorkspaceRequest,
    /// Whether the name was given, and is not only the one of a new workspace.
    is_named: bool,
    /// What was given as text, and is unknown.
    unknown: UnknownValues,
}

/// Only for an [`EnsureJob`]: how the workspace is to be. `None` clears a setting; one that is not named is left as it is,
/// or to the server.
impl Job<Ensure> {
    crate::generated::create_workspace_setters!();

    /// Takes a setting that may have been given as text, if it is known.
    fn given<T>(
        mut self,
        name: &'static str,
        value: Result<T, impl Into<UnknownValue>>,
        set: impl FnOnce(&mut Ensure, T),
    ) -> Self {
        if let Some(value) = self.operation.unknown.known(name, value) {
            set(&mut self.operation, value);
        }
        self
    }

    /// The name shown to people. 1 to 100 characters.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.operation.body.name = name.into();
        self.operation.is_named = true;
        self
    }
}

/// A workspace that is as described, as far as the server has taken it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Ensured {
    /// The workspace, as the server answered last.
    pub workspace: Workspace,
    /// What was done to make it so.
    pub outcome: EnsureOutcome,
}

impl Ensured {
    /// A result of a job, for tests.
    pub fn new(workspace: Workspace, outcome: EnsureOutcome) -> Self {
        Self { workspace, outcome }
    }
}

/// What [`Client::ensure`] has done.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EnsureOutcome {
    /// There was none, and it was created.
    Created,
    /// These fields differed, and were changed.
    Changed(Vec<String>),
    /// It was as described.
    Unchanged,
}

/// As in `changed: name, description`.
impl fmt::Display for EnsureOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Created => f.write_str("created"),
            Self::Changed(fields) => write!(f, "changed: {}", fields.join(", ")),
            Self::Unchanged => f.write_str("unchanged"),
        }
    }
}

impl Task for Ensure {
    type Output = Result<Ensured, Error>;

    async fn run(self, run: Run) -> Self::Output {
        let mut create = run.request(self.client.create_from(self.body.clone()));
        create.unknown = self.unknown.clone();
        create.check()?;
        if is_workspace_id(&self.body.slug) {
            let rule = "must not be the id of a workspace, which is looked for by its slug";
            return Err(create.refuse(InvalidInput::new("slug", rule)));
        }
        let mut failure = None;
        for _ in 0..MAX_LOOKS {
            match run.request(self.client.get(&self.body.slug)).await {
                // A server could find something else under this name.
                Ok(there) if there.slug == self.body.slug => match self.adjust(&run, there).await {
                    Err(gone @ Error::NotFound(_)) => failure = Some(gone),
                    // Somebody else has renamed it before it was changed.
                    Ok(renamed) if renamed.workspace.slug != self.body.slug => failure = None,
                    other => return other,
                },
                Ok(_) | Err(Error::NotFound(_)) => {
                    // Only somebody else who has deleted it explains that it is not there.
                    if let Some(final_one) = failure.take_if(|failure| is_final(failure)) {
                        return Err(final_one);
                    }
                    match create.clone().await {
                        Ok(workspace) => return Ok(Ensured { workspace, outcome: EnsureOutcome::Created }),
                        Err(error) if is_of_the_slug(&error) => failure = Some(error),
                        Err(error) => return Err(error),
                    }
                }
                // What became of the create is worth more than why it could not be looked up.
                Err(error) => return Err(failure.unwrap_or(error)),
            }
        }
        match failure {
            Some(failure) => Err(failure),
            // It was there each time, and renamed each time: the slug is free now, or the server says what it is.
            None => Ok(Ensured { workspace: create.await?, outcome: EnsureOutcome::Created }),
        }
    }
}

/// Whether a create may have failed because there is a workspace with the slug by now, be it somebody else's or its own.
fn is_of_the_slug(error: &Error) -> bool {
    matches!(error, Error::Conflict(_) | Error::BadRequest(_)) || error.delivery() == Delivery::Unknown
}

/// Whether a failure stands if there is no workspace with the slug.
fn is_final(failure: &Error) -> bool {
    !matches!(failure, Error::Conflict(_) | Error::NotFound(_))
}

impl Ensure {
    /// Changes what differs. The workspace is named by its id, so that it is no other.
    async fn adjust(&self, run: &Run, there: Workspace) -> Result<Ensured, Error> {
        let differing = self.differing(&there);
        if differing.is_empty() {
            return Ok(Ensured { workspace: there, outcome: EnsureOutcome::Unchanged });
        }
        let id = there.id.to_string();
        let fields = differing.keys().cloned().collect();
        let body = serde_json::from_value::<UpdateWorkspaceRequest>(Value::Object(differing));
        let body = body.map_err(|error| {
            self.client.get(&id).refuse(InvalidInput::new("body", "cannot be sent as a change").caused_by(error))
        })?;
        let workspace = run.request(self.client.update_from(id, body)).await?;
        Ok(Ensured { workspace, outcome: EnsureOutcome::Changed(fields) })
    }

    /// The settings that are named, and that the workspace has not.
    fn differing(&self, there: &Workspace) -> Map<String, Value> {
        let Ok(Value::Object(mut wanted)) = serde_json::to_value(&self.body) else { return Map::new() };
        wanted.retain(|field, _| field != "slug" && (field != "name" || self.is_named));
        differing(CreateWorkspace::FIELDS, wanted, there)
    }
}

//! How a plan is made.

/// How a plan is made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlanOptions {
    /// Whether workspaces that the manifest does not name are deleted. The default workspace never is. Default: no.
    pub prune: bool,
    /// Whether others are deleted even if no workspace has the slug of the default one. It may have been given another slug
    /// then, and cannot be told from the others; the server refuses to delete it. Default: no, that is an error.
    pub prune_without_default: bool,
}

impl PlanOptions {
    /// Sets [`prune`](Self#structfield.prune).
    #[must_use]
    pub fn prune(mut self, prune: bool) -> Self {
        self.prune = prune;
        self
    }

    /// Sets [`prune_without_default`](Self#structfield.prune_without_default).
    #[must_use]
    pub fn prune_without_default(mut self, allowed: bool) -> Self {
        self.prune_without_default = allowed;
        self
    }
}

//! The order of lists.

/// The order in which the API lists workspaces and members, and so where a new row lands while a client reads page after
/// page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ListOrder {
    /// The oldest comes first, and a new row on the last page.
    #[default]
    OldestFirst,
    /// The newest comes first: a new row moves all others by one.
    NewestFirst,
    /// Workspaces by slug and members by user id, in the order of their bytes: a new row may land anywhere.
    BySlug,
}

//! A whole list as a `Vec`.

use crate::error::{Error, PaginationError};
use crate::jobs::job::{Job, Run, Task};
use crate::operation::{Paged, Request};

/// Only for lists: a [`ListRequest`](crate::operation::ListRequest) and a
/// [`ListMembersRequest`](crate::operation::ListMembersRequest).
impl<O: Paged> Request<O> {
    /// Reads every row of the list, from the offset on, as a `Vec`, 100 in a request, several requests at the same time.
    ///
    /// What [`Pages`](crate::Pages) promises holds for it. A list with more rows than [`max_rows`](AllJob#method.max_rows) is an
    /// [`Error::Pagination`]: no part of a list is ever taken for the whole. For a list of any length there is
    /// [`items`](Request::items), which holds a page at a time.
    ///
    /// ```
    /// # use openrouter_workspaces::{Client, Error};
    /// # async fn example(client: Client) -> Result<(), Error> {
    /// let workspaces = client.list().all().await?;
    /// let members = client.list_members("production").all().max_rows(500).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn all(self) -> AllJob<O> {
        Job::new(All { list: self, max_rows: 100_000 })
    }
}

/// What [`Request::all`] returns.
///
/// Setting of its own: [`max_rows`](AllJob#method.max_rows).
///
/// The options of every [`Job`] besides.
pub type AllJob<O> = Job<All<O>>;

/// The task of an [`AllJob`]. It results in a `Vec` of rows, or an [`Error`].
#[derive(Debug)]
pub struct All<O> {
    list: Request<O>,
    max_rows: usize,
}

/// Only for the whole of a list, an [`AllJob`].
impl<O: Paged> Job<All<O>> {
    /// How many rows are read at most. Default: 100,000. A list that has more is an error, as soon as that is known.
    pub fn max_rows(mut self, rows: usize) -> Self {
        self.operation.max_rows = rows;
        self
    }
}

impl<O: Paged> Task for All<O> {
    type Output = Result<Vec<O::Item>, Error>;

    async fn run(self, run: Run) -> Self::Output {
        let Self { list, max_rows } = self;
        let list = run.request(list);
        let skipped = list.operation.offset().unwrap_or(0);
        let mut pages = list.clone().pages().concurrency(run.concurrency());
        let mut rows = Vec::new();
        while let Some(page) = pages.try_next().await? {
            let listed = u64::try_from(page.total_count).unwrap_or(0).saturating_sub(skipped);
            let total = usize::try_from(listed).unwrap_or(usize::MAX).max(rows.len() + page.data.len());
            if total > max_rows {
                let problem = format!("there are {total} of them, and at most {max_rows} were allowed");
                return Err(PaginationError { problem, offset: pages.offset(), call: list.summary() }.into());
            }
            rows.extend(page.data);
            run.progress(rows.len(), total);
        }
        if rows.is_empty() {
            run.progress(0, 0);
        }
        Ok(rows)
    }
}

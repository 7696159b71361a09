//! Walks as iterators.

use std::ops::Deref;

use crate::blocking::background::Waiter;
use crate::error::Error;
use crate::operation::{Page, Paged};
use crate::paging::{Items, Pages};

/// Waiting, with the feature `blocking`.
impl<O: Paged> Items<O> {
    /// The rows as an iterator that waits for each on this thread.
    ///
    /// It ends after an error, except after rows that [`past_unreadable`](Self::past_unreadable) goes past. On a thread that must
    /// not wait, its only item is an [`Error::InvalidInput`], and nothing is sent; [`blocking`](crate::blocking) says which
    /// these are.
    ///
    /// ```no_run
    /// # use openrouter_workspaces::{Client, Error};
    /// # fn main() -> Result<(), Error> {
    /// # let client = Client::from_env()?;
    /// for workspace in client.list().items().wait() {
    ///     println!("{}", workspace?.slug);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn wait(self) -> Walk<Self> {
        Walk(self)
    }
}

/// Waiting, with the feature `blocking`.
impl<O: Paged> Pages<O> {
    /// The pages as an iterator that waits for each on this thread; see [`Items::wait`].
    pub fn wait(self) -> Walk<Self> {
        Walk(self)
    }
}

/// A walk as a blocking iterator. Made by [`Items::wait`] and [`Pages::wait`].
///
/// Dropping it stops what it fetches. It dereferences to the walk, which says where it is:
///
/// ```no_run
/// # use openrouter_workspaces::{Client, Error};
/// # fn main() -> Result<(), Error> {
/// # let client = Client::from_env()?;
/// let mut rows = client.list().items().wait();
/// for workspace in rows.by_ref().take(10) {
///     println!("{}", workspace?.slug);
/// }
/// let later = rows.resume_point();
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a walk fetches nothing until it is asked for the next row or page"]
pub struct Walk<W>(W);

impl<W> Deref for Walk<W> {
    type Target = W;

    fn deref(&self) -> &W {
        &self.0
    }
}

impl<O: Paged> Iterator for Walk<Items<O>> {
    type Item = Result<O::Item, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let Self(items) = self;
        // Most rows are there already, and need no wait.
        if let Some(row) = items.page.next() {
            return Some(row);
        }
        match Waiter::here() {
            Ok(waiter) => waiter.wait(items.next()),
            Err(refusal) => items.pages.refuse(refusal).map(Err),
        }
    }
}

impl<O: Paged> Iterator for Walk<Pages<O>> {
    type Item = Result<Page<O::Item>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let Self(pages) = self;
        match Waiter::here() {
            Ok(waiter) => waiter.wait(pages.next()),
            Err(refusal) => pages.refuse(refusal).map(Err),
        }
    }
}

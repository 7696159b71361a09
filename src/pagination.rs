//! Lists that come in pages.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::error::Error;
use crate::request::{Operation, Request};
use crate::stream::{Items, Pages, ResumePoint};
use crate::validate::{self, Field};

/// One page of a list.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Page<T> {
    /// The rows.
    pub data: Vec<T>,
    /// How many rows there are on all pages.
    pub total_count: i64,
    /// How many rows come before this page.
    pub offset: u64,
}

impl<T> Page<T> {
    pub(crate) fn new(data: Vec<T>, total_count: i64, window: &Window) -> Self {
        Self { data, total_count, offset: window.offset.unwrap_or(0) }
    }

    /// The offset of the next page; `None` on the last one.
    pub fn next_offset(&self) -> Option<u64> {
        let next = self.offset.saturating_add(self.data.len() as u64);
        (!self.data.is_empty() && i128::from(next) < i128::from(self.total_count)).then_some(next)
    }
}

/// The part of a list that a request asks for.
#[doc(hidden)]
#[derive(Clone, Debug, Default)]
pub struct Window {
    pub(crate) offset: Option<u64>,
    pub(crate) limit: Option<u64>,
    /// For walks only.
    pub(crate) concurrency: usize,
    pub(crate) resume: Option<Arc<ResumePoint>>,
}

impl Window {
    pub(crate) fn check(&self, rules: &[Field]) -> Result<(), Error> {
        self.offset.map_or(Ok(()), |offset| validate::parameter(rules, "offset", offset))?;
        self.limit.map_or(Ok(()), |limit| validate::parameter(rules, "limit", limit))
    }
}

/// The operations that list something in pages.
pub trait Paged: Operation<Output = Page<Self::Item>> {
    /// A row.
    type Item: Send + Unpin + 'static;
    #[doc(hidden)]
    const RULES: &'static [Field];
    #[doc(hidden)]
    fn window(&mut self) -> &mut Window;
    #[doc(hidden)]
    fn id(item: &Self::Item) -> Uuid;
    #[doc(hidden)]
    fn created_at(item: &Self::Item) -> DateTime<Utc>;
}

/// Lists, for [`Client::list`](crate::Client::list) and [`Client::list_members`](crate::Client::list_members).
impl<O: Paged> Request<O> {
    /// How many rows to skip. Default: 0.
    pub fn offset(mut self, offset: u64) -> Self {
        self.operation.window().offset = Some(offset);
        self
    }

    /// How many rows a page has at most, 1 to 100. Default: 50 for a single page; 100 for a walk, which then needs the
    /// fewest requests.
    pub fn limit(mut self, limit: u64) -> Self {
        self.operation.window().limit = Some(limit);
        self
    }

    /// Walks over all rows from the offset on, fetching a page when it is needed.
    ///
    /// The options of the request apply to the request of each page.
    pub fn items(self) -> Items<O> {
        Items::new(self.pages())
    }

    /// Walks over all pages from the offset on, fetching a page when it is asked for.
    ///
    /// The options of the request apply to the request of each page.
    pub fn pages(self) -> Pages<O> {
        Pages::new(self)
    }

    /// How many pages a walk fetches at the same time, and holds at most. Default: 1.
    ///
    /// Whatever the number, [`Pages`] says which rows come, and in which order.
    pub fn concurrency(mut self, pages: usize) -> Self {
        self.operation.window().concurrency = pages;
        self
    }

    /// Goes on where another walk stopped, be it for an error or because it was left. Rows that it gave do not come again.
    pub fn resume_from(mut self, point: ResumePoint) -> Self {
        self.operation.window().resume = Some(Arc::new(point));
        self
    }
}

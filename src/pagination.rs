//! Walks over lists that come in pages.

use std::collections::HashSet;
use std::fmt;
use std::future::{Future, IntoFuture, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use uuid::Uuid;

use crate::error::Error;
use crate::failure::PaginationError;
use crate::request::{Operation, Request};
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
        Items { pages: self.pages(), page: Vec::new().into_iter() }
    }

    /// Walks over all pages from the offset on, fetching a page when it is asked for.
    ///
    /// The options of the request apply to the request of each page.
    pub fn pages(mut self) -> Pages<O> {
        let window = self.operation.window();
        let offset = window.offset.unwrap_or(0);
        window.limit = window.limit.or_else(|| validate::maximum(O::RULES, "limit"));
        Pages { request: self, offset, seen: HashSet::new(), state: State::Ready }
    }
}

type PageFuture<T> = Pin<Box<dyn Future<Output = Result<Page<T>, Error>> + Send>>;

enum State<T> {
    Ready,
    Fetching(PageFuture<T>),
    Done,
}

/// A walk over the pages of a list. Made by [`Request::pages`].
///
/// It ends when `total_count` rows have been passed, and not on a page that is short: a server may send fewer rows than
/// were asked for. A server that stops sending new rows before that is an [`Error::Pagination`]. After an error the
/// walk is over; [`offset`](Self::offset) tells where it can be resumed.
#[must_use = "a walk fetches nothing until it is asked for the next page"]
pub struct Pages<O: Paged> {
    request: Request<O>,
    offset: u64,
    seen: HashSet<Uuid>,
    state: State<O::Item>,
}

impl<O: Paged> Pages<O> {
    /// The next page; `None` after the last one and after an error.
    pub async fn next(&mut self) -> Option<Result<Page<O::Item>, Error>> {
        poll_fn(|cx| self.poll(cx)).await
    }

    /// The next page; `None` after the last one.
    pub async fn try_next(&mut self) -> Result<Option<Page<O::Item>>, Error> {
        self.next().await.transpose()
    }

    /// Where the next page starts. A walk that ended with an error can be resumed there, with [`Request::offset`].
    pub fn offset(&self) -> u64 {
        self.offset
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Page<O::Item>, Error>>> {
        loop {
            match &mut self.state {
                State::Done => return Poll::Ready(None),
                State::Ready => {
                    let request = self.request.clone().offset(self.offset);
                    self.state = State::Fetching(request.into_future());
                }
                State::Fetching(page) => {
                    let result = ready!(page.as_mut().poll(cx)).and_then(|page| self.accept(page));
                    if result.is_err() {
                        self.state = State::Done;
                    }
                    return Poll::Ready(match result {
                        Ok(page) if page.data.is_empty() => None,
                        other => Some(other),
                    });
                }
            }
        }
    }

    /// Moves on behind a page, if it brings anything new.
    fn accept(&mut self, page: Page<O::Item>) -> Result<Page<O::Item>, Error> {
        let before = self.seen.len();
        self.seen.extend(page.data.iter().map(O::id));
        let rows = page.data.len() as u64;
        let rest = i128::from(page.total_count) - i128::from(self.offset);
        let problem = if rest <= 0 && rows == 0 {
            None
        } else if rows == 0 {
            Some(format!("the server sends no rows, although {rest} are left"))
        } else if self.seen.len() == before {
            Some("the server sends only rows that it has sent before".to_owned())
        } else {
            None
        };
        if let Some(problem) = problem {
            return Err(PaginationError { problem, offset: self.offset }.into());
        }
        self.offset = self.offset.saturating_add(rows);
        self.state = if i128::from(self.offset) < i128::from(page.total_count) { State::Ready } else { State::Done };
        Ok(page)
    }
}

impl<O: Paged> Stream for Pages<O> {
    type Item = Result<Page<O::Item>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll(cx)
    }
}

impl<O: Paged> Unpin for Pages<O> {}

impl<O: Paged> fmt::Debug for Pages<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let request = &self.request;
        f.debug_struct("Pages").field("request", request).field("offset", &self.offset).finish_non_exhaustive()
    }
}

/// A walk over the rows of a list. Made by [`Request::items`]; see [`Pages`] for what it promises.
#[must_use = "a walk fetches nothing until it is asked for the next row"]
pub struct Items<O: Paged> {
    pages: Pages<O>,
    page: std::vec::IntoIter<O::Item>,
}

impl<O: Paged> Items<O> {
    /// The next row; `None` after the last one and after an error.
    pub async fn next(&mut self) -> Option<Result<O::Item, Error>> {
        poll_fn(|cx| self.poll(cx)).await
    }

    /// The next row; `None` after the last one.
    pub async fn try_next(&mut self) -> Result<Option<O::Item>, Error> {
        self.next().await.transpose()
    }

    /// All rows that are left.
    pub async fn try_collect(mut self) -> Result<Vec<O::Item>, Error> {
        let mut all = Vec::new();
        while let Some(row) = self.try_next().await? {
            all.push(row);
        }
        Ok(all)
    }

    /// How many rows come before the next one. A walk that ended with an error can be resumed there, with
    /// [`Request::offset`].
    pub fn offset(&self) -> u64 {
        self.pages.offset - self.page.len() as u64
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<O::Item, Error>>> {
        loop {
            if let Some(row) = self.page.next() {
                return Poll::Ready(Some(Ok(row)));
            }
            match ready!(self.pages.poll(cx)) {
                Some(Ok(page)) => self.page = page.data.into_iter(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<O: Paged> Stream for Items<O> {
    type Item = Result<O::Item, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll(cx)
    }
}

impl<O: Paged> Unpin for Items<O> {}

impl<O: Paged> fmt::Debug for Items<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("pages", &self.pages).finish_non_exhaustive()
    }
}

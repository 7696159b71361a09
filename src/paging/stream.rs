//! Walks as streams: all pages or all rows of a list.

use std::collections::VecDeque;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use tokio::task::JoinHandle;

use crate::error::{Error, InvalidInput, PaginationError};
use crate::operation::{Page, Paged, Request};
use crate::paging::pager::{Answer, Next, PageRequest, Pager, Progress};
use crate::paging::resume_point::ResumePoint;
use crate::rules;
use crate::transport::trace;

/// The most pages that a walk fetches at the same time.
pub const MAX_CONCURRENCY: usize = 64;

/// Lists, for [`Client::list`](crate::Client::list) and [`Client::list_members`](crate::Client::list_members).
impl<O: Paged> Request<O> {
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
        let progress = Progress::at(self.operation.offset().unwrap_or(0));
        let pager = pager(&mut self, progress);
        let (planned, in_flight) = Default::default();
        Pages { request: self, pager, concurrency: 1, planned, in_flight, invalid: None, done: false }
    }
}

/// A walk over the pages of a list. Made by [`Request::pages`].
///
/// Every row that exists throughout the walk comes exactly once, even when others create and delete rows meanwhile; rows
/// that are created or deleted meanwhile come at most once, and so do those that a change moves in the order of the list.
/// This needs a server that keeps the order of the rows that it has, sends those that it is asked for, more than one at a
/// time, and does not understate `total_count` by just the rows that it has not sent. Rows come in the server's order, but
/// one that others have moved by creating or deleting rows may come later than it stands. A server that contradicts itself,
/// by sending the same rows again, or none although some are left, is an [`Error::Pagination`], and so may be a list that
/// others change as fast as it is read.
///
/// The walk ends when `total_count` rows have been passed, and not on a page that is short: a server may send fewer rows
/// than were asked for. Each page asks for the last row of the page before once more, which is how changes are noticed;
/// where the pages would fit exactly, this may take a request more in a hundred, or one more in all. Where rows seem to be
/// missing at the end, as when some were created in front of those that were given, the end is asked for once more.
///
/// Pages are fetched by tasks of their own, so that an answer is read, and its deadline kept, while the consumer is busy
/// with the page before. Dropping the walk stops them. Dropping the future of `next` or `try_next` loses nothing: the page
/// is there at the next call. After an error the walk is over; [`resume_point`](Self::resume_point) is where it stopped.
#[must_use = "a walk fetches nothing until it is asked for the next page"]
pub struct Pages<O: Paged> {
    request: Request<O>,
    pager: Pager,
    concurrency: usize,
    planned: VecDeque<PageRequest>,
    in_flight: VecDeque<(PageRequest, Fetch<O::Item>)>,
    /// What the caller gave and cannot be used.
    invalid: Option<InvalidInput>,
    done: bool,
}

impl<O: Paged> Pages<O> {
    /// How many pages are fetched at the same time, and held at most. Default: 1; at most [`MAX_CONCURRENCY`], which stands
    /// for any larger number.
    ///
    /// Whatever the number, [`Pages`] says which rows come, and in which order.
    pub fn concurrency(mut self, pages: usize) -> Self {
        self.concurrency = pages.clamp(1, MAX_CONCURRENCY);
        self
    }

    /// Goes on where another walk stopped, be it for an error or because it was left. Rows that it gave do not come again.
    ///
    /// A point of another list is an [`Error::InvalidInput`], and nothing is sent.
    pub fn resume_from(mut self, point: ResumePoint) -> Self {
        match point.progress_for(self.request.list_url()) {
            Ok(progress) => self.pager = pager(&mut self.request, progress),
            Err(error) => self.invalid = Some(error),
        }
        self
    }

    /// The next page, without rows that came before; `None` after the last one and after an error.
    pub async fn next(&mut self) -> Option<Result<Page<O::Item>, Error>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    /// The next page, without rows that came before; `None` after the last one.
    pub async fn try_next(&mut self) -> Result<Option<Page<O::Item>>, Error> {
        self.next().await.transpose()
    }

    /// How many rows come before the next page.
    pub fn offset(&self) -> u64 {
        self.pager.progress.cursor
    }

    /// Where the walk is, to go on from there later with [`resume_from`](Self::resume_from).
    pub fn resume_point(&self) -> ResumePoint {
        ResumePoint::new(self.request.list_url(), self.pager.progress.clone())
    }

    /// Asks for as many pages ahead as is allowed.
    fn fetch(&mut self) {
        if self.done {
            return;
        }
        if self.in_flight.is_empty() && self.planned.is_empty() {
            self.planned = self.pager.plan().into();
        }
        while self.in_flight.len() < self.concurrency
            && let Some(page) = self.planned.pop_front()
        {
            let request = self.request.clone().offset(page.offset).limit(page.limit);
            self.in_flight.push_back((page, Fetch::start(request)));
        }
    }

    fn take(&mut self, asked: PageRequest, page: Page<O::Item>) -> Result<Page<O::Item>, Error> {
        let Page { data: rows, total_count, .. } = page;
        trace::page(asked.offset, asked.limit, rows.len());
        let taken = self.pager.take(asked, Answer { rows, total_count }, O::id);
        let taken = taken.map_err(|problem| self.contradiction(problem))?;
        match taken.next {
            Next::GoOn => {}
            Next::Replan => {
                self.planned.clear();
                self.in_flight.clear();
            }
            Next::End => self.end(),
        }
        Ok(Page { data: taken.rows, total_count, offset: taken.offset })
    }

    fn contradiction(&self, problem: String) -> Error {
        PaginationError { problem, offset: self.offset(), call: self.request.summary() }.into()
    }

    fn end(&mut self) {
        self.planned.clear();
        self.in_flight.clear();
        self.done = true;
    }
}

fn pager<O: Paged>(request: &mut Request<O>, progress: Progress) -> Pager {
    let max = rules::maximum(O::FIELDS, "limit").unwrap_or(u64::MAX);
    Pager::new(progress, request.operation.limit().unwrap_or(max), max)
}

/// A page that is being fetched by a task of its own. Dropping it stops the task.
struct Fetch<T>(JoinHandle<Result<Page<T>, Error>>);

impl<T: Send + 'static> Fetch<T> {
    fn start<O: Paged<Item = T>>(request: Request<O>) -> Self {
        let page = async { Ok(request.send_with_meta().await?.data) };
        Self(tokio::spawn(trace::in_current_span(page)))
    }

    /// The page; `None` if the runtime has ended the task, which it does when it shuts down.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Page<T>, Error>>> {
        Poll::Ready(match ready!(Pin::new(&mut self.0).poll(cx)) {
            Ok(result) => Some(result),
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(_) => None,
            },
        })
    }
}

impl<T> Drop for Fetch<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl<O: Paged> Stream for Pages<O> {
    type Item = Result<Page<O::Item>, Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let walk = self.get_mut();
        if let Some(error) = walk.invalid.take() {
            walk.end();
            return Poll::Ready(Some(Err(walk.request.refuse(error))));
        }
        while !walk.done {
            walk.fetch();
            let Some((_, page)) = walk.in_flight.front_mut() else { break };
            let fetched = ready!(page.poll(cx));
            let Some((asked, _)) = walk.in_flight.pop_front() else { break };
            let result = match fetched {
                Some(result) => result.and_then(|page| walk.take(asked, page)),
                None => Err(walk.contradiction("the runtime has ended the task that fetches a page".to_owned())),
            };
            match result {
                Ok(page) if page.data.is_empty() => {}
                Ok(page) => {
                    // The next pages come while the consumer is busy with this one.
                    if walk.concurrency > 1 {
                        walk.fetch();
                    }
                    return Poll::Ready(Some(Ok(page)));
                }
                Err(error) => {
                    walk.end();
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
        Poll::Ready(None)
    }
}

impl<O: Paged> fmt::Debug for Pages<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Pages");
        debug.field("request", &self.request).field("offset", &self.offset()).finish_non_exhaustive()
    }
}

/// A walk over the rows of a list. Made by [`Request::items`]; see [`Pages`] for what it promises.
#[must_use = "a walk fetches nothing until it is asked for the next row"]
pub struct Items<O: Paged> {
    pages: Pages<O>,
    page: std::vec::IntoIter<O::Item>,
}

impl<O: Paged> Items<O> {
    /// How many pages are fetched at the same time, and held at most; see [`Pages::concurrency`].
    pub fn concurrency(mut self, pages: usize) -> Self {
        self.pages = self.pages.concurrency(pages);
        self
    }

    /// Goes on where another walk stopped; see [`Pages::resume_from`].
    pub fn resume_from(mut self, point: ResumePoint) -> Self {
        self.pages = self.pages.resume_from(point);
        self
    }

    /// The next row; `None` after the last one and after an error.
    pub async fn next(&mut self) -> Option<Result<O::Item, Error>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    /// The next row; `None` after the last one.
    pub async fn try_next(&mut self) -> Result<Option<O::Item>, Error> {
        self.next().await.transpose()
    }

    /// All rows that are left.
    pub async fn try_collect(mut self) -> Result<Vec<O::Item>, Error> {
        let mut all = Vec::from_iter(self.page);
        while let Some(page) = self.pages.try_next().await? {
            all.extend(page.data);
        }
        Ok(all)
    }

    /// How many rows come before the next one.
    pub fn offset(&self) -> u64 {
        self.pages.offset().saturating_sub(self.page.len() as u64)
    }

    /// Where the walk is, to go on from there later with [`resume_from`](Self::resume_from).
    pub fn resume_point(&self) -> ResumePoint {
        let mut progress = self.pages.pager.progress.clone();
        progress.cursor = self.offset();
        for row in self.page.as_slice() {
            progress.seen.remove(O::id(row));
        }
        ResumePoint::new(self.pages.request.list_url(), progress)
    }
}

impl<O: Paged> Stream for Items<O> {
    type Item = Result<O::Item, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(row) = self.page.next() {
                return Poll::Ready(Some(Ok(row)));
            }
            match ready!(Pin::new(&mut self.pages).poll_next(cx)) {
                Some(Ok(page)) => self.page = page.data.into_iter(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<O: Paged> fmt::Debug for Items<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("pages", &self.pages).finish_non_exhaustive()
    }
}

//! Walks as streams: all pages or all rows of a list.

use std::collections::VecDeque;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use crate::error::Error;
use crate::pagination::{Page, Paged};
use crate::plan::Ask;
use crate::request::Request;
use crate::response::Response;
use crate::retry_after::server_time;
use crate::validate;
use crate::walk::{Answer, Next, Progress, Walk};

/// Where a walk stopped. Made by [`Pages::resume_point`] and [`Items::resume_point`], used by
/// [`Request::resume_from`].
#[derive(Clone, Debug)]
pub struct ResumePoint(Progress);

type Fetched<T> = Result<Response<Page<T>>, Error>;

/// A page that has been asked for.
enum Slot<T> {
    Pending(Pin<Box<dyn Future<Output = Fetched<T>> + Send>>),
    Ready(Fetched<T>),
}

/// A walk over the pages of a list. Made by [`Request::pages`].
///
/// Every row that exists throughout the walk comes exactly once, even when others create and delete rows meanwhile; rows
/// that are created or deleted meanwhile come at most once. Rows come in the server's order, but one that a change has
/// moved may come later than it stands. This needs a server that keeps the order of the rows that it has, and that does
/// not understate `total_count` by just the rows that it has not sent. One that contradicts itself, by sending the same rows again, or none although
/// some are left, is an [`Error::Pagination`].
///
/// The walk ends when `total_count` rows have been passed, and not on a page that is short: a server may send fewer rows
/// than were asked for. After an error the walk is over; [`resume_point`](Self::resume_point) is where it stopped.
///
/// Dropping the future of `next` or `try_next` loses nothing: the page is there at the next call.
#[must_use = "a walk fetches nothing until it is asked for the next page"]
pub struct Pages<O: Paged> {
    request: Request<O>,
    walk: Walk,
    concurrency: usize,
    planned: VecDeque<Ask>,
    in_flight: VecDeque<(Ask, Slot<O::Item>)>,
    done: bool,
}

impl<O: Paged> Pages<O> {
    pub(crate) fn new(mut request: Request<O>) -> Self {
        let window = request.operation.window();
        let max = validate::maximum(O::RULES, "limit").unwrap_or(u64::MAX);
        let progress = match window.resume.take() {
            Some(point) => Arc::unwrap_or_clone(point).0,
            None => Progress::at(window.offset.unwrap_or(0)),
        };
        let walk = Walk::new(progress, window.limit.unwrap_or(max), max);
        let concurrency = window.concurrency.max(1);
        let (planned, in_flight) = Default::default();
        Self { request, walk, concurrency, planned, in_flight, done: false }
    }

    /// The next page, without rows that came before; `None` after the last one and after an error.
    pub async fn next(&mut self) -> Option<Result<Page<O::Item>, Error>> {
        poll_fn(|cx| self.poll(cx)).await
    }

    /// The next page, without rows that came before; `None` after the last one.
    pub async fn try_next(&mut self) -> Result<Option<Page<O::Item>>, Error> {
        self.next().await.transpose()
    }

    /// How many rows come before the next page.
    pub fn offset(&self) -> u64 {
        self.walk.progress.cursor
    }

    /// Where the walk is, to go on from there later with [`Request::resume_from`].
    pub fn resume_point(&self) -> ResumePoint {
        ResumePoint(self.walk.progress.clone())
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Page<O::Item>, Error>>> {
        while !self.done {
            self.ask();
            for (_, slot) in &mut self.in_flight {
                if let Slot::Pending(page) = slot
                    && let Poll::Ready(result) = page.as_mut().poll(cx)
                {
                    *slot = Slot::Ready(result);
                }
            }
            let result = match self.in_flight.pop_front() {
                Some((ask, Slot::Ready(result))) => result.and_then(|response| self.take(ask, response)),
                Some(pending) => {
                    self.in_flight.push_front(pending);
                    return Poll::Pending;
                }
                None => break,
            };
            match result {
                Ok(page) if page.data.is_empty() => {}
                Ok(page) => return Poll::Ready(Some(Ok(page))),
                Err(error) => {
                    self.end();
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
        Poll::Ready(None)
    }

    /// Asks for as many pages ahead as is allowed.
    fn ask(&mut self) {
        if self.in_flight.is_empty() && self.planned.is_empty() {
            self.planned = self.walk.plan().into();
        }
        while self.in_flight.len() < self.concurrency
            && let Some(ask) = self.planned.pop_front()
        {
            let request = self.request.clone().offset(ask.offset).limit(ask.limit);
            self.in_flight.push_back((ask, Slot::Pending(Box::pin(request.send_with_meta()))));
        }
    }

    fn take(&mut self, ask: Ask, response: Response<Page<O::Item>>) -> Result<Page<O::Item>, Error> {
        let date = server_time(response.headers());
        let Page { data: rows, total_count, .. } = response.data;
        let taken = self.walk.take(ask, Answer { rows, total_count, date }, |row| (O::id(row), O::created_at(row)))?;
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

    fn end(&mut self) {
        self.in_flight.clear();
        self.done = true;
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
    pub(crate) fn new(pages: Pages<O>) -> Self {
        Self { pages, page: Vec::new().into_iter() }
    }

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

    /// How many rows come before the next one.
    pub fn offset(&self) -> u64 {
        self.pages.offset().saturating_sub(self.page.len() as u64)
    }

    /// Where the walk is, to go on from there later with [`Request::resume_from`].
    pub fn resume_point(&self) -> ResumePoint {
        let ResumePoint(mut progress) = self.pages.resume_point();
        progress.cursor = self.offset();
        for row in self.page.as_slice() {
            progress.seen.remove(&O::id(row));
        }
        ResumePoint(progress)
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

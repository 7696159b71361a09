//! Walks as streams: all pages or all rows of a list.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::panic::resume_unwind;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use crate::endpoint::ListBody;
use crate::error::{Error, InvalidInput, PaginationError};
use crate::operation::{Page, Paged, Request};
use crate::paging::fetch::{Batch, Fetch, Rows};
use crate::paging::pager::{Answer, Next, PageRequest, Pager, Progress};
use crate::paging::resume_point::ResumePoint;
use crate::rules;
use crate::transport::{check_runtime, trace};

/// The most pages that a walk fetches at the same time.
pub const MAX_CONCURRENCY: usize = 64;

/// Only for lists: a [`ListRequest`](crate::operation::ListRequest) and a
/// [`ListMembersRequest`](crate::operation::ListMembersRequest).
impl<O: Paged> Request<O> {
    /// Walks over all rows from the offset on, fetching a page when it is needed.
    ///
    /// The options of the request apply to the request of each page.
    pub fn items(self) -> Items<O> {
        Items { pages: self.pages(), page: Rows::read(Vec::new()) }
    }

    /// Walks over all pages from the offset on, fetching a page when it is asked for.
    ///
    /// The options of the request apply to the request of each page.
    pub fn pages(mut self) -> Pages<O> {
        let progress = Progress::at(self.operation.offset().unwrap_or(0));
        let pager = pager(&mut self, progress);
        let (planned, in_flight) = Default::default();
        let (concurrency, invalid, past_unreadable, done) = (1, None, false, false);
        Pages { request: self, pager, concurrency, planned, in_flight, invalid, past_unreadable, done }
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
    past_unreadable: bool,
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
            self.in_flight.push_back((page, Fetch::start(request, self.past_unreadable)));
        }
    }

    /// Takes the new rows of a page.
    fn take(&mut self, asked: PageRequest, page: Batch<O::Item>) -> Result<Batch<O::Item>, Error> {
        trace::page(asked.offset, asked.limit, page.rows.len());
        let total_count = page.total_count;
        let (rows, offset, next) = match page.rows {
            Rows::Read(rows) => {
                let taken = self.pager.take(asked, Answer { rows: rows.collect(), total_count }, O::Response::id);
                taken.map(|taken| (Rows::read(taken.rows), taken.offset, taken.next))
            }
            Rows::Mixed(rows) => {
                let taken = self.pager.take(asked, Answer { rows: rows.collect(), total_count }, |(id, _)| *id);
                taken.map(|taken| (Rows::mixed(taken.rows), taken.offset, taken.next))
            }
        }
        .map_err(|problem| self.contradiction(problem))?;
        match next {
            Next::GoOn => {}
            Next::Replan => {
                self.planned.clear();
                self.in_flight.clear();
            }
            Next::End => self.end(),
        }
        Ok(Batch { rows, total_count, offset })
    }

    /// The next rows of which there are any; `None` after the last ones.
    fn poll_batch(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Batch<O::Item>, Error>>> {
        let refusal = self.invalid.take().or_else(|| check_runtime().err());
        if let Some(error) = refusal.and_then(|refusal| self.refuse(refusal)) {
            return Poll::Ready(Some(Err(error)));
        }
        while !self.done {
            self.fetch();
            let Some((_, page)) = self.in_flight.front_mut() else { break };
            let fetched = ready!(page.poll(cx));
            let Some((asked, _)) = self.in_flight.pop_front() else { break };
            let result = match fetched {
                Ok(result) => result.and_then(|page| self.take(asked, page)),
                Err(ended) => match ended.try_into_panic() {
                    Ok(panic) => {
                        self.end();
                        resume_unwind(panic)
                    }
                    Err(_) => Err(self.contradiction("the runtime has ended the task that fetches a page".to_owned())),
                },
            };
            match result {
                Ok(batch) if batch.rows.len() == 0 => {}
                Ok(batch) => {
                    // The next pages come while the consumer is busy with this one.
                    if self.concurrency > 1 {
                        self.fetch();
                    }
                    return Poll::Ready(Some(Ok(batch)));
                }
                Err(error) => {
                    self.end();
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
        Poll::Ready(None)
    }

    /// Ends the walk, unless it has ended, for something that cannot be used.
    pub(crate) fn refuse(&mut self, refusal: InvalidInput) -> Option<Error> {
        if self.done {
            return None;
        }
        self.end();
        Some(self.request.refuse(refusal))
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
    Pager::new(progress, request.operation.limit_mut().unwrap_or(max), max)
}

impl<O: Paged> Stream for Pages<O> {
    type Item = Result<Page<O::Item>, Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let batch = ready!(self.get_mut().poll_batch(cx));
        Poll::Ready(batch.map(|batch| {
            let Batch { rows, total_count, offset } = batch?;
            Ok(Page { data: rows.all()?, total_count, offset })
        }))
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
    pub(crate) pages: Pages<O>,
    pub(crate) page: Rows<O::Item>,
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

    /// Goes on past rows that cannot be read, instead of ending at the page of the first. Default: off.
    ///
    /// Each of them comes as an [`Error::Decode`], whose `body` is the row's own JSON, and whose path begins with where it
    /// stands on its page, as in `data[17].created_at`; the rows around it come as ever. After any other error the walk is
    /// over, as it is where a page has no list of rows. [`try_collect`](Self::try_collect) still ends at the first.
    ///
    /// Such a row is known by its id. One whose id cannot be read either is known by its text: it comes again where that has
    /// changed, and once where there are several that are the same to the letter; a server that sends whole pages of
    /// these is taken for one that repeats itself.
    ///
    /// ```
    /// # use openrouter_workspaces::{Client, Error};
    /// # async fn example(client: Client) -> Result<(), Error> {
    /// let mut all = client.list().items().past_unreadable();
    /// while let Some(row) = all.next().await {
    ///     match row {
    ///         Ok(workspace) => println!("{}", workspace.slug),
    ///         Err(Error::Decode(row)) => eprintln!("{row}: {}", String::from_utf8_lossy(row.body())),
    ///         Err(error) => return Err(error),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn past_unreadable(mut self) -> Self {
        self.pages.past_unreadable = true;
        self
    }

    /// The next row; `None` after the last one and after an error that ends the walk.
    pub async fn next(&mut self) -> Option<Result<O::Item, Error>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    /// The next row; `None` after the last one.
    pub async fn try_next(&mut self) -> Result<Option<O::Item>, Error> {
        self.next().await.transpose()
    }

    /// All rows that are left.
    pub async fn try_collect(mut self) -> Result<Vec<O::Item>, Error> {
        let mut all = self.page.all()?;
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
        for id in self.page.ids(O::Response::id) {
            progress.seen.remove(id);
        }
        ResumePoint::new(self.pages.request.list_url(), progress)
    }
}

impl<O: Paged> Stream for Items<O> {
    type Item = Result<O::Item, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(row) = self.page.next() {
                return Poll::Ready(Some(row));
            }
            match ready!(self.pages.poll_batch(cx)) {
                Some(Ok(batch)) => self.page = batch.rows,
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

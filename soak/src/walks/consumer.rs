//! The consumer: it takes its time, stops in the middle, and goes on in another stream.

use std::time::Duration;

use openrouter_workspaces::operation::{ListMembers, Paged};
use openrouter_workspaces::{Error, Items, Pages, Request, ResumePoint, Workspace, WorkspaceMember};
use tokio::runtime::Handle;
use tokio::task::yield_now;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use super::world::{Settings, Shared};
use super::{Rule, Sabotage};

/// The most streams that a walk consists of.
const MAX_STREAMS: u64 = 12;

/// What a list is of.
pub trait Row {
    fn id(&self) -> Uuid;
}

impl Row for Workspace {
    fn id(&self) -> Uuid {
        self.id
    }
}

impl Row for WorkspaceMember {
    fn id(&self) -> Uuid {
        self.id
    }
}

/// The two kinds of streams.
enum Stream<O: Paged> {
    Items(Items<O>),
    Pages(Pages<O>),
}

impl<O: Paged<Item: Row>> Stream<O> {
    fn new(list: &Request<O>, settings: Settings, point: Option<ResumePoint>) -> Self {
        let list = list.clone();
        if settings.by_items {
            let items = list.items().concurrency(settings.concurrency);
            Self::Items(if let Some(point) = point { items.resume_from(point) } else { items })
        } else {
            let pages = list.pages().concurrency(settings.concurrency);
            Self::Pages(if let Some(point) = point { pages.resume_from(point) } else { pages })
        }
    }

    /// The ids of the next row, or of the next page with its offset.
    async fn next(&mut self) -> Option<Result<(Vec<Uuid>, Option<u64>), Error>> {
        match self {
            Self::Items(items) => Some(items.next().await?.map(|row| (vec![row.id()], None))),
            Self::Pages(pages) => {
                let ids = |rows: &[O::Item]| rows.iter().map(Row::id).collect();
                Some(pages.next().await?.map(|page| (ids(&page.data), Some(page.offset))))
            }
        }
    }

    fn offset(&self) -> u64 {
        match self {
            Self::Items(items) => items.offset(),
            Self::Pages(pages) => pages.offset(),
        }
    }

    fn resume_point(&self) -> ResumePoint {
        match self {
            Self::Items(items) => items.resume_point(),
            Self::Pages(pages) => pages.resume_point(),
        }
    }
}

/// Why a stream is left.
enum Left {
    Stopped,
    Ended,
    Failed(Error),
}

/// Walks a list to its end, in one stream or in several.
pub async fn walk<O: Paged<Item: Row>>(shared: &Shared, list: Request<O>, other: Request<ListMembers>) {
    let mut point = None;
    loop {
        let settings = settle(shared);
        // A list without a limit is walked by 100 rows at a time.
        let request = if settings.limit == 100 { list.clone() } else { list.clone().limit(settings.limit) };
        let resumed = point.take();
        let mut stream = Stream::new(&request, settings, resumed.clone());
        shared.lock().arrive(stream.offset());
        let left = follow(shared, &mut stream).await;
        let goes_on = match &left {
            Left::Stopped => true,
            Left::Ended => {
                stay_ended(shared, &mut stream).await;
                let mut world = shared.lock();
                let resumes = world.scenario.stops > 0.0 && world.happens(0.1);
                if !resumes {
                    world.note(format_args!("end"));
                    world.end();
                }
                resumes
            }
            Left::Failed(error) => {
                stay_ended(shared, &mut stream).await;
                judge(shared, error)
            }
        };
        if goes_on {
            let fresh = save(shared, &stream, &other).await;
            point = Some(if shared.lock().sabotage == Some(Sabotage::StalePoint) {
                resumed.unwrap_or(fresh)
            } else {
                fresh
            });
        }
        drop(stream);
        rest(shared).await;
        if !goes_on {
            return;
        }
    }
}

/// Decides how the next stream is set up.
fn settle(shared: &Shared) -> Settings {
    let mut world = shared.lock();
    world.known.streams += 1;
    world.total_is_wrong = false;
    if world.known.streams > 1 {
        world.counts.resumes += 1;
        if world.rng.bool() {
            let rng = &mut world.rng;
            let (limit, concurrency, by_items) = (rng.u64(1..=100), rng.usize(0..=8), rng.bool());
            let limit = if rng.bool() { world.settings.limit } else { limit };
            world.settings = Settings { limit, concurrency, by_items };
        }
    }
    let settings = world.settings;
    world.known.concurrent |= settings.concurrency > 1;
    world.note(format_args!("stream {settings:?}"));
    settings
}

/// Takes rows from a stream until it ends, or until the consumer has enough for now.
async fn follow<O: Paged<Item: Row>>(shared: &Shared, stream: &mut Stream<O>) -> Left {
    loop {
        pause(shared).await;
        {
            let mut world = shared.lock();
            let stops = world.scenario.stops;
            if world.known.streams < MAX_STREAMS && world.happens(stops) {
                world.note(format_args!("stop"));
                return Left::Stopped;
            }
        }
        let next = match patience(shared) {
            None => stream.next().await,
            Some(patience) => match timeout(patience, stream.next()).await {
                Ok(next) => next,
                Err(_) => {
                    shared.lock().note(format_args!("interrupted"));
                    continue;
                }
            },
        };
        match next {
            None => return Left::Ended,
            Some(Err(error)) => return Left::Failed(error),
            Some(Ok((rows, offset))) => {
                let mut world = shared.lock();
                world.note(format_args!("give {}", Brief(&rows)));
                world.give(&rows, offset, stream.offset());
            }
        }
    }
}

/// After how long the future of `next` is dropped, if it is.
fn patience(shared: &Shared) -> Option<Duration> {
    let mut world = shared.lock();
    let (interrupts, longest) = (world.scenario.interrupts, world.scenario.latency * 2);
    world.happens(interrupts).then(|| Duration::from_millis(world.rng.u64(0..=longest)))
}

/// The consumer is busy, up to some minutes, while others change the list.
async fn pause(shared: &Shared) {
    let pause = {
        let mut world = shared.lock();
        let pauses = world.scenario.pauses;
        world.happens(pauses).then(|| {
            let longest = if world.rng.bool() { 200 } else { 300_000 };
            Duration::from_millis(world.rng.u64(1..=longest))
        })
    };
    if let Some(pause) = pause {
        sleep(pause).await;
        shared.lock().may_change();
    }
}

/// After the end, and after an error, there is nothing more, and nothing is sent for it.
async fn stay_ended<O: Paged<Item: Row>>(shared: &Shared, stream: &mut Stream<O>) {
    shared.lock().known.closed = Some(Rule::AfterEnd);
    if stream.next().await.is_some() {
        shared.lock().violate(Rule::AfterEnd, "more came".to_owned());
    }
}

/// Whether an error is one to expect, and the walk goes on after it.
fn judge(shared: &Shared, error: &Error) -> bool {
    let mut world = shared.lock();
    world.note(format_args!("error {error}"));
    let again = world.known.streams < MAX_STREAMS && !world.known.has(Rule::Endless);
    match error {
        Error::Pagination(_) if world.may_fail() => {
            world.give_up();
            let again = again && world.happens(0.3);
            world.counts.errors += u64::from(!again);
            again
        }
        Error::Pagination(_) => {
            match world.outruns_the_walk() && error.to_string().contains("changes faster than it can be read") {
                true => world.counts.errors += 1,
                false => world.violate(Rule::UnfoundedError, error.to_string()),
            }
            false
        }
        Error::BadRequest(_) if world.known.refused > 0 => again,
        _ => {
            world.violate(Rule::UnexpectedError, error.to_string());
            false
        }
    }
}

/// Takes the resume point through JSON. Another list refuses it.
async fn save<O: Paged<Item: Row>>(shared: &Shared, stream: &Stream<O>, other: &Request<ListMembers>) -> ResumePoint {
    let point = stream.resume_point();
    let json = serde_json::to_string(&point).unwrap_or_default();
    let read = serde_json::from_str::<ResumePoint>(&json);
    if !read.as_ref().is_ok_and(|read| *read == point) {
        shared.lock().violate(Rule::PointChanged, json.clone());
    }
    // A point without any row is the beginning: the next stream starts the walk anew.
    if json.contains(r#""seen":[]"#) {
        shared.lock().known.start = None;
    }
    let tries = shared.lock().happens(0.2);
    if tries {
        let before = shared.lock().counts.requests;
        let mut pages = other.clone().pages().resume_from(point.clone());
        let refused = matches!(pages.next().await, Some(Err(Error::InvalidInput(_)))) && pages.next().await.is_none();
        let mut world = shared.lock();
        // What the stream that is still there has begun may be on its way.
        if !refused || world.known.closed.is_some() && world.counts.requests > before {
            world.violate(Rule::ForeignPoint, "a point of another list is taken".to_owned());
        }
    }
    read.unwrap_or(point)
}

/// The stream is gone: its tasks have a chance to see that, and then nothing is sent, for as long as the consumer rests.
async fn rest(shared: &Shared) {
    for _ in 0..3 {
        yield_now().await;
    }
    let pause = {
        let mut world = shared.lock();
        world.known.closed = world.known.closed.or(Some(Rule::AfterDrop));
        let tasks = Handle::current().metrics().num_alive_tasks();
        if tasks > 0 {
            world.violate(Rule::TasksLeft, format!("{tasks} tasks"));
        }
        Duration::from_millis(world.rng.u64(1..=600_000))
    };
    sleep(pause).await;
    let mut world = shared.lock();
    world.known.closed = None;
    world.may_change();
}

/// Rows as the trace has them: by the first digits of their ids.
struct Brief<'a>(&'a [Uuid]);

impl std::fmt::Display for Brief<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|id| write!(f, "{:04x}.", id.as_u128() >> 112))
    }
}

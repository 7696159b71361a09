//! The server, without a network: it answers late, fails, and is wrong now and then.

use std::future::pending;
use std::time::Duration;

use openrouter_workspaces::reqwest::{Request, Response};
use openrouter_workspaces::{HttpError, HttpFuture, HttpService};
use tokio::time::sleep;
use uuid::Uuid;

use super::Sabotage;
use super::scenario::{Lie, pick};
use super::wire::{self, Ending, Wire};
use super::world::{Flight, Shared, World};

/// What goes wrong with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    NotSent,
    /// The connection breaks before, or after, the server has looked at the request.
    Broken,
    Status(u16),
    Silence,
    BodyBreaks,
    BodyStalls,
    /// A status that is not tried again: the walk ends, and can be resumed.
    Refused,
}

const FAULTS: [Fault; 20] = {
    use Fault::*;
    [
        NotSent,
        NotSent,
        Broken,
        Broken,
        Broken,
        Status(429),
        Status(429),
        Status(503),
        Status(503),
        Status(503),
        Status(500),
        Status(502),
        Silence,
        Silence,
        BodyBreaks,
        BodyBreaks,
        BodyBreaks,
        BodyStalls,
        BodyStalls,
        Refused,
    ]
};

/// The server of a walk.
#[derive(Debug)]
pub struct Server(pub Shared);

impl HttpService for Server {
    fn call(&self, request: Request) -> HttpFuture<'_> {
        let (flight, in_flight) = self.0.take_off();
        let number = |name: &str| {
            let value =
                request.url().query_pairs().find(|(key, _)| key == name).and_then(|(_, value)| value.parse().ok());
            value.unwrap_or_default()
        };
        let (offset, limit) = (number("offset"), number("limit"));
        let mut world = self.0.lock();
        let (faults, latency) = (world.scenario.faults, world.scenario.latency);
        let fault = if !world.count_request(offset, limit, in_flight) {
            Some(Fault::Refused)
        } else {
            world.happens(faults).then(|| pick(&FAULTS, &mut world.rng))
        };
        let mut delay = || Duration::from_millis(world.rng.u64(0..=latency));
        let delays = [delay(), delay()];
        drop(world);
        Box::pin(answer(&self.0, (offset, limit), fault, delays, flight))
    }
}

async fn answer(
    shared: &Shared,
    (offset, limit): (u64, u64),
    fault: Option<Fault>,
    [before, after]: [Duration; 2],
    flight: Flight,
) -> Result<Response, HttpError> {
    wait(before).await;
    let (status, body) = {
        let mut world = shared.lock();
        world.may_change();
        let answer = match fault {
            None => world.answer(offset, limit),
            Some(fault) => world.fail(offset, fault),
        };
        world.may_change();
        answer
    };
    wait(after).await;
    let ending = match fault {
        Some(Fault::NotSent) => return Err(HttpError::not_sent("no route to host")),
        Some(Fault::Broken) => return Err(HttpError::broken("reset by peer")),
        Some(Fault::Silence) => pending().await,
        Some(Fault::BodyBreaks) => Ending::Broken,
        Some(Fault::BodyStalls) => Ending::Stalled,
        _ => Ending::Whole,
    };
    let mut answer = Wire::answer(status, body, ending, flight);
    if status == 429 {
        answer.headers_mut().insert("retry-after-ms", http::HeaderValue::from_static("700"));
    }
    Ok(answer.into())
}

async fn wait(delay: Duration) {
    if !delay.is_zero() {
        sleep(delay).await;
    }
}

impl World {
    fn fail(&mut self, offset: u64, fault: Fault) -> (u16, String) {
        self.counts.faults += 1;
        self.known.failed += 1;
        self.note(format_args!("< {offset} {fault:?}"));
        let status = match fault {
            Fault::Refused => 400,
            Fault::Status(status) => status,
            // Half of it will do.
            _ => return (200, wire::page(self.scenario.members, &[], 1_000_000)),
        };
        if fault == Fault::Refused {
            self.known.refused += 1;
        }
        (status, format!(r#"{{"error":{{"code":{status},"message":"not now"}}}}"#))
    }

    fn answer(&mut self, offset: u64, limit: u64) -> (u16, String) {
        self.begin();
        self.counts.pages += 1;
        let (honest, total) = self.page(offset, limit);
        let lie = match self.scenario.stubborn {
            Some((lie, from)) => (self.counts.pages > from).then_some(lie),
            None => self.happens(self.scenario.lies).then(|| pick(&Lie::ONCE, &mut self.rng)),
        };
        let (mut rows, mut said) = (honest.clone(), total);
        if let Some(lie) = lie {
            (rows, said) = self.lie(lie, (offset, limit), honest.clone(), total);
        }
        let (wrong_rows, wrong_total) = (rows != honest, said != total);
        self.known.wrong_rows |= wrong_rows;
        self.known.wrong_total |= wrong_total;
        self.counts.lies += u64::from(wrong_rows || wrong_total);
        self.total_is_wrong |= !rows.is_empty() && offset as i64 + rows.len() as i64 > said;
        if self.list.order.moves() {
            self.known.sent.extend(&rows);
        }
        self.sabotage(offset, &mut rows, &mut said);
        let lie = lie.filter(|_| wrong_rows || wrong_total).map(|lie| format!(" {lie:?}")).unwrap_or_default();
        self.note(format_args!("< {offset} {} of {said}{lie}", rows.len()));
        let json = wire::page(self.scenario.members, &rows, said);
        self.last = (rows, said);
        (200, json)
    }

    /// The rows from an offset on, as many as the server sends at once, and how many there are in all.
    fn page(&mut self, offset: u64, limit: u64) -> (Vec<Uuid>, i64) {
        let rows = self.list.rows.len();
        let from = usize::try_from(offset).map_or(rows, |offset| offset.min(rows));
        let mut count = (rows - from).min(limit as usize).min(self.scenario.cap);
        if count > 2 && self.happens(self.scenario.short) {
            count = self.rng.usize(2..=count);
            self.known.short = true;
        }
        (self.list.rows[from..from + count].to_vec(), rows as i64)
    }

    fn lie(&mut self, lie: Lie, (offset, limit): (u64, u64), rows: Vec<Uuid>, total: i64) -> (Vec<Uuid>, i64) {
        let (mut rows, mut said) = (rows, total);
        // Who insists on a wrong total does not say another one each time, as if the list changed.
        let off = self.scenario.stubborn.map_or_else(|| self.rng.i64(1..20), |(_, from)| 1 + 3 * from as i64);
        match lie {
            Lie::OldTotal if !self.totals.is_empty() => said = pick(&self.totals, &mut self.rng),
            Lie::MoreTotal => said += off,
            Lie::FewerTotal => said = (total - off).max(0),
            Lie::NoTotal => said = 0,
            // From an offset, a page that is not the one that was asked for would make other rows the walk's own.
            Lie::Repeat if self.scenario.offset == 0 && !self.last.0.is_empty() => {
                (rows, said) = self.last.clone();
                rows.truncate(limit as usize);
            }
            Lie::IgnoreOffset if self.scenario.offset == 0 => rows = self.page(0, limit).0,
            _ => {}
        }
        // A total that makes just these rows the last ones, or says that there are none where none are sent, cannot be
        // told from the truth, unless the walk has seen that all totals are wrong.
        let end = offset as i64 + rows.len() as i64;
        let known = lie == Lie::NoTotal && self.total_is_wrong;
        let deceives = said < total && (said == end || rows.is_empty() && said == 0 && !known);
        (rows, if deceives { total } else { said })
    }

    /// Breaks what a walk needs, without the checks being told of it, where they are to be seen failing.
    fn sabotage(&mut self, offset: u64, rows: &mut [Uuid], total: &mut i64) {
        match self.sabotage {
            Some(Sabotage::UnderstatedTotal) => *total = offset as i64 + rows.len() as i64,
            Some(Sabotage::InventedRow) if self.counts.pages == 1 && !rows.is_empty() => {
                let at = self.rng.usize(0..rows.len());
                rows[at] = Uuid::from_u128(self.rng.u128(..));
            }
            Some(Sabotage::ShuffledRows) => self.rng.shuffle(rows),
            _ => {}
        }
    }
}

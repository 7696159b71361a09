//! The wire between a process and the server. It takes its time, kills the process, and carries on what is under way.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame};
use openrouter_workspaces::reqwest::header::HeaderValue;
use openrouter_workspaces::reqwest::{self, Request, Response};
use openrouter_workspaces::{HttpError, HttpFuture, HttpService};
use tokio::task::AbortHandle;
use tokio::time::sleep;

use super::Simulation;
use super::world::{Exchange, Life, Moment, Shared};

/// The header that tells the server's observer which request it is.
pub(super) const REQUEST: &str = "x-soak-request";

/// The longest that a request may be under way to the server, in milliseconds.
const LONGEST_WAY: u64 = 5_000;

/// Carries the requests of one process to a service.
pub(crate) struct Wire<S: Simulation> {
    pub service: Arc<dyn HttpService>,
    pub world: Shared<S>,
    pub process: usize,
}

impl<S: Simulation> HttpService for Wire<S> {
    fn call(&self, mut request: Request) -> HttpFuture<'_> {
        let Some(sent) = self.sent(&request) else { return Box::pin(std::future::pending()) };
        if let Ok(value) = HeaderValue::try_from(sent.number.to_string()) {
            request.headers_mut().insert(REQUEST, value);
        }
        // What the server has is no longer in the process, and goes on without it.
        let (service, there) = (self.service.clone(), sent.there);
        let task = tokio::spawn(async move {
            sleep(there).await;
            service.call(request).await
        });
        let flight = Flight { world: self.world.clone(), number: sent.number, task: task.abort_handle() };
        Box::pin(async move {
            if sent.kill == Some(Moment::OnItsWay) {
                sleep(sent.there / 2).await;
                flight.kill(Moment::OnItsWay).await;
            }
            let answer = match task.await {
                Ok(answer) => answer,
                Err(error) => Err(HttpError::broken(error)),
            };
            if sent.kill == Some(Moment::Answered) {
                flight.kill(Moment::Answered).await;
            }
            sleep(sent.back).await;
            flight.arrived(&answer);
            match sent.kill {
                // Only the answer itself has a body that it can die over; without one it dies at once.
                Some(Moment::Body) if answer.is_err() => flight.kill(Moment::Body).await,
                Some(Moment::Body) => return answer.map(|answer| deadly(answer, self.world.clone())),
                _ => {}
            }
            answer
        })
    }
}

/// What becomes of a request.
struct Sent {
    number: usize,
    there: Duration,
    back: Duration,
    kill: Option<Moment>,
}

impl<S: Simulation> Wire<S> {
    /// A request goes out, unless its process is dead.
    fn sent(&self, request: &Request) -> Option<Sent> {
        let mut world = self.world.lock();
        let (method, path) = (request.method(), request.url().path().trim_start_matches("/api/v1"));
        if world.process != self.process || world.life == Life::Gone {
            world.violate(S::AFTER_DEATH, format_args!("process {} sends {method} {path}", self.process));
        } else if world.life == Life::Killed {
            return None;
        }
        world.sent += 1;
        world.traffic.requests += 1;
        let number = world.exchanges.len();
        let query = request.url().query().map(|query| format!("?{query}")).unwrap_or_default();
        world.note(format_args!("request {number}: {method} {path}{query}"));
        let body = request.body().and_then(reqwest::Body::as_bytes).unwrap_or_default();
        let asked = serde_json::from_slice(body).unwrap_or_default();
        let target = format!("{method} {path}");
        world.exchanges.push(Exchange { process: self.process, target, asked, is_over: false });
        let due = world.kill.filter(|kill| kill.request == world.sent);
        if due.is_some_and(|kill| kill.moment == Moment::Before) {
            world.exchanges[number].is_over = true;
            world.kill(Moment::Before);
            return None;
        }
        let is_slow = world.rng.f64() < world.fault_rate / 10.0;
        let there = if is_slow { world.rng.u64(40..LONGEST_WAY) } else { world.rng.u64(1..40) };
        let (there, back) = (Duration::from_millis(there), Duration::from_millis(world.rng.u64(1..40)));
        Some(Sent { number, there, back, kill: due.map(|kill| kill.moment) })
    }
}

/// A request that is under way.
struct Flight<S: Simulation> {
    world: Shared<S>,
    number: usize,
    task: AbortHandle,
}

impl<S: Simulation> Flight<S> {
    async fn kill(&self, moment: Moment) {
        self.world.lock().kill(moment);
        std::future::pending().await
    }

    fn arrived(&self, answer: &Result<Response, HttpError>) {
        let mut world = self.world.lock();
        world.exchanges[self.number].is_over = true;
        let status = answer.as_ref().map_or(0, |answer| answer.status().as_u16());
        world.note(format_args!("answer {}: {status}", self.number));
    }
}

/// Dropped before its answer, the request is on its way nevertheless: its process is gone, or has no more patience. It
/// may be stopped with the connection, or reach the server.
impl<S: Simulation> Drop for Flight<S> {
    fn drop(&mut self) {
        let mut world = self.world.lock();
        if !world.exchanges[self.number].is_over {
            world.exchanges[self.number].is_over = true;
            let goes_on = world.rng.bool();
            world.note(format_args!("request {} is given up, and goes on: {goes_on}", self.number));
            if !goes_on {
                self.task.abort();
            }
        }
    }
}

/// An answer whose reader is killed before it has all of it.
fn deadly<S: Simulation>(answer: Response, world: Shared<S>) -> Response {
    let answer = http::Response::<reqwest::Body>::from(answer);
    answer.map(|body| reqwest::Body::wrap(Deadly { body, world })).into()
}

struct Deadly<S: Simulation> {
    body: reqwest::Body,
    world: Shared<S>,
}

impl<S: Simulation> Body for Deadly<S> {
    type Data = Bytes;
    type Error = reqwest::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, reqwest::Error>>> {
        match Pin::new(&mut self.body).poll_frame(cx) {
            Poll::Ready(Some(frame)) => Poll::Ready(Some(frame)),
            _ => {
                self.world.lock().kill(Moment::Body);
                Poll::Pending
            }
        }
    }
}

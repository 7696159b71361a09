//! A worker: one operation after the other, on workspaces of its own.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::sync::Arc;
use std::time::{Duration, Instant};

use openrouter_sandbox::Sandbox;
use openrouter_workspaces::{Client, Delivery, Error, Request, Response, operation};

use crate::model::{Model, Workspace, truth};
use crate::report::Tally;
use crate::{DEADLINE, KEY};

/// How many workspaces a worker has at most.
const PLACES: usize = 5;

/// After this long, nothing of a failed call is still under way in the server.
const QUIET_TIME: Duration = Duration::from_millis(100);

/// The intervals with a limit that fits under the next one.
const INTERVALS: [(&str, f64); 4] = [("daily", 1.0), ("weekly", 10.0), ("monthly", 100.0), ("lifetime", 1000.0)];

#[derive(Debug)]
pub struct Worker {
    pub model: Model,
    pub tally: Tally,
    rng: fastrand::Rng,
    client: Client,
    sandbox: Arc<Sandbox>,
}

impl Worker {
    pub fn new(number: u64, seed: u64, client: Client, sandbox: Arc<Sandbox>) -> Self {
        let rng = fastrand::Rng::with_seed(seed.wrapping_mul(1_000_003).wrapping_add(number));
        Self { model: Model::new(number, PLACES), tally: Tally::default(), rng, client, sandbox }
    }

    /// One random operation.
    pub async fn operate(&mut self) {
        let place = self.rng.usize(0..PLACES);
        let Some(workspace) = self.model.places[place].clone() else {
            return match self.rng.u8(0..10) {
                0 => self.delete_absent(place).await,
                _ => self.create(place).await,
            };
        };
        match self.rng.u8(0..20) {
            0 => self.create_taken(&workspace).await,
            1..=2 => self.delete(place, &workspace).await,
            3..=6 => self.update(place, workspace).await,
            7..=8 => self.get(&workspace).await,
            9..=11 => self.set_budget(place, workspace).await,
            12 => self.delete_budget(place, workspace).await,
            13 => self.list_budgets(&workspace).await,
            14..=15 => self.add_members(place, workspace).await,
            16 => self.remove_members(place, workspace).await,
            17..=18 => self.list_members(&workspace).await,
            _ => self.list().await,
        }
    }

    async fn create(&mut self, place: usize) {
        let [slug, _] = self.model.slugs(place);
        let name = format!("Made {}", self.rng.u16(..));
        let after = Workspace { slug: slug.clone(), name: name.clone(), sampling_rate: 1.0, ..Workspace::default() };
        let request = self.client.create(name, slug);
        let result = self.call("create", request).await;
        let after = Workspace { id: result.as_ref().map(|w| w.id.to_string()).unwrap_or_default(), ..after };
        let denied = result.as_ref().is_err_and(|error| error.delivery() != Delivery::Unknown);
        self.written(place, Some(after), result.map(|_| ()), |_| false).await;
        // The place was empty, so whatever is there now is what this call has created.
        self.tally.unreported += u64::from(denied && self.model.places[place].is_some());
    }

    async fn create_taken(&mut self, workspace: &Workspace) {
        let request = self.client.create("Another", &workspace.slug);
        match self.call("create", request).await {
            Ok(_) => self.tally.false_reports.push(format!("{} was created twice", workspace.slug)),
            Err(Error::Conflict(_)) => {}
            Err(error) => self.failed(&error),
        }
    }

    async fn delete(&mut self, place: usize, workspace: &Workspace) {
        let result = self.call("delete", self.client.delete(&workspace.slug)).await;
        self.written(place, None, result.map(|_| ()), |_| false).await;
    }

    async fn delete_absent(&mut self, place: usize) {
        let [slug, _] = self.model.slugs(place);
        match self.call("delete", self.client.delete(slug)).await {
            Ok(_) => self.tally.false_reports.push("what never was there was deleted".to_owned()),
            Err(Error::NotFound(_)) => {}
            Err(error) => self.failed(&error),
        }
    }

    async fn update(&mut self, place: usize, mut workspace: Workspace) {
        let mut request = self.client.update(&workspace.slug);
        if self.rng.bool() {
            workspace.name = format!("Renamed {}", self.rng.u16(..));
            request = request.name(&workspace.name);
        }
        match self.rng.u8(0..3) {
            0 => {
                workspace.description = None;
                request = request.description(None);
            }
            1 => {
                workspace.description = Some(format!("Text {}", self.rng.u16(..)));
                request = request.description(workspace.description.clone());
            }
            _ => {}
        }
        if self.rng.bool() {
            workspace.sampling_rate = f64::from(self.rng.u16(1..=10_000)) / 10_000.0;
            request = request.io_logging_sampling_rate(workspace.sampling_rate);
        }
        if self.rng.u8(0..4) == 0 {
            let slugs = self.model.slugs(place);
            workspace.slug = slugs[usize::from(slugs[0] == workspace.slug)].clone();
            request = request.slug(&workspace.slug);
        }
        let result = self.call("update", request).await;
        self.written(place, Some(workspace), result.map(|_| ()), |_| false).await;
    }

    async fn get(&mut self, workspace: &Workspace) {
        let reference = if self.rng.bool() { &workspace.slug } else { &workspace.id };
        match self.call("get", self.client.get(reference)).await {
            Ok(found) => {
                let found = (found.slug, found.name, found.description, found.io_logging_sampling_rate);
                let expected = workspace.clone();
                let expected = (expected.slug, expected.name, expected.description, expected.sampling_rate);
                self.same("get", found, expected);
            }
            Err(error) => self.failed(&error),
        }
    }

    async fn set_budget(&mut self, place: usize, mut workspace: Workspace) {
        let (interval, base) = INTERVALS[self.rng.usize(0..4)];
        // Sometimes a daily budget larger than any other, which the server must refuse where there is another.
        let too_large = interval == "daily" && self.rng.bool();
        let limit = if too_large { 5_000.0 } else { base + f64::from(self.rng.u8(0..80)) / 100.0 * base };
        let refused = too_large && workspace.budgets.keys().any(|other| other != "daily")
            || interval != "daily" && workspace.budgets.get("daily").is_some_and(|daily| *daily >= limit);
        let mut request = self.client.set_budget(&workspace.slug, interval, limit);
        if self.rng.u8(0..4) == 0 {
            workspace.byok = self.rng.bool();
            request = request.include_byok_in_budgets(workspace.byok);
        }
        workspace.budgets.insert(interval.to_owned(), limit);
        let result = self.call("set_budget", request).await.map(|_| ());
        let expected = move |error: &Error| refused && matches!(error, Error::BadRequest(_));
        if refused && result.is_ok() {
            self.tally.false_reports.push(format!("{}: a budget that must be refused was set", workspace.slug));
        }
        self.written(place, Some(workspace), result, expected).await;
    }

    async fn delete_budget(&mut self, place: usize, mut workspace: Workspace) {
        let (interval, _) = INTERVALS[self.rng.usize(0..4)];
        workspace.budgets.remove(interval);
        let result = self.call("delete_budget", self.client.delete_budget(&workspace.slug, interval)).await;
        self.written(place, Some(workspace), result.map(|_| ()), |_| false).await;
    }

    async fn list_budgets(&mut self, workspace: &Workspace) {
        match self.call("list_budgets", self.client.list_budgets(&workspace.slug)).await {
            Ok(found) => {
                let limits = |limits: Vec<f64>| {
                    let mut limits = limits;
                    limits.sort_by(f64::total_cmp);
                    limits
                };
                let expected = limits(workspace.budgets.values().copied().collect());
                self.same("list_budgets", limits(found.data.iter().map(|b| b.limit_usd).collect()), expected);
            }
            Err(error) => self.failed(&error),
        }
    }

    async fn add_members(&mut self, place: usize, mut workspace: Workspace) {
        let users = self.users();
        workspace.members.extend(users.iter().cloned());
        let result = self.call("bulk_add_members", self.client.bulk_add_members(&workspace.slug, users)).await;
        self.written(place, Some(workspace), result.map(|_| ()), |_| false).await;
    }

    async fn remove_members(&mut self, place: usize, mut workspace: Workspace) {
        let users = self.users();
        workspace.members.retain(|user| !users.contains(user));
        let result = self.call("bulk_remove_members", self.client.bulk_remove_members(&workspace.slug, users)).await;
        self.written(place, Some(workspace), result.map(|_| ()), |_| false).await;
    }

    fn users(&mut self) -> BTreeSet<String> {
        (0..self.rng.u8(1..5)).map(|_| format!("user_{}", self.rng.u8(1..=20))).collect()
    }

    async fn list_members(&mut self, workspace: &Workspace) {
        let walk = self.client.list_members(&workspace.slug).limit(self.rng.u64(3..=100)).items().concurrency(2);
        match self.walk("list_members", walk.try_collect()).await {
            Ok(found) => {
                let unique: BTreeSet<String> = found.iter().map(|member| member.user_id.clone()).collect();
                self.same("list_members, rows", found.len(), unique.len());
                self.same("list_members", unique, workspace.members.clone());
            }
            Err(error) => self.failed(&error),
        }
    }

    async fn list(&mut self) {
        let concurrency = self.rng.usize(1..=4);
        let walk = self.client.list().items().concurrency(concurrency);
        match self.walk("list", walk.try_collect()).await {
            Ok(found) => {
                let ids: BTreeSet<_> = found.iter().map(|workspace| workspace.id).collect();
                self.same("list, rows", found.len(), ids.len());
                // Nobody else changes these, so they have all been there throughout.
                let own = |slug: &&str| self.model.owns(slug);
                let found: BTreeSet<_> = found.iter().map(|w| w.slug.as_str()).filter(own).collect();
                let expected: BTreeSet<_> = self.model.places.iter().flatten().map(|w| w.slug.as_str()).collect();
                let difference = format!("list: {found:?} instead of {expected:?}");
                if found != expected {
                    self.tally.wrong_answers.push(difference);
                }
            }
            Err(error) => self.failed(&error),
        }
    }

    /// Sends a request, and counts what it took.
    async fn call<O>(&mut self, name: &'static str, request: Request<O>) -> Result<O::Output, Error>
    where
        O: operation::Operation,
    {
        let start = Instant::now();
        let result = request.send_with_meta().await;
        let latency = self.count(name, start, &result.as_ref().map(Response::attempts));
        self.tally.hangs += u64::from(latency > DEADLINE.mul_f64(1.1));
        result.map(|response| response.data)
    }

    /// The same for a walk, whose pages have a deadline each.
    async fn walk<T>(&mut self, name: &'static str, walk: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let start = Instant::now();
        let result = walk.await;
        self.count(name, start, &result.as_ref().map(|_| 1));
        result
    }

    fn count(&mut self, name: &'static str, start: Instant, result: &Result<u32, &Error>) -> Duration {
        let latency = start.elapsed();
        self.tally.latencies.push(latency);
        *self.tally.operations.entry(name).or_default() += 1;
        let attempts = match result {
            Ok(attempts) => *attempts,
            Err(error) => {
                *self.tally.errors.entry(variant(error)).or_default() += 1;
                self.tally.key_leaks += u64::from(format!("{error} {error:?} {error:#?}").contains(KEY));
                error.attempts()
            }
        };
        self.tally.attempts += u64::from(attempts);
        latency
    }

    /// A read that failed: nothing can be said of it, but that it failed.
    fn failed(&mut self, error: &Error) {
        if matches!(error, Error::NotFound(_)) {
            self.tally.wrong_answers.push(format!("something that is there was not found: {error}"));
        }
    }

    fn same<T: PartialEq + Debug>(&mut self, what: &str, found: T, expected: T) {
        if found != expected {
            self.tally.wrong_answers.push(format!("{what}: {found:?} instead of {expected:?}"));
        }
    }

    /// Takes over what a write has done, as far as its result tells.
    async fn written(
        &mut self,
        place: usize,
        after: Option<Workspace>,
        result: Result<(), Error>,
        expected: impl Fn(&Error) -> bool,
    ) {
        let error = match result {
            Ok(()) => return self.model.places[place] = after,
            Err(error) => error,
        };
        if expected(&error) {
            return;
        }
        tokio::time::sleep(QUIET_TIME).await;
        let now = truth(&self.sandbox, &self.model.slugs(place));
        if error.delivery() == Delivery::Unknown {
            self.tally.unknown_outcomes += 1;
        } else if now != self.model.places[place] {
            self.tally.false_reports.push(format!("done, although it was reported as not done: {error}"));
        }
        self.model.places[place] = now;
    }
}

fn variant(error: &Error) -> &'static str {
    match error {
        Error::BadRequest(_) => "BadRequest",
        Error::Unauthorized(_) => "Unauthorized",
        Error::NotFound(_) => "NotFound",
        Error::Conflict(_) => "Conflict",
        Error::RateLimited(_) => "RateLimited",
        Error::InternalServer(_) => "InternalServer",
        Error::Api(_) => "Api",
        Error::Connect(_) => "Connect",
        Error::Transport(_) => "Transport",
        Error::Timeout(_) => "Timeout",
        Error::Decode(_) => "Decode",
        Error::Pagination(_) => "Pagination",
        _ => "other",
    }
}

//! The server's side: what it has made of each request is written down, and judged at once.

use openrouter_sandbox::{Account, Sandbox};
use serde_json::Value;

use super::Simulation;
use super::wire::REQUEST;
use super::world::{Processed, Shared, World};

/// Writes down what the sandbox does from now on, and hands it to a judge, with the body of the answer, before it is the
/// latest of what was processed.
pub(crate) fn observe<S: Simulation>(
    sandbox: &Sandbox,
    world: &Shared<S>,
    judge: impl Fn(&mut World<S>, &Account, &Processed, &[u8]) + Send + 'static,
) {
    let world = world.clone();
    sandbox.observe(move |account, processed| {
        let request = processed.request;
        let number = request.header(REQUEST).and_then(|number| number.parse::<usize>().ok());
        let path = request.path.trim_start_matches("/api/v1");
        let mut parts = path.trim_start_matches("/workspaces").split('/').skip(1);
        let (reference, _, interval) = (parts.next(), parts.next(), parts.next().unwrap_or_default());
        let asked = request.json().unwrap_or_default();
        let created = || asked["slug"].as_str().unwrap_or_default().to_owned();
        let reference = reference.map_or_else(created, str::to_owned);
        let there = account.workspace(&reference).unwrap_or_default();
        let text = |field: &str| there[field].as_str().map(str::to_owned);
        let mut world = world.lock();
        let exchange = number.and_then(|number| world.exchanges.get(number));
        let entry = Processed {
            process: exchange.map_or(0, |exchange| exchange.process),
            is_late: exchange.is_some_and(|exchange| exchange.is_over),
            operation: request.operation.clone().unwrap_or_default(),
            // What is not there any more is known by what it was called.
            id: text("id").unwrap_or_else(|| reference.clone()),
            slug: text("slug").unwrap_or(reference),
            status: processed.status,
            is_write: request.method != "GET",
            interval: interval.to_owned(),
            asked,
        };
        write_down(&mut world, number, &entry);
        judge(&mut world, account, &entry, processed.body);
        world.processed.push(entry);
    });
}

fn write_down<S: Simulation>(world: &mut World<S>, number: Option<usize>, entry: &Processed) {
    let (status, late) = (entry.status, if entry.is_late { ", late" } else { "" });
    let Some(number) = number else {
        let asked = Some(&entry.asked).filter(|asked| **asked != Value::Null).map(Value::to_string);
        let asked = asked.unwrap_or_default();
        return world.note(format_args!("server: another's {} {} {asked} {status}", entry.operation, entry.slug));
    };
    world.note(format_args!("server {number}: {} {} {status}{late}", entry.operation, entry.slug));
    world.traffic.writes += u64::from(entry.is_done());
    world.traffic.late += u64::from(entry.is_done() && entry.is_late);
}

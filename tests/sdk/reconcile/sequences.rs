//! Creating under every sequence of faults: what holds whatever happens.

use std::time::Duration;

use openrouter_workspaces::Delivery;
use serde_json::json;

use crate::common::paused::exact;
use crate::reconcile::api::{Api, OWN_USER};
use crate::reconcile::create::{CREATE, LOOK_UP};
use crate::reconcile::network::{Step, World};

/// How many of a call's requests meet a fault of their own; the further ones are answered honestly.
const LENGTH: usize = 6;

type Fault = (&'static str, fn() -> Step);

/// What can become of a create. Where the server answers for itself, it is with 201 or 409.
const CREATES: [Fault; 7] = [
    ("honest", Step::honest),
    ("503", || Step::status(503)),
    ("504, applied", || Step::status(504).applied()),
    ("504, applied 0.6 s later", || Step::status(504).applied_after(600)),
    ("reset", Step::reset),
    ("429", || Step::status(429)),
    ("honest, after somebody else took the slug", || Step::honest().after(take)),
];

/// What can become of a look-up. Where the server answers for itself, it is with 200 or 404.
const LOOK_UPS: [Fault; 4] = [
    ("honest", Step::honest),
    ("503", || Step::status(503)),
    ("reset", Step::reset),
    ("honest, after somebody else took the slug", || Step::honest().after(take)),
];

fn take(api: &mut Api) {
    if api.get("production").is_none() {
        api.other_creates("Theirs", "production", 0);
    }
}

/// Runs a call whose requests meet these faults; returns the requests.
async fn run(sequence: &[Fault], max_attempts: u32) -> Vec<String> {
    let names: Vec<_> = sequence.iter().map(|(name, _)| *name).collect();
    let world = World::new(450, sequence.iter().map(|(_, step)| step()));
    let request = world.client.create("Production", "production").retry(exact().max_attempts(max_attempts));
    let result = request.send_with_meta().await;
    let lines = world.lines();
    let what = format!("{names:?}, at most {max_attempts} attempts: {lines:?}");
    assert!(lines.len() <= max_attempts as usize, "{what}");

    // A create after a doubtful one comes only after a look-up that was answered: here, honestly.
    let told = |n: usize| names.get(n).is_none_or(|name| name.starts_with("honest"));
    let mut doubtful = false;
    for (n, line) in lines.iter().enumerate() {
        match line.as_str() {
            CREATE => {
                assert!(!doubtful, "{what}: request {n}");
                doubtful = !told(n) && names[n] != "429";
            }
            LOOK_UP => doubtful &= !told(n),
            other => panic!("{what}: {other}"),
        }
    }

    // What a gateway has answered for may be done later still.
    tokio::time::sleep(Duration::from_secs(10)).await;
    let api = world.api();
    let ours: Vec<_> = api.workspaces.iter().filter(|workspace| workspace["created_by"] == OWN_USER).collect();
    assert!(api.workspaces.len() <= 1, "{what}");
    match result {
        Ok(response) => {
            assert_eq!(response.attempts() as usize, lines.len(), "{what}");
            assert_eq!(ours.len(), 1, "{what}");
            assert_eq!(json!(response.data.id), ours[0]["id"], "{what}");
        }
        Err(error) => {
            assert_eq!(error.attempts() as usize, lines.len(), "{what}: {error}");
            assert!(ours.is_empty() || error.delivery() == Delivery::Unknown, "{what}: {error}");
        }
    }
    lines
}

#[tokio::test(start_paused = true)]
async fn every_sequence_of_faults_stays_within_its_attempts_and_never_creates_blindly_or_twice() {
    let mut calls = 0;
    for max_attempts in [1, 2, 3, 4, 6] {
        let mut sequences: Vec<Vec<Fault>> = vec![Vec::new()];
        while let Some(sequence) = sequences.pop() {
            calls += 1;
            let lines = run(&sequence, max_attempts).await;
            // Longer sequences make a difference only where the call got as far.
            let Some(next) = lines.get(sequence.len()).filter(|_| sequence.len() < LENGTH) else { continue };
            let faults = if next == CREATE { &CREATES[..] } else { &LOOK_UPS[..] };
            sequences.extend(faults.iter().map(|fault| [&sequence[..], &[*fault]].concat()));
        }
    }
    assert!(calls > 3_000, "{calls} sequences make a difference");
}

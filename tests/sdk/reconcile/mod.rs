//! Writes whose answer does not tell what became of them: what is looked up, what is sent again, and what is said. The
//! server is in memory, with a clock of its own, and the clock of the tests is paused.

mod api;
mod network;

mod bodies;
mod budget;
mod by_slug;
mod clocks;
mod connecting;
mod create;
mod delivery;
mod every_write;
mod keys;
mod late;
mod limits;
mod ours;
mod sequences;

use openrouter_workspaces::{Delivery, Error, GaveUp};

/// Why it cannot be told what became of a write.
fn unreconciled(error: &Error) -> &str {
    assert_eq!(error.delivery(), Delivery::Unknown, "{error}");
    let Some(GaveUp::Unreconciled { why }) = error.gave_up() else { panic!("{error:#?}") };
    why
}

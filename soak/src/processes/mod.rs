//! What simulations of programs that are killed and started again have in common: processes, their requests, the wire that
//! carries these, and what the server has made of them.

mod alone;
mod server;
mod wire;
mod world;

use std::fmt;

pub(crate) use alone::{Alone, DRAINED, alone, client, pause, run_process, sandbox, set_faults, settle};
pub(crate) use server::observe;
pub use world::Traffic;
pub(crate) use world::{Exchange, Kill, Processed, Shared, World};

/// A simulation of programs that are killed: how it names what they break by themselves, and what it keeps besides.
pub(crate) trait Simulation: Default + Send + 'static {
    /// What must not be broken.
    type Rule: Copy + fmt::Display + Send;
    /// A process that is dead sends nothing.
    const AFTER_DEATH: Self::Rule;
    /// Nothing is left of what was dropped.
    const TASKS_LEFT: Self::Rule;
    /// It ends.
    const ENDLESS: Self::Rule;
    /// Nothing panics.
    const PANICKED: Self::Rule;
}

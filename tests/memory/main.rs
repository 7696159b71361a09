//! How much memory calls and walks take, whatever the answers are. A program of its own, for it counts all memory.

mod bodies;
mod calls;
mod counting;
mod service;
mod walks;

const KEY: &str = "sk-or-v1-TESTKEY";
const KB: usize = 1 << 10;
const MB: usize = 1 << 20;

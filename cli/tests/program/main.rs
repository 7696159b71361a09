//! The program as a process: its exit codes, pipes, configuration and terminal.

mod exit_codes;
mod formats;
mod keys;
mod mistakes;
mod operations;
mod pipes;
#[cfg(unix)]
mod profiles;
#[cfg(unix)]
mod questions;
#[cfg(unix)]
mod recipes;
#[cfg(unix)]
mod served;
#[cfg(unix)]
mod signals;
mod stdin;
mod support;
#[cfg(unix)]
mod terminal;

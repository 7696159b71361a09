//! Workspaces as code, against the sandbox in memory and on simulated time.

mod convergence;
mod examples;
mod properties;
mod random;
mod scale;
mod state;
mod support;

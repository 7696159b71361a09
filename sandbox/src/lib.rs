//! A stateful in-memory server that speaks OpenRouter's Workspaces API, for tests and demonstrations.
//!
//! The sandbox keeps workspaces, members and budgets in memory and enforces the API's rules on them: unique slugs,
//! budgets that decrease with their interval, members that belong to the organization, keys that may or may not manage.
//! It takes its paths, methods and request rules from the contract that ships with `openrouter-workspaces`, so that it
//! cannot drift from it.
//!
//! ```
//! use openrouter_sandbox::Sandbox;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let sandbox = Sandbox::builder().seed_workspaces(2).start().await?;
//!
//! let response = reqwest::Client::new()
//!     .get(format!("{}/workspaces", sandbox.base_url()))
//!     .bearer_auth(sandbox.key())
//!     .send()
//!     .await?;
//! let page: serde_json::Value = response.json().await?;
//!
//! assert_eq!(page["total_count"], 3); // the default workspace, and the two that were asked for
//! assert_eq!(sandbox.journal()[0].operation.as_deref(), Some("list_workspaces"));
//! # Ok(())
//! # }
//! ```
//!
//! What can go wrong between a client and the API can go wrong here, too, and always in the same way: a [`FaultPlan`]
//! says which [`Fault`]s happen to which requests. What another client of the account may do meanwhile is done by a hook
//! of [`Sandbox::before`].
//!
//! It answers as the real server has been seen to, also where OpenRouter describes something else. A [`ServerProfile`] is
//! a server of a certain age, and a [`Behaviour`] is one thing that can be switched:
//! [`SandboxBuilder::server`], [`SandboxBuilder::behaviour`].
//!
//! [`SandboxBuilder::in_memory`] makes a sandbox without a network, for tests of your own code. [`Sandbox::save`] returns
//! all that the account consists of, to be written to a file, and [`SandboxBuilder::state`] goes on with it.
//!
//! The same server is a program: `openrouter-sandbox --port 8080 --seed-workspaces 250`, with faults
//! `--fault-rate 0.3 --fault-seed 7 --faults reset-after,503,stall`, with an account that stays `--state account.json`, with
//! a line for each request `--log`, and as an older server `--server 2026-08`. `GET /healthz`, outside of the API's path,
//! needs no key, is in no journal, and meets no fault. What the program does is in the module `program`, for programs that have it
//! as a command of theirs; tests do without that and its dependencies by `default-features = false`.

#![forbid(unsafe_code)]
#![deny(missing_docs, missing_debug_implementations)]

mod account;
mod builder;
mod clock;
mod errors;
mod faults;
mod ids;
mod net;
mod operations;
mod pipeline;
mod profile;
#[cfg(feature = "program")]
pub mod program;
mod random;
mod sandbox;
mod spec;
mod start;
mod sync;

pub use account::handle::Account;
pub use account::order::ListOrder;
pub use account::saved::SavedState;
pub use builder::SandboxBuilder;
pub use errors::{InvalidPlan, InvalidState, TakenSlug, UnknownName};
pub use faults::fault::{Fault, Framing, RetryAfter, TotalCount, When};
pub use faults::name::UnknownFault;
pub use faults::plan::FaultPlan;
pub use faults::script::ScriptedResponse;
pub use net::memory::SandboxService;
pub use pipeline::journal::RecordedRequest;
pub use pipeline::observers::ProcessedRequest;
pub use profile::{Behaviour, ServerProfile, UnknownBehaviour, UnknownServer};
pub use sandbox::Sandbox;

/// The program in `README.md`.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

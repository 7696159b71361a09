//! The contract tests of the SDK, one topic a module: what is sent, to the letter, and what becomes of the answers.

#[path = "../common/mod.rs"]
mod common;

mod blocking;
mod builder;
mod cancel;
mod churn;
mod contradictions;
mod conversions;
mod deadlines;
mod decode;
mod errors;
mod examples_round_trip;
mod extra_query;
mod hostile_answers;
mod hostile_arguments;
mod input;
mod jobs;
mod member_refusals;
mod no_budgets_yet;
mod operations_budgets;
mod operations_members;
mod operations_workspaces;
mod options;
mod outside_tokio;
mod pagination;
mod promises;
#[cfg(feature = "rustls")]
mod real_transport;
mod reconcile;
mod retries;
mod retry_after;
mod schemas;
mod secrets;
mod slugs;
mod snapshot;
mod stage_timeouts;
mod test_util;
mod tracing;
mod unknown_values;
mod unreadable_rows;
mod walks;
mod wire;

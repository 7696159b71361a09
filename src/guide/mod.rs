//! Guides: what is promised and where it ends, each with a program that runs.
//!
//! | guide | what it is about |
//! |---|---|
//! | [`retries`] | what is retried, and what becomes of a write whose answer is lost |
//! | [`pagination`] | walking over a list that others change, and going on later |
//! | [`deadlines`] | how long a call takes at most, and how to stop one |
//! | [`blocking`] | programs that are not async |
//! | [`jobs`] | many calls as one: batches, memberships, budget sets, snapshots |
//! | [`reading`] | what is checked before it is sent, and how answers are read |
//! | [`secrets`] | where the key is, and where it never is |
//! | [`testing`] | testing your own code with the sandbox, or with answers from memory |
//! | [`tracing`](mod@tracing) | what calls tell of themselves |

#[doc = include_str!("blocking.md")]
pub mod blocking {}

#[doc = include_str!("deadlines.md")]
pub mod deadlines {}

#[doc = include_str!("jobs.md")]
pub mod jobs {}

#[doc = include_str!("pagination.md")]
pub mod pagination {}

#[doc = include_str!("reading.md")]
pub mod reading {}

#[doc = include_str!("retries.md")]
pub mod retries {}

#[doc = include_str!("secrets.md")]
pub mod secrets {}

#[doc = include_str!("testing.md")]
pub mod testing {}

#[doc = include_str!("tracing.md")]
pub mod tracing {}

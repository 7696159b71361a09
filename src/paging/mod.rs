//! Walks over lists that come in pages.

mod fetch;
mod pager;
mod resume_point;
mod seen;
mod stream;

pub use resume_point::ResumePoint;
pub use stream::{Items, MAX_CONCURRENCY, Pages};

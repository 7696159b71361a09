//! Random accounts, and what the server has of one.

mod drawn;
mod truth;

use std::collections::BTreeMap;

pub(crate) use drawn::{Drawn, is_decreasing, limits, maybe, settings, some_of};
pub(crate) use truth::{Truth, limits_of, saved};

/// The intervals, the widest first.
pub(crate) const INTERVALS: [&str; 4] = ["lifetime", "monthly", "weekly", "daily"];

/// Limits by interval.
pub(crate) type Limits = BTreeMap<String, f64>;

//! How many random cases are tried.

/// So many, or as many as `PROPTEST_CASES` says.
pub fn cases(few: u32) -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(few)
}

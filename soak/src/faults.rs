//! What goes wrong.

use std::time::Duration;

use openrouter_sandbox::{Fault, FaultPlan, Framing, RetryAfter, ScriptedResponse, TotalCount, When};
use serde_json::json;

use crate::KEY;

/// The size of a body that is too large.
pub const OVERSIZE: usize = 1 << 20;

/// Every kind of fault, each as likely as the others.
pub fn plan(seed: u64, rate: f64) -> FaultPlan {
    let ms = Duration::from_millis;
    let mut faults = vec![
        Fault::latency(ms(1)..=ms(40)),
        Fault::latency(ms(1)..=ms(40)).after_processing(),
        Fault::status(429).retry_after(RetryAfter::Millis(20)),
        Fault::status(503).retry_after(RetryAfter::Seconds(1)),
        Fault::status(503).retry_after(RetryAfter::Date(ms(10))),
        Fault::answer(ScriptedResponse::html(502, "<h1>Bad gateway</h1>")),
        Fault::answer(ScriptedResponse::html(502, "<h1>Bad gateway</h1>")).after_processing(),
        Fault::answer(ScriptedResponse::new(504)).after_processing(),
        Fault::answer(ScriptedResponse::json(401, &json!({"error": {"code": 401, "message": format!("bad: {KEY}")}}))),
        Fault::Reset(When::Before),
        Fault::Reset(When::After),
        Fault::Refuse(ms(10)),
        Fault::Truncate(Framing::ContentLength),
        Fault::Truncate(Framing::Chunked),
        Fault::Stall,
        Fault::Drip(ms(5)),
        Fault::ContentType(None),
        Fault::ContentType(Some("text/html".to_owned())),
        Fault::Oversize(OVERSIZE),
        Fault::UnknownValues,
        Fault::UnknownFields,
        Fault::PageCap(30),
        Fault::IgnoreOffset,
        Fault::RepeatPage,
        Fault::TotalCount(TotalCount::Off(7)),
        Fault::TotalCount(TotalCount::Off(-7)),
        Fault::TotalCount(TotalCount::Exactly(-1)),
        Fault::redirect(307, "http://127.0.0.2:9/elsewhere"),
    ];
    for status in [408, 500, 503] {
        faults.push(Fault::status(status));
        faults.push(Fault::status(status).after_processing());
    }
    FaultPlan::new(seed).rate_all(rate, faults)
}

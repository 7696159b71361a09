//! What goes wrong.

use std::time::Duration;

use openrouter_sandbox::{Fault, FaultPlan, Framing, RetryAfter, ScriptedResponse, TotalCount, When};
use serde_json::json;

use crate::KEY;

/// The size of a body that is too large.
pub(crate) const OVERSIZE: usize = 400 << 10;

/// Every kind of fault, each as likely as the others. A server that is honest never lies about its lists.
pub(crate) fn plan(seed: u64, rate: f64, honest: bool) -> FaultPlan {
    FaultPlan::new(seed).rate_all(rate, kinds(honest))
}

/// Every kind of fault that leaves the values of an answer as they are.
pub(crate) fn truthful() -> Vec<Fault> {
    let mut faults = kinds(true);
    faults.retain(|fault| *fault != Fault::UnknownValues);
    faults
}

fn kinds(honest: bool) -> Vec<Fault> {
    let ms = Duration::from_millis;
    let gateway = || Fault::answer(ScriptedResponse::new(504));
    let mut faults = vec![
        Fault::latency(ms(1)..=ms(40)),
        Fault::latency(ms(1)..=ms(1_500)).after_processing(),
        Fault::status(429).retry_after(RetryAfter::Millis(20)),
        Fault::status(429).retry_after(RetryAfter::Seconds(2)),
        Fault::status(503).retry_after(RetryAfter::Seconds(1)),
        Fault::status(503).retry_after(RetryAfter::Date(ms(10))),
        Fault::answer(ScriptedResponse::html(502, "<h1>Bad gateway</h1>")),
        Fault::answer(ScriptedResponse::html(502, "<h1>Bad gateway</h1>")).after_processing(),
        gateway().after_processing(),
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
        Fault::redirect(307, "http://127.0.0.2:9/elsewhere"),
    ];
    for status in [408, 500, 503] {
        faults.push(Fault::status(status));
        faults.push(Fault::status(status).after_processing());
    }
    for delay in [100, 700, 2_000, 5_000] {
        faults.push(gateway().processed_late(ms(delay)));
        faults.push(Fault::Reset(When::Before).processed_late(ms(delay)));
    }
    if !honest {
        faults.extend([
            Fault::IgnoreOffset,
            Fault::RepeatPage,
            Fault::TotalCount(TotalCount::Off(7)),
            Fault::TotalCount(TotalCount::Off(-7)),
            Fault::TotalCount(TotalCount::Exactly(-1)),
        ]);
    }
    faults
}

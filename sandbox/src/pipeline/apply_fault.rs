//! Applying a fault to a request.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::header::{CONTENT_TYPE, LOCATION, RETRY_AFTER};
use axum::http::{HeaderName, HeaderValue, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};
use http_body_util::BodyExt;
use tokio::time::sleep;

use crate::clock::http_date;
use crate::faults::corruption::corrupted;
use crate::faults::fault::{Fault, RetryAfter, When};
use crate::faults::script::ScriptedResponse;
use crate::faults::transfer;
use crate::pipeline::context::RequestContext;
use crate::spec::contract::Operation;

const RETRY_AFTER_MS: HeaderName = HeaderName::from_static("retry-after-ms");

/// Applies a fault to a request, and writes it down once it has happened.
pub(crate) async fn apply_fault(
    context: &RequestContext,
    fault: &Fault,
    operation: &Operation,
    mut request: Request,
    next: Next,
) -> Response {
    match fault {
        Fault::Latency { from, when: When::Before, .. } => {
            context.record_fault(fault);
            sleep(*from).await;
        }
        Fault::Answer { response, retry_after, when: when @ (When::Before | When::Late(_)) } => {
            context.record_fault(fault);
            process_late(context, *when, request, next);
            return answer(response.clone(), *retry_after, context.state.clock.now());
        }
        Fault::Redirect { status, location } => {
            context.record_fault(fault);
            return ScriptedResponse::new(*status).header(LOCATION.as_str(), location).into_response();
        }
        Fault::Reset(when @ (When::Before | When::Late(_))) => {
            context.record_fault(fault);
            process_late(context, *when, request, next);
            return context.reset().await;
        }
        Fault::Refuse(duration) => {
            context.record_fault(fault);
            context.port.clone().pause(*duration);
            return context.reset().await;
        }
        Fault::IgnoreOffset | Fault::RepeatPage => {
            if let Some(uri) = earlier_page(context, fault, operation, request.uri()) {
                *request.uri_mut() = uri;
                context.record_fault(fault);
            }
        }
        _ => {}
    }
    let response = context.process(request, next).await;
    match fault {
        Fault::Latency { from, when: When::After, .. } => {
            context.record_fault(fault);
            sleep(*from).await;
            response
        }
        Fault::Answer { response, retry_after, when: When::After } => {
            context.record_fault(fault);
            answer(response.clone(), *retry_after, context.state.clock.now())
        }
        Fault::Reset(When::After) => {
            context.record_fault(fault);
            context.reset().await
        }
        _ => corrupt_response(context, fault, response).await,
    }
}

/// Lets the API process the request later, if that is what the fault says, whatever the client does meanwhile.
fn process_late(context: &RequestContext, when: When, request: Request, next: Next) {
    if let When::Late(delay) = when {
        let context = context.clone();
        tokio::spawn(async move {
            sleep(delay).await;
            context.process(request, next).await;
        });
    }
}

/// Applies a fault that concerns what the API has answered.
async fn corrupt_response(context: &RequestContext, fault: &Fault, response: Response) -> Response {
    let (parts, body) = response.into_parts();
    // All bodies are in memory, and so reading one does not fail.
    let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    let mut response = Response::from_parts(parts, Body::from(body.clone()));
    if corrupt(&mut response, body, fault, context) {
        context.record_fault(fault);
    }
    response
}

/// Changes an answer with this body, and returns whether the fault makes a difference to it.
fn corrupt(response: &mut Response, body: Bytes, fault: &Fault, context: &RequestContext) -> bool {
    match fault {
        Fault::Truncate(framing) => transfer::truncate(response, body, *framing, context.connection.clone()),
        Fault::Stall => transfer::stall(response, body),
        Fault::Drip(pause) => transfer::drip(response, body, *pause),
        Fault::ContentType(content_type) => set_content_type(response, content_type.as_deref()),
        _ => match corrupted(fault, response.status().is_success(), &body) {
            Some(body) => *response.body_mut() = Body::from(body),
            None => return false,
        },
    }
    true
}

/// The URI of another page than the one asked for; `None` on the first page.
fn earlier_page(context: &RequestContext, fault: &Fault, operation: &Operation, uri: &Uri) -> Option<Uri> {
    let query = uri.query().unwrap_or_default();
    let asked = |name: &str| form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name).last();
    let offset: usize = asked("offset")?.1.parse().ok().filter(|offset| *offset > 0)?;
    let limit = match asked("limit") {
        Some((_, limit)) => limit.parse().ok()?,
        None => operation.default("limit")?.as_u64()? as usize,
    };
    let offset = match fault {
        Fault::RepeatPage => offset.saturating_sub(context.state.account.state().page_size(limit)),
        _ => 0,
    };
    let others = form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key != "offset");
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(others)
        .append_pair("offset", &offset.to_string())
        .finish();
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = format!("{}?{query}", uri.path()).parse().ok();
    Uri::from_parts(parts).ok()
}

fn answer(response: ScriptedResponse, retry_after: Option<RetryAfter>, now: DateTime<Utc>) -> Response {
    let mut response = response.into_response();
    let header = match retry_after {
        None => None,
        Some(RetryAfter::Seconds(seconds)) => Some((RETRY_AFTER, seconds.to_string())),
        Some(RetryAfter::Millis(millis)) => Some((RETRY_AFTER_MS, millis.to_string())),
        Some(RetryAfter::Date(delay)) => {
            // What is cut off the date must not shorten the delay.
            let rounded = delay.saturating_add(Duration::from_millis(999));
            now.checked_add_signed(TimeDelta::from_std(rounded).unwrap_or_default())
                .map(|date| (RETRY_AFTER, http_date(date)))
        }
    };
    if let Some((name, value)) = header
        && let Ok(value) = HeaderValue::try_from(value)
    {
        response.headers_mut().insert(name, value);
    }
    response
}

fn set_content_type(response: &mut Response, content_type: Option<&str>) {
    response.headers_mut().remove(CONTENT_TYPE);
    if let Some(Ok(value)) = content_type.map(HeaderValue::try_from) {
        response.headers_mut().insert(CONTENT_TYPE, value);
    }
}

//! Injection: a fault happens to a request.

use std::future::pending;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{CONTENT_TYPE, LOCATION, RETRY_AFTER};
use axum::http::{HeaderName, HeaderValue, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chrono::Utc;
use http_body_util::BodyExt;
use tokio::time::sleep;

use crate::faults::corruption::mutated;
use crate::faults::fault::{Fault, RetryAfter, When};
use crate::faults::script::ScriptedResponse;
use crate::faults::transfer;
use crate::net::connection::{Connection, End};
use crate::pipeline::router::{Shared, lock};
use crate::spec::contract::Operation;

const RETRY_AFTER_MS: HeaderName = HeaderName::from_static("retry-after-ms");

/// One request, and where to write down what happened to it.
#[derive(Clone, Debug)]
pub(crate) struct Incident {
    pub(crate) shared: Arc<Shared>,
    pub(crate) connection: Connection,
    /// The request's number in the journal.
    pub(crate) number: usize,
}

impl Incident {
    /// Processes a request without a fault.
    pub(crate) async fn process(&self, request: Request, next: Next) -> Response {
        let response = next.run(request).await;
        lock(&self.shared.journal).processed(self.number);
        response
    }

    /// Lets a fault happen to a request.
    pub(crate) async fn inject(
        &self,
        fault: Fault,
        operation: &Operation,
        mut request: Request,
        next: Next,
    ) -> Response {
        match &fault {
            Fault::Latency { from, when: When::Before, .. } => {
                self.note(&fault);
                sleep(*from).await;
            }
            Fault::Answer { response, retry_after, when: When::Before } => {
                self.note(&fault);
                return answer(response.clone(), *retry_after);
            }
            Fault::Redirect { status, location } => {
                self.note(&fault);
                return ScriptedResponse::new(*status).header(LOCATION.as_str(), location).into_response();
            }
            Fault::Reset(When::Before) => {
                self.note(&fault);
                return self.reset().await;
            }
            Fault::Refuse(duration) => {
                self.note(&fault);
                self.connection.gate().pause(*duration);
                return self.reset().await;
            }
            Fault::IgnoreOffset | Fault::RepeatPage => {
                if let Some(uri) = self.earlier_page(&fault, operation, request.uri()) {
                    *request.uri_mut() = uri;
                    self.note(&fault);
                }
            }
            _ => {}
        }
        let response = self.process(request, next).await;
        match &fault {
            Fault::Latency { from, when: When::After, .. } => {
                self.note(&fault);
                sleep(*from).await;
                response
            }
            Fault::Answer { response, retry_after, when: When::After } => {
                self.note(&fault);
                answer(response.clone(), *retry_after)
            }
            Fault::Reset(When::After) => {
                self.note(&fault);
                self.reset().await
            }
            _ => self.spoil(fault, response).await,
        }
    }

    /// Faults that concern what the API has answered.
    async fn spoil(&self, fault: Fault, response: Response) -> Response {
        let (parts, body) = response.into_parts();
        // All bodies are in memory, and so reading one does not fail.
        let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
        let mut response = Response::from_parts(parts, Body::from(body.clone()));
        match &fault {
            Fault::Truncate(framing) => transfer::truncate(&mut response, body, *framing, self.connection.clone()),
            Fault::Stall => transfer::stall(&mut response, body),
            Fault::Drip(pause) => transfer::drip(&mut response, body, *pause),
            Fault::ContentType(content_type) => retype(&mut response, content_type.as_deref()),
            _ => match mutated(&fault, response.status().is_success(), &body) {
                Some(body) => *response.body_mut() = Body::from(body),
                None => return response,
            },
        }
        self.note(&fault);
        response
    }

    /// Writes down that the fault has happened.
    fn note(&self, fault: &Fault) {
        *lock(&self.shared.faults).injected.entry(fault.kind()).or_default() += 1;
        lock(&self.shared.journal).spoiled(self.number, fault.clone());
    }

    /// Resets the connection, which also ends this future.
    async fn reset(&self) -> Response {
        self.connection.end(End::Reset);
        pending().await
    }

    /// The URI of another page than the one asked for; `None` on the first page.
    fn earlier_page(&self, fault: &Fault, operation: &Operation, uri: &Uri) -> Option<Uri> {
        let query = uri.query().unwrap_or_default();
        let asked = |name: &str| form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name).last();
        let offset: usize = asked("offset")?.1.parse().ok().filter(|offset| *offset > 0)?;
        let limit = match asked("limit") {
            Some((_, limit)) => limit.parse().ok()?,
            None => operation.default("limit")?.as_u64()? as usize,
        };
        let offset = match fault {
            Fault::RepeatPage => offset.saturating_sub(lock(&self.shared.state).capped(limit)),
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
}

fn answer(response: ScriptedResponse, retry_after: Option<RetryAfter>) -> Response {
    let mut response = response.into_response();
    let header = match retry_after {
        None => None,
        Some(RetryAfter::Seconds(seconds)) => Some((RETRY_AFTER, seconds.to_string())),
        Some(RetryAfter::Millis(millis)) => Some((RETRY_AFTER_MS, millis.to_string())),
        Some(RetryAfter::Date(delay)) => {
            // What is cut off the date must not shorten the delay.
            let rounded = delay + std::time::Duration::from_millis(999);
            Utc::now()
                .checked_add_signed(chrono::TimeDelta::from_std(rounded).unwrap_or_default())
                .map(|date| (RETRY_AFTER, date.format("%a, %d %b %Y %H:%M:%S GMT").to_string()))
        }
    };
    if let Some((name, value)) = header
        && let Ok(value) = HeaderValue::try_from(value)
    {
        response.headers_mut().insert(name, value);
    }
    response
}

fn retype(response: &mut Response, content_type: Option<&str>) {
    response.headers_mut().remove(CONTENT_TYPE);
    if let Some(Ok(value)) = content_type.map(HeaderValue::try_from) {
        response.headers_mut().insert(CONTENT_TYPE, value);
    }
}

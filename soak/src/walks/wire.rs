//! Answers as they travel.

use std::fmt::Write;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame};
use openrouter_workspaces::reqwest;
use uuid::Uuid;

use super::world::Flight;

/// A page of workspaces, or of members.
pub fn page(members: bool, rows: &[Uuid], total: i64) -> String {
    let mut json = String::with_capacity(64 + rows.len() * if members { 180 } else { 560 });
    json.push_str("{\"data\":[");
    for (n, id) in rows.iter().enumerate() {
        json.push_str(if n > 0 { ",{\"id\":\"" } else { "{\"id\":\"" });
        json.push_str(id.as_hyphenated().encode_lower(&mut Uuid::encode_buffer()));
        json.push_str(if members { MEMBER } else { WORKSPACE });
    }
    // Memory takes what is written.
    let _ = write!(json, "],\"total_count\":{total}}}");
    json
}

const MEMBER: &str = r#"","workspace_id":"6f9619ff-8b86-4011-b42d-00c04fc964ff","user_id":"user_a","role":"member","created_at":"2026-01-02T03:04:05Z"}"#;

const WORKSPACE: &str = r#"","default_guardrail_id":"6f9619ff-8b86-4011-b42d-00c04fc964ff","name":"W","slug":"w","description":null,"default_text_model":null,"default_image_model":null,"default_provider_sort":null,"io_logging_sampling_rate":1.0,"io_logging_api_key_ids":null,"is_observability_io_logging_enabled":false,"is_observability_broadcast_enabled":false,"is_data_discount_logging_enabled":true,"created_at":"2026-01-02T03:04:05Z","updated_at":null,"created_by":null}"#;

/// What becomes of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    Whole,
    /// The connection breaks in the middle.
    Broken,
    /// The second half does not come.
    Stalled,
}

/// A body on its way. The request is in flight until it has come, or nobody wants it any more.
#[derive(Debug)]
pub struct Wire {
    pub rest: Bytes,
    pub ending: Ending,
    pub flight: Option<Flight>,
}

impl Wire {
    pub fn answer(status: u16, body: String, ending: Ending, flight: Flight) -> http::Response<reqwest::Body> {
        let mut rest = Bytes::from(body);
        if ending != Ending::Whole {
            rest.truncate(rest.len() / 2);
        }
        let mut answer = http::Response::new(reqwest::Body::wrap(Self { rest, ending, flight: Some(flight) }));
        *answer.status_mut() = http::StatusCode::from_u16(status).unwrap_or_default();
        answer
    }
}

impl Body for Wire {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        if !self.rest.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(std::mem::take(&mut self.rest)))));
        }
        match self.ending {
            // Nothing will wake the reader but the end of its patience.
            Ending::Stalled => return Poll::Pending,
            Ending::Whole => {}
            Ending::Broken => {
                self.flight = None;
                return Poll::Ready(Some(Err(std::io::Error::other("reset by peer"))));
            }
        }
        self.flight = None;
        Poll::Ready(None)
    }
}

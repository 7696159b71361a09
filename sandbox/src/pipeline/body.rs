//! The bodies of requests.

use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use http_body_util::BodyExt;

use crate::spec::refusal::Refusal;

const MAX_BODY_BYTES: usize = 1024 * 1024;

/// Reads a body up to the limit. What comes after it is thrown away, but read: a server that closes the connection
/// while the client still writes costs the client the answer.
pub(crate) async fn read(mut body: Body) -> (Bytes, Result<(), Refusal>) {
    let mut kept = Vec::new();
    let mut complete = Ok(());
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else {
            complete = Err(Refusal::bad_request("body: it broke off"));
            break;
        };
        let data = frame.into_data().unwrap_or_default();
        if complete.is_ok() && kept.len() + data.len() <= MAX_BODY_BYTES {
            kept.extend_from_slice(&data);
        } else {
            complete = Err(Refusal::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                format!("body: it is larger than {MAX_BODY_BYTES} bytes"),
            ));
        }
    }
    (kept.into(), complete)
}

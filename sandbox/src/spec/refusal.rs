//! What the server answers when it refuses a request: the contract's `ErrorResponse`.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// A refused request: a status, a message for people, and details for programs.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    message: String,
    metadata: Option<Value>,
    user_id: Option<String>,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), metadata: None, user_id: None }
    }

    /// 400: the request breaks a rule.
    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// 403: the key, or the account, may not do that.
    pub(crate) fn forbidden(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, message)
    }

    /// 404: there is no such workspace or budget.
    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    /// The message for people.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// Adds details for programs.
    pub(crate) fn with_metadata(mut self, metadata: Value) -> Self {
        self.metadata = Some(metadata);
        self
    }

    /// Names the user whose key was used.
    pub(crate) fn for_user(mut self, user_id: &str) -> Self {
        self.user_id = Some(user_id.to_owned());
        self
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut body = json!({"error": {"code": self.status.as_u16(), "message": self.message}});
        if let Some(metadata) = self.metadata {
            body["error"]["metadata"] = metadata;
        }
        if let Some(user_id) = self.user_id {
            body["user_id"] = user_id.into();
        }
        (self.status, Json(body)).into_response()
    }
}

//! A web service that answers with a workspace, and writes what it does as a log of spans and events.
//!
//!     OPENROUTER_API_KEY=... RUST_LOG=debug cargo run --example axum --features tracing
//!     curl localhost:3000/workspaces/production

use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Json, Router, routing::get};
use openrouter_workspaces::{Client, Error, Workspace};
use tracing::error;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt().with_max_level(tracing::Level::DEBUG).init();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    Ok(axum::serve(listener, app(Client::from_env()?)).await?)
}

pub(crate) fn app(client: Client) -> Router {
    Router::new().route("/workspaces/{slug}", get(workspace)).with_state(client)
}

async fn workspace(State(client): State<Client>, Path(slug): Path<String>) -> Result<Json<Workspace>, Failure> {
    Ok(Json(client.get(slug).timeout(Duration::from_secs(5)).await.map_err(Failure)?))
}

struct Failure(Error);

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        error!("{}", self.0);
        let status = match self.0 {
            Error::NotFound(_) => StatusCode::NOT_FOUND,
            Error::InvalidInput(_) => StatusCode::BAD_REQUEST,
            Error::Timeout(_) | Error::RateLimited(_) => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::BAD_GATEWAY,
        };
        (status, self.0.to_string()).into_response()
    }
}

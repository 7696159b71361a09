//! Tells apart what can go wrong, and decides how long to keep trying.
//!
//!     OPENROUTER_API_KEY=... cargo run --example errors_and_retries -- production

use std::time::Duration;

use openrouter_workspaces::{Client, Error, RetryConfig};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let slug = std::env::args().nth(1).unwrap_or_else(|| "production".to_owned());
    let patient = RetryConfig::default().max_attempts(8).max_elapsed_time(Duration::from_secs(120));
    let client = Client::from_env()?;

    match client.get(&slug).retry(patient).timeout(Duration::from_secs(150)).send_with_meta().await {
        Ok(answer) => println!("{} after {} attempt(s)", answer.data.name, answer.attempts()),
        Err(Error::NotFound(e)) => println!("no such workspace: {}", e.message()),
        Err(Error::Unauthorized(e) | Error::Forbidden(e)) => println!("check the key: {}", e.message()),
        Err(Error::RateLimited(e)) => println!("still rate limited, come back in {:?}", e.retry_after()),
        Err(Error::Connect(e)) => println!("check the network: {e}"),
        Err(e) if e.is_retryable() => println!("not today: {e} (request {:?})", e.request_id()),
        Err(e) => return Err(e),
    }
    Ok(())
}

//! Lists all workspaces, however many pages they fill.
//!
//!     OPENROUTER_API_KEY=... cargo run --example list_all

use openrouter_workspaces::{Client, Error};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let client = Client::from_env()?;
    let mut workspaces = client.list().items();
    while let Some(workspace) = workspaces.try_next().await? {
        println!("{:<30} {}", workspace.slug, workspace.name);
    }
    Ok(())
}

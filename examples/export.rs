//! Writes the whole account to `account.json`, and its members to `members.csv`.
//!
//!     OPENROUTER_API_KEY=... cargo run --example export

use std::{error::Error, fs::File, path::Path};

use openrouter_workspaces::Client;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    export(&Client::from_env()?, Path::new(".")).await
}

pub(crate) async fn export(client: &Client, folder: &Path) -> Result<(), Box<dyn Error>> {
    let account = client.snapshot().await?;
    serde_json::to_writer_pretty(File::create(folder.join("account.json"))?, &account)?;
    let mut members = csv::Writer::from_path(folder.join("members.csv"))?;
    members.write_record(["workspace", "user", "role"])?;
    for part in &account.workspaces {
        for member in part.members.iter().flatten() {
            members.write_record([&part.workspace.slug, &member.user_id, member.role.as_str()])?;
        }
    }
    members.flush()?;
    account.failures.into_iter().try_for_each(|part| Err(part.error.into()))
}

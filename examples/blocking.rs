//! Lists all workspaces, without async.
//!
//!     OPENROUTER_API_KEY=... cargo run --example blocking --features blocking

use openrouter_workspaces::{Client, Error};

fn main() -> Result<(), Error> {
    let workspaces = Client::from_env()?.list().all().wait()?;
    workspaces.iter().for_each(|workspace| println!("{}", workspace.slug));
    Ok(())
}

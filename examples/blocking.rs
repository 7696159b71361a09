//! Sets up a workspace and lists all, without async.
//!
//!     OPENROUTER_API_KEY=... cargo run --example blocking --features blocking

use openrouter_workspaces::{Client, Error};

fn main() -> Result<(), Error> {
    let client = Client::from_env()?;
    client.ensure("research").description("Team of six").wait()?;
    client.list().items().wait().try_for_each(|workspace| Ok(println!("{}", workspace?.slug)))
}

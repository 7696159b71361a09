//! Lists all workspaces, without async.
//!
//!     OPENROUTER_API_KEY=... cargo run --example blocking --features blocking

use openrouter_workspaces::{Client, Error};

fn main() -> Result<(), Error> {
    for workspace in Client::from_env()?.list().items().wait() {
        println!("{}", workspace?.slug);
    }
    Ok(())
}

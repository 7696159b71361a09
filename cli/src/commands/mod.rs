//! The commands, one a file.

pub(crate) mod apply;
pub(crate) mod budgets;
pub(crate) mod completions;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod export;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod man;
pub(crate) mod members;
pub(crate) mod plan;
pub(crate) mod sandbox;
pub(crate) mod schema;
pub(crate) mod update;

use crate::cli::Command;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

/// Runs a command that talks to the API.
pub(crate) async fn run(command: Command, context: &Context) -> Result<Exit, Failure> {
    match command {
        Command::List(args) => args.run(context).await,
        Command::Get(args) => args.run(context).await,
        Command::Create(args) => args.run(context).await,
        Command::Update(args) => args.run(context).await,
        Command::Delete(args) => args.run(context).await,
        Command::Members(args) => args.run(context).await,
        Command::Budgets(args) => args.run(context).await,
        Command::Plan(args) => args.run(context).await,
        Command::Apply(args) => args.run(context).await,
        Command::Export(args) => args.run(context).await,
        // They need no client.
        Command::Schema(_) | Command::Completions(_) | Command::Man(_) | Command::Sandbox(_) => Ok(Exit::Done),
    }
}

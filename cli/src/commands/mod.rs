//! The commands, one a file.

mod apply;
mod budgets;
mod completions;
mod create;
mod delete;
mod export;
mod get;
mod list;
mod man;
mod members;
mod plan;
mod sandbox;
mod schema;
mod update;

use clap::Subcommand;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

/// What talks to the API.
#[derive(Debug, Subcommand)]
pub(crate) enum AccountCommand {
    List(list::Args),
    Get(get::Args),
    Create(create::Args),
    Update(update::Args),
    Delete(delete::Args),
    Members(members::Args),
    Budgets(budgets::Args),
    Plan(plan::Args),
    Apply(apply::Args),
    Export(export::Args),
}

/// What needs no key.
#[derive(Debug, Subcommand)]
pub(crate) enum LocalCommand {
    Schema(schema::Args),
    Completions(completions::Args),
    Man(man::Args),
    Sandbox(sandbox::Args),
}

/// Runs a command that talks to the API.
pub(crate) async fn run(command: AccountCommand, context: &Context) -> Result<Exit, Failure> {
    match command {
        AccountCommand::List(args) => args.run(context).await,
        AccountCommand::Get(args) => args.run(context).await,
        AccountCommand::Create(args) => args.run(context).await,
        AccountCommand::Update(args) => args.run(context).await,
        AccountCommand::Delete(args) => args.run(context).await,
        AccountCommand::Members(args) => args.run(context).await,
        AccountCommand::Budgets(args) => args.run(context).await,
        AccountCommand::Plan(args) => args.run(context).await,
        AccountCommand::Apply(args) => args.run(context).await,
        AccountCommand::Export(args) => args.run(context).await,
    }
}

/// Runs a command that needs no key. Some are about all commands.
pub(crate) async fn run_local(command: LocalCommand, all: clap::Command, out: &Output) -> Result<Exit, Failure> {
    match command {
        LocalCommand::Schema(args) => args.run(out),
        LocalCommand::Completions(args) => args.run(all, out),
        LocalCommand::Man(args) => args.run(all, out),
        LocalCommand::Sandbox(args) => args.run().await,
    }
}

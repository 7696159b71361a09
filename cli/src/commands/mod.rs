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

use crate::cli::{AccountCommand, LocalCommand};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

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

/// Runs a command that needs no key.
pub(crate) async fn run_local(command: LocalCommand, out: &Output) -> Result<Exit, Failure> {
    match command {
        LocalCommand::Schema(args) => args.run(out),
        LocalCommand::Completions(args) => args.run(out),
        LocalCommand::Man(args) => args.run(out),
        LocalCommand::Sandbox(args) => args.run(out).await,
    }
}

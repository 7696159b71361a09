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
use crate::output::format::Format;

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

impl AccountCommand {
    /// The formats that the command has.
    pub(crate) fn formats(&self) -> &'static [Format] {
        match self {
            // A manifest is YAML or JSON, and no list.
            Self::Export(_) => &[Format::Table, Format::Yaml, Format::Json],
            _ => Format::ALL,
        }
    }
}

/// What needs no key.
#[derive(Debug, Subcommand)]
pub(crate) enum LocalCommand {
    Schema(schema::Args),
    Completions(completions::Args),
    Man(man::Args),
    Sandbox(Box<sandbox::Args>),
}

impl LocalCommand {
    /// The formats that the command has.
    pub(crate) fn formats(&self) -> &'static [Format] {
        match self {
            Self::Schema(_) => &[Format::Table, Format::Json],
            Self::Completions(_) | Self::Man(_) | Self::Sandbox(_) => &[Format::Table],
        }
    }
}

/// Refuses a format that was asked for, and that the command does not have.
pub(crate) fn check_format(asked: Option<Format>, formats: &[Format]) -> Result<(), Failure> {
    let Some(asked) = asked.filter(|asked| !formats.contains(asked)) else { return Ok(()) };
    let message = format!("this command has no output as {}", asked.name());
    let hint = match formats {
        [_] => "it has one alone: leave --output out".to_owned(),
        formats => format!("choose of: {}", formats.iter().map(|format| format.name()).collect::<Vec<_>>().join(", ")),
    };
    Err(Failure::usage(message, hint))
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

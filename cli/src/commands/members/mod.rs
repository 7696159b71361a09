//! `orw members`.

mod add;
mod list;
mod remove;
mod sync;

use openrouter_workspaces::JobError;
use openrouter_workspaces::jobs::{MemberOutcome, MemberReport, SoFar};

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{MemberRow, counted};

/// Lists, adds and removes members of a workspace
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    List(list::Args),
    Add(add::Args),
    Remove(remove::Args),
    Sync(sync::Args),
}

impl Args {
    pub(crate) async fn run(self, context: &Context) -> Result<Exit, Failure> {
        match self.command {
            Command::List(args) => args.run(context).await,
            Command::Add(args) => args.run(context).await,
            Command::Remove(args) => args.run(context).await,
            Command::Sync(args) => args.run(context).await,
        }
    }
}

/// Tells of a job about members how far it has come, if a signal ends it.
fn watch(context: &Context, so_far: SoFar) {
    context.if_interrupted(move || so_far.get().to_string());
}

/// Tells what has become of each user.
fn report(context: &Context, result: Result<MemberReport, JobError<MemberReport>>) -> Result<Exit, Failure> {
    let report = match &result {
        Ok(report) => report,
        Err(error) => error.so_far(),
    };
    let done = report.added().chain(report.removed()).count();
    let untouched = report.iter().all(|(_, status)| status.outcome == MemberOutcome::Left);
    let mut rows = MemberRow::all(report);
    if context.out.is_for_people() {
        // Of those who are as they should be, people need no line each, and of none if nothing was done at all.
        rows.retain(|row| row.is_open() && !untouched);
    }
    if !context.out.is_for_people() || !rows.is_empty() {
        context.out.list(&rows, "")?;
    }
    let (added, removed, already) = (report.added().count(), report.removed().count(), report.already_so().count());
    context.out.say(&format!("{added} added, {removed} removed, {already} already so"))?;
    let unknown = report.unknown().count();
    if let Err(error) = &result {
        let failure = Failure::job(error, done > 0);
        // Of several requests, the first that failed is the error, and another one may be the one that is not known.
        return Err(if unknown > 0 { failure.with("may_be_applied", true.into()) } else { failure });
    }
    if unknown > 0 {
        let message = format!("the server's answer does not tell whether it was done for {}", counted(unknown, "user"));
        return Err(if done > 0 { Failure::partly(message, LOOK) } else { Failure::refused(message, LOOK) }
            .with("may_be_applied", true.into()));
    }
    match (report.refused().count(), done) {
        (0, _) => Ok(Exit::Done),
        (refused, 0) => Err(Failure::refused(format!("the server refused {}", counted(refused, "user")), HINT)),
        (refused, _) => {
            Err(Failure::partly(format!("the server refused {}, and took the others", counted(refused, "user")), HINT))
        }
    }
}

const LOOK: &str = "look who is a member, and run the same command again: it does what is left";
const HINT: &str = "the reasons are in the list; correct it, and run the same command again";

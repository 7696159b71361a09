//! `orw`: OpenRouter's workspaces, members and budgets on the command line.

#![forbid(unsafe_code)]
#![deny(missing_docs, missing_debug_implementations)]

mod cli;
mod commands;
mod connection;
mod context;
mod exit;
mod failure;
mod fleet;
mod input;
mod options;
mod output;
mod progress;
mod question;
mod secret;
mod settings;
mod trace;
mod user_ids;

use std::ffi::OsString;
use std::io;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use openrouter_sandbox::program::stop_signal;
use tokio::runtime;

use crate::cli::{Cli, Command};
use crate::commands::{AccountCommand, LocalCommand};
use crate::connection::{Connection, Settings};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::format::Format;
use crate::output::text::clean_lines;
use crate::output::{Output, style, tell};
use crate::secret::looks_like_a_key;

fn main() -> ExitCode {
    let arguments = options::settled(std::env::args_os());
    let read = Cli::try_parse_from(&arguments);
    let is_sandbox = matches!(&read, Ok(Cli { command: Command::Local(LocalCommand::Sandbox(_)), .. }));
    // The keys of a made-up account are none.
    if !is_sandbox && arguments.iter().any(|argument| looks_like_a_key(&argument.to_string_lossy())) {
        // It is not repeated, and goes nowhere: not into an error, and not to the server as a name.
        let hint = "set OPENROUTER_API_KEY or give --key-file; make a new key, for others may have read this one";
        let failure = Failure::usage("an argument looks like a key, and a key is never an argument", hint);
        return report(&failure, options::wants_json(&arguments)).into();
    }
    let cli = match read {
        Ok(cli) => cli,
        Err(error) => return unread(&error, &arguments).into(),
    };
    anstream::ColorChoice::from(cli.options.color).write_global();
    trace::start(cli.options.verbose);
    let for_programs = cli.options.output == Some(Format::Json);
    let formats = match &cli.command {
        Command::Account(command) => command.formats(),
        Command::Local(command) => command.formats(),
    };
    if let Err(failure) = commands::check_format(cli.options.output, formats) {
        return report(&failure, for_programs).into();
    }
    let runtime = match runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return report(&error.into(), for_programs).into(),
    };
    let exit = match cli.command {
        Command::Account(command) => match Settings::read(&cli.options, formats) {
            Ok(settings) => {
                let done = runtime.block_on(run_with_client(command, &cli.options, &settings));
                done.unwrap_or_else(|failure| report(&failure, settings.format == Format::Json))
            }
            Err(failure) => report(&failure, for_programs),
        },
        Command::Local(command) => {
            let done = runtime.block_on(commands::run_local(command, Cli::command(), &Output::new(Format::Table)));
            done.unwrap_or_else(|failure| report(&failure, for_programs))
        }
    };
    // A thread may still wait for an answer to a question.
    runtime.shutdown_background();
    exit.into()
}

/// Runs a command until it is done, or Ctrl-C or another signal ends it.
async fn run_with_client(
    command: AccountCommand,
    options: &options::GlobalOptions,
    settings: &Settings,
) -> Result<Exit, Failure> {
    let connection = Connection::open(options, settings)?;
    let out = Output::new(settings.format);
    let context = Context::new(connection.client.clone(), out, settings.concurrency, options.dry_run, options.yes);
    let stop = stop_signal()?;
    let done = tokio::select! {
        biased;
        signal = stop => Err(Failure::interrupted(signal, &context.so_far(), context.has_begun())),
        done = commands::run(command, &context) => done,
    };
    let done = done.map_err(|failure| if context.has_begun() { failure.after_requests() } else { failure });
    // What was done is there to stay, however the command ended.
    let closed = connection.close();
    let exit = done?;
    closed?;
    Ok(exit)
}

/// Says why a command failed, and what to do next.
fn report(failure: &Failure, for_programs: bool) -> Exit {
    if for_programs {
        tell(&failure.to_json().to_string());
    } else {
        let (error, hint) = (style::ERROR, style::HINT);
        tell(&format!("{error}error:{error:#} {}", clean_lines(failure.message())));
        tell(&format!("{hint}next:{hint:#}  {}", clean_lines(failure.hint())));
    }
    failure.exit
}

/// Help and version were asked for, or the arguments cannot be read.
fn unread(error: &clap::Error, arguments: &[OsString]) -> Exit {
    if !error.use_stderr() {
        return match error.print() {
            // Nobody reads it any more, as in `orw --help | head -1`, which is no mistake.
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => report(&error.into(), false),
            _ => Exit::Done,
        };
    }
    if options::wants_json(arguments) {
        let message = on_one_line(&error.render().to_string());
        return report(&Failure::usage(message, "`--help` tells what there is"), true);
    }
    let _ = error.print();
    Exit::Usage
}

/// What clap says of an error, without the usage that it ends with.
fn on_one_line(text: &str) -> String {
    let paragraphs = text.trim_start_matches("error: ").split("\n\n").map(str::trim);
    let paragraphs =
        paragraphs.take_while(|text| !text.starts_with("Usage:") && !text.starts_with("For more information"));
    paragraphs.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().join("; ")
}

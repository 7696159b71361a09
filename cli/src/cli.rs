//! The commands.

use clap::{Parser, Subcommand};

use crate::commands::{AccountCommand, LocalCommand};
use crate::options::GlobalOptions;

/// OpenRouter's workspaces, members and budgets on the command line.
///
/// Without a key: `orw --sandbox demo.json list`, and all other commands, talk to a made-up account that lives in the file.
#[derive(Debug, Parser)]
#[command(name = "orw", version, after_help = KEYS, after_long_help = LONG_HELP, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) options: GlobalOptions,
}

const KEYS: &str = "\
The key is a management key: OPENROUTER_API_KEY, the file of --key-file, or a profile.
`orw --help` tells more, and lists the exit codes.";

const LONG_HELP: &str = "\
Keys:
  A management key, from the first of these that there is:
  1. the file of --key-file
  2. the profile of --profile or ORW_PROFILE
  3. OPENROUTER_MANAGEMENT_KEY, OPENROUTER_API_KEY
  4. the default profile
  It is never an argument. A file with a key that others can read is refused.

Profiles, in orw/config.toml of the configuration folder (~/.config, or %APPDATA% on Windows):
  default = \"work\"

  [profiles.work]
  key_file = \"work.key\"        # beside this file; or key = \"...\"
  # base_url, output, concurrency

Exit codes:
  0    done, or nothing to do
  2    changes are planned (with --exit-code)
  3    partly applied: something was refused, or failed half way, or the result could not be written
  4    wrong usage or input, or an output that cannot be written; nothing was changed
  5    refused by the server
  6    the server could not be reached, or did not answer in time
  130  stopped by Ctrl-C, SIGTERM or SIGHUP, or by the answer to a question";

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    #[command(flatten)]
    Account(AccountCommand),
    #[command(flatten)]
    Local(LocalCommand),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    /// The commands below this one, as they are typed.
    fn names(command: &clap::Command, before: &str) -> Vec<String> {
        let below = command.get_subcommands().flat_map(|command| {
            let name = format!("{before} {}", command.get_name());
            let below = names(command, &name);
            [name].into_iter().chain(below)
        });
        below.collect()
    }

    #[test]
    fn the_arguments_of_all_commands_go_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_help_of_every_command_is_in_a_snapshot() {
        let snapshots = include_str!("../tests/cmd/help.trycmd");
        let missing = names(&Cli::command(), "orw").into_iter();
        let missing: Vec<String> = missing.filter(|name| !snapshots.contains(&format!("$ {name} -h\n"))).collect();
        assert_eq!(missing, [""; 0]);
    }
}

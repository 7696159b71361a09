//! `orw sandbox`.

use openrouter_sandbox::program::{self, Options};

use crate::exit::Exit;
use crate::failure::Failure;

/// Runs a server with a made-up account that speaks the same API, until Ctrl-C
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    options: Options,
}

impl Args {
    pub(crate) async fn run(self) -> Result<Exit, Failure> {
        let hint = "change the option or the file that the message names";
        program::run(self.options).await.map_err(|error| Failure::usage(error.to_string(), hint))?;
        Ok(Exit::Done)
    }
}

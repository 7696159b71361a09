//! `orw completions`.

use clap_complete::Shell;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

/// Prints what a shell needs to complete commands
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The shell
    shell: Shell,
}

impl Args {
    pub(crate) fn run(self, mut all: clap::Command, out: &Output) -> Result<Exit, Failure> {
        let mut text = Vec::new();
        clap_complete::generate(self.shell, &mut all, "orw", &mut text);
        out.text(&String::from_utf8_lossy(&text))?;
        Ok(Exit::Done)
    }
}

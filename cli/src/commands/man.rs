//! `orw man`.

use std::path::PathBuf;

use clap::CommandFactory;

use crate::cli::Cli;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

/// Prints the manual page, or writes those of all commands into a folder
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The folder, which must exist
    folder: Option<PathBuf>,
}

impl Args {
    pub(crate) fn run(self, out: &Output) -> Result<Exit, Failure> {
        match self.folder {
            Some(folder) => clap_mangen::generate_to(Cli::command(), &folder).map_err(Failure::at(&folder))?,
            None => {
                let mut page = Vec::new();
                clap_mangen::Man::new(Cli::command()).render(&mut page)?;
                out.text(&String::from_utf8_lossy(&page))?;
            }
        }
        Ok(Exit::Done)
    }
}

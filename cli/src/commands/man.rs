//! `orw man`.

use std::path::PathBuf;

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
    pub(crate) fn run(self, all: clap::Command, out: &Output) -> Result<Exit, Failure> {
        match self.folder {
            Some(folder) => clap_mangen::generate_to(all, &folder).map_err(Failure::at(&folder))?,
            None => {
                let mut page = Vec::new();
                clap_mangen::Man::new(all).render(&mut page)?;
                out.text(&String::from_utf8_lossy(&page))?;
            }
        }
        Ok(Exit::Done)
    }
}

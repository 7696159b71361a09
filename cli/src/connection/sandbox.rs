//! A sandbox that lives as long as the command, or in a file.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use openrouter_sandbox::{Sandbox, SavedState};
use openrouter_workspaces::{Client, ClientBuilder};

use crate::failure::Failure;

/// How many users the organization of a new sandbox has.
const USERS: usize = 20;

/// With a number in it, ids follow from that, and time stands still, so that what is printed is always the same.
const SEED: &str = "ORW_SANDBOX_SEED";

/// A sandbox, and the file that it is written back into, if there is one.
#[derive(Debug)]
pub(crate) struct StateFile {
    sandbox: Sandbox,
    path: Option<PathBuf>,
    /// What the file says now.
    saved: Option<SavedState>,
}

impl StateFile {
    /// Makes the sandbox, with what stands in the file, or with a new account if there is no file yet.
    pub(crate) fn open(path: Option<&Path>) -> Result<Self, Failure> {
        let mut builder = Sandbox::builder().organization_members(USERS);
        if let Some(seed) = std::env::var(SEED).ok().and_then(|seed| seed.parse().ok()) {
            builder = builder.seed(seed).clock(|| DateTime::<Utc>::UNIX_EPOCH + chrono::TimeDelta::days(20_454));
        }
        let mut saved = None;
        if let Some(path) = path {
            if path.exists() {
                let state = SavedState::read(path).map_err(|error| Failure::file(&error))?;
                builder = builder.state(state.clone());
                saved = Some(state);
            } else {
                // It will be made at the end, which is to be known before anything is done.
                SavedState::check_writable(path).map_err(|error| Failure::file(&error))?;
            }
        }
        let sandbox = builder.in_memory().map_err(|error| match path {
            Some(path) => Failure::malformed(path, &error, "correct the file, or take another one"),
            None => Failure::usage(error.to_string(), "run it again"),
        })?;
        Ok(Self { sandbox, path: path.map(Path::to_owned), saved })
    }

    /// The client that talks to it.
    pub(crate) fn client(&self, builder: ClientBuilder) -> Result<Client, Failure> {
        let builder = builder.api_key(self.sandbox.key()).base_url(self.sandbox.base_url());
        Ok(builder.http_service(self.sandbox.service()).build()?)
    }

    /// Writes what was changed, in one step: there is either the old file or the new one.
    pub(crate) fn close(self) -> Result<(), Failure> {
        let Some(path) = self.path else { return Ok(()) };
        let state = self.sandbox.save();
        if self.saved.as_ref() == Some(&state) {
            return Ok(());
        }
        state.write(path).map_err(|error| Failure::file(&error))
    }
}

//! The client that a command talks through, to the API or to a sandbox.

mod key;
mod private_file;
mod profile;
mod sandbox;

use std::time::Duration;

use openrouter_workspaces::{Client, ClientBuilder, RetryConfig};

use crate::connection::profile::Profile;
use crate::connection::sandbox::StateFile;
use crate::failure::Failure;
use crate::options::{GlobalOptions, SandboxPlace};
use crate::output::format::Format;

/// A client, and what there is beside it.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) client: Client,
    sandbox: Option<StateFile>,
}

/// What the options and the profile come to.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) format: Format,
    pub(crate) concurrency: usize,
    profile: Profile,
}

/// The profile that is used unless an option names another one, or a sandbox.
const PROFILE: &str = "ORW_PROFILE";

/// How many requests are under way at the same time, where nothing else is said.
const CONCURRENCY: usize = 16;

impl Settings {
    /// Reads the profile, if one is used. A sandbox needs none, also where the environment names one. What a profile says of
    /// the output is passed over by commands that do not have it.
    pub(crate) fn read(options: &GlobalOptions, formats: &[Format]) -> Result<Self, Failure> {
        let from_env = std::env::var(PROFILE).ok().filter(|name| !name.is_empty());
        let named = options.profile.as_deref().or(from_env.as_deref());
        let profile = match (&options.sandbox, named) {
            (Some(_), _) => Profile::default(),
            (None, None) if options.key_file.is_some() || key::from_env().is_some() => Profile::default(),
            _ => Profile::read(named)?,
        };
        let format = options.output.or(profile.output.filter(|format| formats.contains(format))).unwrap_or_default();
        let concurrency = options.concurrency.or(profile.concurrency).unwrap_or(CONCURRENCY);
        Ok(Self { format, concurrency, profile })
    }
}

impl Connection {
    /// Makes the client. Nothing is sent yet.
    pub(crate) fn open(options: &GlobalOptions, settings: &Settings) -> Result<Self, Failure> {
        let mut builder = ClientBuilder::from_env().user_agent(concat!("orw/", env!("CARGO_PKG_VERSION")));
        if let Some(seconds) = options.timeout {
            builder = builder.timeout(Duration::from_secs(seconds));
        }
        if let Some(retries) = options.retries {
            builder = builder.retry(RetryConfig::default().max_attempts(retries.saturating_add(1)));
        }
        if let Some(place) = &options.sandbox {
            let state = match place {
                SandboxPlace::Memory => None,
                SandboxPlace::File(path) => Some(path.as_path()),
            };
            let sandbox = StateFile::open(state)?;
            return Ok(Self { client: sandbox.client(builder)?, sandbox: Some(sandbox) });
        }
        if let Some(url) = options.base_url.as_ref().or(settings.profile.base_url.as_ref()) {
            builder = builder.base_url(url);
        }
        let builder = builder.api_key(key::find(options, &settings.profile)?);
        Ok(Self { client: builder.build()?, sandbox: None })
    }

    /// Writes the sandbox back into its file, if there is one.
    pub(crate) fn close(self) -> Result<(), Failure> {
        self.sandbox.map_or(Ok(()), StateFile::close)
    }
}

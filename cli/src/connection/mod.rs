//! The client that a command talks through, to the API or to a sandbox.

mod environment;
mod key;
mod private_file;
mod profile;
mod sandbox;

use std::num::NonZeroUsize;
use std::time::Duration;

use openrouter_workspaces::{Client, ClientBuilder, Error, RetryConfig};

use crate::connection::key::Key;
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
        let in_env = environment::variable(PROFILE);
        let named = options.profile.as_deref().or(in_env.as_deref());
        let profile = match (&options.sandbox, named) {
            (Some(_), _) => Profile::default(),
            (None, None) if options.key_file.is_some() || key::is_in_env() => Profile::default(),
            _ => Profile::read(named)?,
        };
        let format = options.output.or(profile.output.filter(|format| formats.contains(format))).unwrap_or_default();
        let concurrency = options.concurrency.or(profile.concurrency).map_or(CONCURRENCY, NonZeroUsize::get);
        Ok(Self { format, concurrency, profile })
    }
}

impl Connection {
    /// Makes the client. Nothing is sent yet.
    pub(crate) fn open(options: &GlobalOptions, settings: &Settings) -> Result<Self, Failure> {
        let mut builder = ClientBuilder::from_env().user_agent(concat!("orw/", env!("CARGO_PKG_VERSION")));
        if let Some(seconds) = options.timeout {
            builder = builder.timeout(Duration::from_secs(seconds.get()));
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
        let Key { key, source } = Key::find(options, &settings.profile)?;
        let client = builder.api_key(key).build().map_err(|error| match &error {
            // Which of the places where a key can be has a wrong one.
            Error::InvalidInput(wrong) if wrong.field() == "api_key" => {
                let hint = format!("correct the key in {source}; nothing was sent");
                Failure::usage(format!("the key in {source} {}", wrong.rule()), hint)
            }
            _ => error.into(),
        })?;
        Ok(Self { client, sandbox: None })
    }

    /// Writes the sandbox back into its file, if there is one.
    pub(crate) fn close(self) -> Result<(), Failure> {
        self.sandbox.map_or(Ok(()), StateFile::close)
    }
}

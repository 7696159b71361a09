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

/// The server, where nothing else names one.
const BASE_URL: &str = "OPENROUTER_BASE_URL";

/// How many requests are under way at the same time, where nothing else is said.
const CONCURRENCY: usize = 16;

/// The least time for an attempt, which is the SDK's.
const ATTEMPT: Duration = Duration::from_secs(30);

/// The time for an attempt of a call, so that a longer time for the call is one for a slow server, too.
fn time_of_attempt(call: Duration, attempts: u32) -> Duration {
    ATTEMPT.max(call.checked_div(attempts).unwrap_or(call))
}

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
        let mut retry = RetryConfig::default();
        if let Some(retries) = options.retries {
            retry = retry.max_attempts(retries.saturating_add(1));
        }
        if let Some(seconds) = options.timeout {
            let time = Duration::from_secs(seconds.get());
            builder = builder.timeout(time).attempt_timeout(time_of_attempt(time, retry.max_attempts));
            retry = retry.max_elapsed_time(time);
        }
        builder = builder.retry(retry);
        if let Some(place) = &options.sandbox {
            let state = match place {
                SandboxPlace::Memory => None,
                SandboxPlace::File(path) => Some(path.as_path()),
            };
            let sandbox = StateFile::open(state)?;
            return Ok(Self { client: sandbox.client(builder)?, sandbox: Some(sandbox) });
        }
        let Key { key, source, is_of_profile } = Key::find(options, &settings.profile)?;
        match options.base_url.as_ref().or(settings.profile.base_url.as_ref()) {
            Some(url) => builder = builder.base_url(url),
            // Neither is the key for that server, nor is another account what whoever set the variable means.
            None if is_of_profile && environment::variable(BASE_URL).is_some() => {
                let message = format!("the key is that of a profile without a base_url, and {BASE_URL} names a server");
                let hint =
                    format!("add base_url to the profile, or give --base-url, or unset {BASE_URL}; nothing was sent");
                return Err(Failure::usage(message, hint));
            }
            None => {}
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_attempts_of_a_call_share_its_time() {
        let seconds = |call, attempts| time_of_attempt(Duration::from_secs(call), attempts).as_secs();
        // As long as the call where nothing is tried again, and never shorter than where nothing is said.
        assert_eq!([seconds(300, 1), seconds(300, 4), seconds(120, 4), seconds(1, 4)], [300, 75, 30, 30]);
        assert_eq!((seconds(u64::MAX, 1), seconds(300, u32::MAX)), (u64::MAX, 30));
    }
}

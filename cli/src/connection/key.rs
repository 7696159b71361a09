//! Where the key comes from. It is never an argument, for everyone on the machine can read those.

use openrouter_workspaces::ApiKey;

use crate::connection::environment;
use crate::connection::private_file;
use crate::connection::profile::Profile;
use crate::failure::Failure;
use crate::options::GlobalOptions;

/// The one that can only be a management key comes first: the other may be a key for inference.
const VARIABLES: [&str; 2] = ["OPENROUTER_MANAGEMENT_KEY", "OPENROUTER_API_KEY"];

/// A key, and what it is from.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) key: ApiKey,
    pub(super) source: String,
    /// Whether the profile says what it is.
    pub(super) is_of_profile: bool,
}

/// Whether the environment has a key.
pub(super) fn is_in_env() -> bool {
    Key::of_env().is_some()
}

impl Key {
    /// The key: of `--key-file`, of the profile that is used, or of the environment.
    pub(super) fn find(options: &GlobalOptions, profile: &Profile) -> Result<Self, Failure> {
        if let Some(path) = options.key_file.as_deref().or(profile.key_file.as_deref()) {
            let source = path.display().to_string();
            let is_of_profile = options.key_file.is_none();
            return Ok(Self { key: ApiKey::new(private_file::read(path)?), source, is_of_profile });
        }
        let of_profile = profile.key.as_deref().map(|key| Self {
            key: ApiKey::new(key),
            source: "the profile".to_owned(),
            is_of_profile: true,
        });
        of_profile.or_else(Self::of_env).ok_or_else(|| {
            let hint = "set OPENROUTER_API_KEY, or give --key-file FILE, or add a profile (see `orw --help`); \
                        `--sandbox` needs no key";
            Failure::usage("there is no API key", hint)
        })
    }

    fn of_env() -> Option<Self> {
        let set = |name: &str| {
            let key = ApiKey::new(environment::variable(name)?);
            Some(Self { key, source: name.to_owned(), is_of_profile: false })
        };
        VARIABLES.into_iter().find_map(set)
    }
}

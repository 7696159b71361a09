//! Where the key comes from. It is never an argument, for everyone on the machine can read those.

use openrouter_workspaces::ApiKey;

use crate::connection::private_file;
use crate::connection::profile::Profile;
use crate::failure::Failure;
use crate::options::GlobalOptions;

/// The one that can only be a management key comes first: the other may be a key for inference.
const VARIABLES: [&str; 2] = ["OPENROUTER_MANAGEMENT_KEY", "OPENROUTER_API_KEY"];

/// The key from the environment.
pub(crate) fn from_env() -> Option<ApiKey> {
    let set = |name| std::env::var(name).ok().filter(|key| !key.trim().is_empty());
    VARIABLES.into_iter().find_map(set).map(ApiKey::new)
}

/// The key: of `--key-file`, of the profile that is used, or of the environment.
pub(crate) fn find(options: &GlobalOptions, profile: &Profile) -> Result<ApiKey, Failure> {
    match options.key_file.as_deref().or(profile.key_file.as_deref()) {
        Some(path) => Ok(ApiKey::new(private_file::read(path)?)),
        None => profile.key.as_deref().map(ApiKey::new).or_else(from_env).ok_or_else(|| {
            let hint = "set OPENROUTER_API_KEY, or give --key-file FILE, or add a profile (see `orw --help`); \
                        `--sandbox` needs no key";
            Failure::usage("there is no API key", hint)
        }),
    }
}

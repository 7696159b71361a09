//! The tokio runtime, which timers and connections need.

use tokio::runtime::Handle;

use crate::error::InvalidInput;

/// Refuses to go on where there is none: the first timer, or the HTTP client, would panic.
pub(crate) fn check_runtime() -> Result<(), InvalidInput> {
    let rule = "is missing: `.await` this within `#[tokio::main]` or `Runtime::block_on`, or, without async, turn on the \
                feature `blocking` and call `.wait()`";
    Handle::try_current().map_err(|_| InvalidInput::new("tokio runtime", rule))?;
    Ok(())
}

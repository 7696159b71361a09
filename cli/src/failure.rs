//! Why a command did not do what it was asked for, with its exit code and with what to do next.

use std::fmt;
use std::io;
use std::path::Path;

use openrouter_workspaces::{Delivery, Error, JobError};
use serde_json::{Map, Value, json};

use crate::exit::Exit;
use crate::secret::hidden;

/// The end of a command that failed.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    /// What it is, for programs.
    kind: &'static str,
    message: String,
    /// What to do next.
    hint: String,
    /// What else is known, for programs.
    details: Map<String, Value>,
}

impl Failure {
    pub(crate) fn new(exit: Exit, kind: &'static str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        let (message, hint) = (hidden(&message.into()), hidden(&hint.into()));
        Self { exit, kind, message, hint, details: Map::new() }
    }

    /// Adds what else is known, for programs.
    pub(crate) fn with(mut self, name: &str, value: Value) -> Self {
        self.details.insert(name.to_owned(), value);
        self
    }

    /// Wrong usage or input.
    pub(crate) fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(Exit::Usage, "usage", message, hint)
    }

    /// Some of it is done, and some is not.
    pub(crate) fn partly(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(Exit::Partly, "partly_applied", message, hint)
    }

    /// The server took nothing of it.
    pub(crate) fn refused(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(Exit::Refused, "refused", message, hint)
    }

    /// Another workspace has the slug.
    pub(crate) fn slug_taken(slug: &str) -> Self {
        Self::new(Exit::Refused, CONFLICT.0, format!("another workspace is called {slug}"), CONFLICT.1)
    }

    /// The answer to a question was no.
    pub(crate) fn declined() -> Self {
        Self::new(
            Exit::Stopped,
            "declined",
            "nothing was changed",
            "run it again, and answer the question with what it asks for",
        )
    }

    /// What was shown is not so any more.
    pub(crate) fn moved() -> Self {
        Self::new(
            Exit::Refused,
            "moved",
            "nothing was changed, for somebody else has changed what was shown while the question was open",
            "run the same command again: it shows what is there now",
        )
    }

    /// Ctrl-C, or another signal, by its name. Where changes had begun, one may have been under way.
    pub(crate) fn interrupted(signal: &str, so_far: &str, has_begun: bool) -> Self {
        Self::new(
            Exit::Stopped,
            "interrupted",
            format!("stopped by {signal}: {so_far}"),
            "look at what is there, and run the same command again: it does what is left",
        )
        .with("may_be_applied", has_begun.into())
    }

    /// A file that cannot be read or written, of which the message names the file.
    pub(crate) fn file(error: &io::Error) -> Self {
        Self::usage(error.to_string(), "check the name of the file, and who may read and write it")
    }

    /// The failure of what is done with a file.
    pub(crate) fn at(path: &Path) -> impl Fn(io::Error) -> Self {
        move |error| Self::file(&io::Error::new(error.kind(), format!("{}: {error}", path.display())))
    }

    /// A file that says what it must not.
    pub(crate) fn malformed(path: &Path, error: &dyn fmt::Display, hint: &str) -> Self {
        Self::usage(format!("{}: {error}", path.display()), hint)
    }

    /// A job that failed, and how far it had come.
    pub(crate) fn job<R: std::fmt::Display>(error: &JobError<R>, something_done: bool) -> Self {
        let mut failure = Self::from(error.error());
        failure.message = hidden(&error.to_string());
        if something_done {
            failure.exit = Exit::Partly;
            failure.hint = format!("{}; run the same command again: it does what is left", failure.hint);
        }
        failure
    }

    /// The same, once something may have been changed: an output that cannot be written does not say that nothing was sent.
    pub(crate) fn after_requests(mut self) -> Self {
        if self.kind == OUTPUT {
            self.exit = Exit::Partly;
            self.message.push_str("; what was to be changed was sent before that");
            self.hint =
                "check where the output goes, and look at what is there; the same command does what is left".to_owned();
        }
        self
    }

    /// As JSON, for `--output json`.
    pub(crate) fn to_json(&self) -> Value {
        let mut error = self.details.clone();
        error.insert("kind".to_owned(), self.kind.into());
        error.insert("message".to_owned(), self.message.as_str().into());
        error.insert("hint".to_owned(), self.hint.as_str().into());
        error.insert("exit_code".to_owned(), self.exit.code().into());
        json!({ "error": error })
    }

    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    pub(crate) fn hint(&self) -> &str {
        &self.hint
    }
}

const OUTPUT: &str = "output";

/// What a slug that is taken is called, and what to do about it.
const CONFLICT: (&str, &str) = ("conflict", "choose another slug, or change what is there with `orw update`");

/// What to do where the answer is none of the API's.
const BASE_URL: &str = "check the base URL: --base-url, the profile, OPENROUTER_BASE_URL";

/// What cannot be printed.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        let message = format!("the output cannot be written: {error}");
        Self::new(Exit::Usage, OUTPUT, message, "check where the output goes")
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::from(&error)
    }
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        let call = error.call();
        let may_be_applied = error.delivery() == Delivery::Unknown && call.method() != "GET";
        let (exit, kind, hint) = explain(error, may_be_applied);
        let mut failure = Self::new(exit, kind, error.to_string(), hint);
        let details = [
            ("operation", Some(call.operation()).filter(|name| !name.is_empty()).map(Value::from)),
            ("path", Some(call.path()).filter(|path| !path.is_empty()).map(Value::from)),
            ("status", error.status().map(Value::from)),
            ("request_id", error.request_id().map(Value::from)),
            ("attempts", Some(error.attempts().into())),
            ("may_be_applied", Some(may_be_applied.into())),
        ];
        let details = details.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        failure.details = details.collect();
        failure
    }
}

/// What the error means for whoever typed the command.
fn explain(error: &Error, may_be_applied: bool) -> (Exit, &'static str, &'static str) {
    let [again, broken, late, unreachable] = match may_be_applied {
        true => [
            "look whether it was applied, and run it again later; `-v` shows the requests",
            "look whether it was applied, and run it again",
            "look whether it was applied, and run it again, with a longer --timeout if need be",
            "check the network, the proxy and the base URL, and look whether it was applied",
        ],
        false => [
            "run it again later; `-v` shows the requests",
            "run it again; nothing was changed by this call",
            "run it again, with a longer --timeout if need be; nothing was changed by this call",
            "check the network, the proxy and the base URL; nothing was changed by this call",
        ],
    };
    match error {
        Error::InvalidInput(_) => (Exit::Usage, "invalid_input", "change what the message names; nothing was sent"),
        Error::BadRequest(_) => (Exit::Refused, "bad_request", "change what the message names, and run it again"),
        Error::Unauthorized(_) => {
            let hint = "check the key: it must be a management key, which is made at https://openrouter.ai/settings/management-keys";
            (Exit::Refused, "unauthorized", hint)
        }
        Error::PaymentRequired(_) => (Exit::Refused, "payment_required", "add credit to the account"),
        Error::Forbidden(_) => {
            let hint =
                "use a management key of an account that may do this: https://openrouter.ai/settings/management-keys";
            (Exit::Refused, "forbidden", hint)
        }
        Error::NotFound(_) => {
            (Exit::Refused, "not_found", "`orw list` shows the workspaces, and `orw budgets list` their budgets")
        }
        Error::Conflict(_) => (Exit::Refused, CONFLICT.0, CONFLICT.1),
        Error::RateLimited(_) => (Exit::Refused, "rate_limited", "wait, and run it again with a lower --concurrency"),
        Error::InternalServer(_) => (Exit::Refused, "internal_server", again),
        Error::WrongEndpoint(_) => (Exit::Unreachable, "wrong_endpoint", BASE_URL),
        Error::Connect(_) => (Exit::Unreachable, "connect", unreachable),
        Error::Transport(_) => (Exit::Unreachable, "transport", broken),
        Error::Timeout(_) => (Exit::Unreachable, "timeout", late),
        Error::Decode(_) if may_be_applied => {
            let hint = "look whether it was applied, and for a newer version of orw; `-v` shows the requests";
            (Exit::Refused, "decode", hint)
        }
        Error::Decode(_) => (Exit::Refused, "decode", "look for a newer version of orw; `-v` shows the requests"),
        Error::Pagination(_) => (Exit::Refused, "pagination", "run it again: the list changed while it was read"),
        // A redirect, which is not followed, and comes again.
        _ if error.status().is_some_and(|status| (300..400).contains(&status)) => (Exit::Refused, "api", BASE_URL),
        _ => (Exit::Refused, "api", again),
    }
}

//! The end of a job that failed.

use std::error::Error as StdError;
use std::fmt::{self, Write};

use crate::error::{Error, OneLine};

/// A job that failed, and how far it has come. Running it again does what is left.
///
/// `Display` is one line with the error of the call that failed, and with what is left; `{:?}` is the same line. It becomes
/// an [`Error`] by `?`, which forgets how far the job has come.
#[derive(Clone)]
pub struct JobError<R>(Box<(Error, R)>);

impl<R> JobError<R> {
    /// The end of a job, for tests and for jobs of your own.
    pub fn new(error: Error, so_far: R) -> Self {
        Self(Box::new((error, so_far)))
    }

    /// Why the job ended: the error of one of its calls.
    pub fn error(&self) -> &Error {
        &self.0.0
    }

    /// How far the job has come.
    pub fn so_far(&self) -> &R {
        &self.0.1
    }

    /// The error, and how far the job has come.
    pub fn into_parts(self) -> (Error, R) {
        *self.0
    }
}

impl<R: fmt::Display> fmt::Display for JobError<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (error, so_far) = &*self.0;
        write!(OneLine(f), "{error}; {so_far}")
    }
}

/// `{:?}` is the line of `{}`, for a `main` that returns an error prints it so. `{:#?}` has the fields.
impl<R: fmt::Display + fmt::Debug> fmt::Debug for JobError<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !f.alternate() {
            return fmt::Display::fmt(self, f);
        }
        let (error, so_far) = &*self.0;
        f.debug_struct("JobError").field("error", error).field("so_far", so_far).finish()
    }
}

impl<R: fmt::Display + fmt::Debug> StdError for JobError<R> {}

impl<R> From<JobError<R>> for Error {
    fn from(error: JobError<R>) -> Self {
        error.into_parts().0
    }
}

//! Values for the tests of those who use this crate, under the feature `test-util`.

use bytes::Bytes;
use http::StatusCode;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::error::{ApiError, CallSummary, Error, InvalidInput};
use crate::redact::Redactor;

/// An example of the contract. The build fails where one does not keep to its schema.
///
/// # Panics
///
/// Where the schema is another one than the type, which would be a mistake of the generator's.
pub(crate) fn read<T: DeserializeOwned>(example: &str) -> T {
    match serde_json::from_str(example) {
        Ok(value) => value,
        Err(error) => panic!("the example is not one of its type: {error}"),
    }
}

impl Error {
    /// The error of a call that the API has answered with this status and message, after one attempt, for tests of what a
    /// program does with errors. A status that no answer has, such as 1000, is an [`Error::InvalidInput`].
    ///
    /// The other errors come from a client whose [`HttpService`](crate::HttpService) fails as a network does.
    ///
    /// ```
    /// use openrouter_workspaces::{Delivery, Error};
    ///
    /// let error = Error::example(404, "Workspace not found");
    /// assert!(matches!(&error, Error::NotFound(e) if e.message() == "Workspace not found"));
    /// assert_eq!(Error::example(503, "Overloaded").delivery(), Delivery::Unknown);
    /// ```
    #[cfg_attr(docsrs, doc(cfg(feature = "test-util")))]
    pub fn example(status: u16, message: &str) -> Self {
        let Ok(status) = StatusCode::from_u16(status) else {
            return InvalidInput::new("status", "must be one of HTTP").into();
        };
        let body = json!({"error": {"code": status.as_u16(), "message": message}}).to_string();
        let mut answer = http::Response::new(Bytes::from(body));
        *answer.status_mut() = status;
        let error = Self::of_answer(ApiError::new(answer, None, &Redactor::default()));
        let call =
            CallSummary { attempts: 1, answered: true, ambiguous: error.is_ambiguous(), ..CallSummary::default() };
        error.of_call(call, &Redactor::default())
    }
}

//! The class of an error that a test expects.

use openrouter_workspaces::{DecodeError, Error, InvalidInput};

pub fn refused<T>(result: Result<T, Error>) -> Box<InvalidInput> {
    match result {
        Err(Error::InvalidInput(error)) => error,
        Err(other) => panic!("refused for another reason: {other:?}"),
        Ok(_) => panic!("not refused"),
    }
}

pub fn decode(error: Error) -> Box<DecodeError> {
    match error {
        Error::Decode(error) => error,
        other => panic!("not a decode error: {other:?}"),
    }
}

//! What the program ends with.

use std::process::ExitCode;

/// How a command ended. `orw --help` lists what each code means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    Done = 0,
    Planned = 2,
    Partly = 3,
    Usage = 4,
    Refused = 5,
    Unreachable = 6,
    Stopped = 130,
}

impl Exit {
    pub(crate) fn code(self) -> u8 {
        self as u8
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

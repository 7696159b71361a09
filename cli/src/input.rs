//! What is read: files, and stdin where `-` stands for a file.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// What stdin is called in errors.
const STDIN: &str = "<stdin>";

/// A text, and what it is called in errors.
#[derive(Debug)]
pub(crate) struct Input {
    pub(crate) name: PathBuf,
    pub(crate) text: String,
}

/// Whether the path is `-`, which stands for stdin, or for stdout.
pub(crate) fn is_standard(path: &Path) -> bool {
    path == Path::new("-")
}

/// Reads a file, or stdin.
pub(crate) async fn read(path: &Path) -> Result<Input, Failure> {
    let path = path.to_owned();
    waiting(move || read_blocking(&path)).await
}

/// Reads a file, or stdin, and keeps the thread waiting meanwhile.
pub(crate) fn read_blocking(path: &Path) -> Result<Input, Failure> {
    let (name, text) = match is_standard(path) {
        true => (PathBuf::from(STDIN), io::read_to_string(io::stdin().lock())),
        false => (path.to_owned(), fs::read_to_string(path)),
    };
    let text = text.map_err(Failure::at(&name))?;
    Ok(Input { name, text: without_mark(text) })
}

/// The text without the mark that some editors begin one with, and which is no part of it.
pub(crate) fn without_mark(text: String) -> String {
    text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)
}

/// Does what may be long in coming, such as reading stdin, on a thread of its own: a signal is to end the program meanwhile.
pub(crate) async fn waiting<T: Send + 'static>(
    read: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(read).await.map_err(io::Error::other)?
}

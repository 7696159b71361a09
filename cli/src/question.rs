//! Asking whoever sits there.

use std::io::{self, BufRead, IsTerminal, Write};

use crate::failure::Failure;
use crate::output::text::clean;

/// Asks a question, and goes on if the answer is yes.
pub(crate) async fn yes_or_no(question: &str) -> Result<(), Failure> {
    let answer = ask(&format!("{} [y/N] ", clean(question))).await?;
    match answer.to_lowercase().as_str() {
        "y" | "yes" => Ok(()),
        _ => Err(Failure::declined()),
    }
}

/// Asks for a word to be typed, and goes on if it was.
pub(crate) async fn word(question: &str, word: &str) -> Result<(), Failure> {
    let answer = ask(&format!("{}: ", clean(question))).await?;
    if answer == word { Ok(()) } else { Err(Failure::declined()) }
}

/// Whether somebody sits there.
pub(crate) fn can_be_asked() -> bool {
    io::stdin().is_terminal()
}

/// Reads a line from the terminal. On a thread of its own, for Ctrl-C is to end the program meanwhile.
async fn ask(prompt: &str) -> Result<String, Failure> {
    if !can_be_asked() {
        let hint = "give --yes to do it without being asked, or --dry-run to see what would be done";
        return Err(Failure::usage("there is no terminal to ask on", hint));
    }
    let mut stderr = io::stderr();
    stderr.write_all(prompt.as_bytes())?;
    stderr.flush()?;
    let read = || {
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line).map(|_| line)
    };
    let line = tokio::task::spawn_blocking(read).await.map_err(io::Error::other)??;
    Ok(line.trim().to_owned())
}

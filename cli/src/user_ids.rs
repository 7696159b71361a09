//! Users from arguments, from a file, or from stdin.

use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::input::{self, Input};
use crate::secret::looks_like_a_key;

/// Users, of which there must be some.
#[derive(Debug, clap::Args)]
pub(crate) struct UserIds {
    /// Ids of users; `-` reads them from stdin
    #[arg(value_name = "USER")]
    users: Vec<String>,
    /// A file with a user's id on each line, or CSV with a column `user_id`; `-` is stdin. Empty lines are passed over,
    /// and so is what follows a `#` at the start of a line or, but in CSV, after a blank
    #[arg(short, long, value_name = "FILE")]
    file: Option<PathBuf>,
}

impl UserIds {
    /// The ids, in the order in which they were given.
    pub(crate) async fn read(self) -> Result<Vec<String>, Failure> {
        let stdin = self.users.iter().any(|user| user == "-");
        if stdin && (self.file.is_some() || self.users.len() > 1) {
            return Err(Failure::usage(
                "`-` reads all users from stdin, and there are others",
                "give either the one or the others",
            ));
        }
        let file = if stdin { Some(PathBuf::from("-")) } else { self.file };
        let mut users = if stdin { Vec::new() } else { self.users };
        if users.iter().any(|user| !is_id(user)) {
            return Err(Failure::usage(
                "an id of a user is not empty, not `null`, and has no blanks, commas, semicolons, quotes and brackets",
                "separate users by blanks, without quotes",
            ));
        }
        if let Some(path) = file {
            users.extend(read_file(&path).await?);
        }
        if users.iter().any(|user| looks_like_a_key(user)) {
            return Err(Failure::usage(
                "what looks like a key stands where the id of a user belongs; nothing was sent",
                "take it out, or give another file",
            ));
        }
        Ok(users)
    }

    /// The ids, of which there is at least one.
    pub(crate) async fn read_some(self) -> Result<Vec<String>, Failure> {
        let users = self.read().await?;
        match users.is_empty() {
            true => Err(Failure::usage("there are no users", "give their ids, or a file with them by --file")),
            false => Ok(users),
        }
    }
}

async fn read_file(path: &Path) -> Result<Vec<String>, Failure> {
    let Input { name, text } = input::read(path).await?;
    parse(&text).map_err(|(line, rule)| {
        Failure::usage(format!("{}, line {line}: {rule}", name.display()), "correct that line; nothing was sent")
    })
}

/// What stands in a file; an error is a line and its rule.
fn parse(text: &str) -> Result<Vec<String>, (u64, String)> {
    match text.lines().map(without_comment).find(|line| !line.is_empty()) {
        Some(head) if head.split(',').any(|column| column.trim().trim_matches('"') == "user_id") => parse_csv(text),
        _ => parse_lines(text),
    }
}

fn parse_lines(text: &str) -> Result<Vec<String>, (u64, String)> {
    let lines = text.lines().map(without_comment).zip(1..).filter(|(line, _)| !line.is_empty());
    let id = |(line, number): (&str, u64)| match is_id(line) {
        true => Ok(line.to_owned()),
        false => {
            Err((number, format!("{line:?} is no user's id (in CSV, the first line must name a column `user_id`)")))
        }
    };
    lines.map(id).collect()
}

fn parse_csv(text: &str) -> Result<Vec<String>, (u64, String)> {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).trim(csv::Trim::All).from_reader(text.as_bytes());
    let of_line = |error: csv::Error| {
        let line = error.position().map_or(1, csv::Position::line);
        (line, error.to_string())
    };
    let column = reader.headers().map_err(of_line)?.iter().position(|name| name == "user_id").unwrap_or_default();
    let mut users = Vec::new();
    for record in reader.records() {
        let record = record.map_err(of_line)?;
        let line = record.position().map_or(1, csv::Position::line);
        match record.get(column) {
            Some(id) if is_id(id) => users.push(id.to_owned()),
            other => return Err((line, format!("the column `user_id` is {:?}", other.unwrap_or_default()))),
        }
    }
    Ok(users)
}

/// The line without its comment, which begins where a word would: an id may have a `#` in it.
fn without_comment(line: &str) -> &str {
    let begins =
        |(at, _): &(usize, &str)| line.get(..*at).is_some_and(|before| before.trim_end().len() < *at || *at == 0);
    let end = line.match_indices('#').find(begins).map_or(line.len(), |(at, _)| at);
    line.get(..end).unwrap_or_default().trim()
}

/// What programs print where there is nothing, as `jq` does for a field that is not there, and YAML for a list without items.
const NOTHING: [&str; 4] = ["null", "~", "-", "---"];

/// What lists of other forms are made of is in no id, nor is what stands for nothing: one that is empty, as `[]`, would be a user
/// otherwise, and no mistake.
fn is_id(text: &str) -> bool {
    let is_foreign = |c: char| c.is_whitespace() || c.is_control() || ",;\"'[]{}".contains(c);
    !text.is_empty() && !text.contains(is_foreign) && !NOTHING.contains(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_an_id_on_each_line_with_comments_between_them() {
        assert_eq!(parse("# team\nuser_a\n\n  user_b # lead\r\n"), Ok(vec!["user_a".to_owned(), "user_b".to_owned()]));
    }

    #[test]
    fn a_comment_begins_a_line_or_follows_a_blank() {
        let text = "user#1\n#user#2\n user_3 #\nuser_4\t# lead # of all\n";
        assert_eq!(parse(text), Ok(["user#1", "user_3", "user_4"].map(str::to_owned).to_vec()));
        assert_eq!(parse("user_id\nuser#1\n"), Ok(vec!["user#1".to_owned()]));
    }

    #[test]
    fn a_file_with_a_header_is_csv() {
        let text = "# export\nname,user_id\n\"Lovelace, Ada\",user_a\nBen,user_b\n";
        assert_eq!(parse(text), Ok(vec!["user_a".to_owned(), "user_b".to_owned()]));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        assert_eq!(parse("user_a\n\nuser b\n").unwrap_err().0, 3);
        assert_eq!(parse("user_id,name\nuser_a,Ada\n,Ben\n").unwrap_err().0, 3);
        assert_eq!(parse("user_id,name\nuser_a\n").unwrap_err().0, 2);
        assert_eq!(parse("user_a,Ada\n").unwrap_err().0, 1);
    }

    #[test]
    fn a_list_of_another_form_is_no_list_of_users() {
        for text in [
            "[]\n",
            "{}",
            "user_id;name\nuser_a;Ada\n",
            "\"user_a\"\n",
            "'user_a'\n",
            "[user_a]\n",
            "null\n",
            "~\n",
            "-\n",
            "---\n",
        ] {
            assert_eq!(parse(text).unwrap_err().0, 1, "{text:?}");
        }
        assert_eq!(parse("\"user_id\"\n\"user_a\"\n"), Ok(vec!["user_a".to_owned()]));
    }
}

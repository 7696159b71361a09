//! What Schemathesis is known to find, and why it is left so.

use std::fmt;

use serde::Deserialize;

/// A check that an answer did not pass.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub check: String,
    pub operation: String,
    pub status: u64,
    /// The message of the error that was answered, if it was one.
    pub message: String,
    /// What Schemathesis says.
    pub complaint: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { check, operation, status, message, complaint } = self;
        write!(f, "{check}: {operation} answered {status} {message:?}: {}", complaint.replace('\n', "; "))
    }
}

/// A finding that is known, with its reason.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recorded {
    pub check: String,
    /// The operations with it, such as `GET /workspaces`.
    pub operations: Vec<String>,
    pub status: u64,
    /// What the message of the error begins with.
    pub message: String,
    /// Whether chance decides if it is found. Then it is not stale when it is not.
    #[serde(default)]
    pub rare: bool,
    pub reason: String,
}

impl Recorded {
    fn is(&self, operation: &str, finding: &Finding) -> bool {
        self.check == finding.check
            && operation == finding.operation
            && self.status == finding.status
            && finding.message.starts_with(&self.message)
    }
}

/// The recorded findings.
pub fn load() -> Result<Vec<Recorded>, String> {
    parse(include_str!("../schemathesis/findings.yaml"))
}

fn parse(yaml: &str) -> Result<Vec<Recorded>, String> {
    serde_norway::from_str(yaml).map_err(|error| format!("findings.yaml: {error}"))
}

/// Findings, held against the record.
#[derive(Debug, Default, PartialEq)]
pub struct Sorted {
    /// The number of findings that are recorded.
    pub known: usize,
    /// Why they are left so.
    pub reasons: Vec<String>,
    pub unknown: Vec<Finding>,
    /// What is recorded, but was not found.
    pub stale: Vec<String>,
}

/// Holds findings against the record.
pub fn sort(findings: &[Finding], recorded: &[Recorded]) -> Sorted {
    let mut sorted = Sorted::default();
    for record in recorded {
        let Recorded { check, operations, status, message, rare, reason } = record;
        sorted.reasons.push(format!("{check} ({}): {}", operations.join(", "), reason.trim()));
        for operation in operations {
            if !rare && !findings.iter().any(|finding| record.is(operation, finding)) {
                sorted.stale.push(format!("{check}: {operation} with {status} {message:?}"));
            }
        }
    }
    let is_known =
        |finding: &Finding| recorded.iter().any(|record| record.operations.iter().any(|o| record.is(o, finding)));
    let (known, unknown): (Vec<_>, Vec<_>) = findings.iter().partition(|finding| is_known(finding));
    sorted.known = known.len();
    for finding in unknown {
        // One of a kind is enough to look into it.
        let of_its_kind = |seen: &Finding| (&seen.check, &seen.operation) == (&finding.check, &finding.operation);
        if !sorted.unknown.iter().any(of_its_kind) {
            sorted.unknown.push(finding.clone());
        }
    }
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "
- check: status_code_conformance
  operations: [POST /workspaces, 'PATCH /workspaces/{id}']
  status: 409
  message: 'slug: another workspace'
  reason: A taken slug.
";

    fn finding(operation: &str, status: u64, message: &str) -> Finding {
        Finding {
            check: "status_code_conformance".to_owned(),
            operation: operation.to_owned(),
            status,
            message: message.to_owned(),
            complaint: String::new(),
        }
    }

    #[test]
    fn a_recorded_finding_is_known_and_another_answer_is_not() {
        let found = [
            finding("POST /workspaces", 409, "slug: another workspace is called a"),
            finding("PATCH /workspaces/{id}", 409, "slug: another workspace is called b"),
            finding("POST /workspaces", 500, "slug: another workspace is called a"),
            finding("POST /workspaces", 500, "again"),
        ];
        let sorted = sort(&found, &parse(LIST).unwrap());
        let reasons =
            vec!["status_code_conformance (POST /workspaces, PATCH /workspaces/{id}): A taken slug.".to_owned()];
        assert_eq!(sorted, Sorted { known: 2, reasons, unknown: vec![found[2].clone()], stale: Vec::new() });
    }

    #[test]
    fn a_recorded_finding_that_is_gone_is_stale() {
        let found = [finding("POST /workspaces", 409, "slug: another workspace is called a")];
        let sorted = sort(&found, &parse(LIST).unwrap());
        assert_eq!(
            sorted.stale,
            ["status_code_conformance: PATCH /workspaces/{id} with 409 \"slug: another workspace\""]
        );
    }

    #[test]
    fn a_rare_finding_is_not_stale() {
        let list = LIST.replace("  reason", "  rare: true\n  reason");
        assert!(sort(&[], &parse(&list).unwrap()).stale.is_empty());
    }

    #[test]
    fn the_record_can_be_read_and_gives_reasons() {
        assert!(load().unwrap().iter().all(|recorded| !recorded.reason.is_empty()));
    }
}

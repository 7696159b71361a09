//! What is printed: a table, the known deviations, and what is not known in detail.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::{Value, json};

use crate::deviation::{self, Deviation};
use crate::diff::{Difference, contains, differences};
use crate::fleet;
use crate::install;
use crate::schemathesis;
use crate::script::{Scenario, Step, steps};

/// How much of a value is printed.
const EXCERPT: usize = 400;

/// What came of a run.
#[derive(Debug)]
pub struct Report {
    /// The groups, in the order of the script, each with the names of its steps.
    groups: Vec<(String, Vec<String>)>,
    /// The steps in which our SDK did not do what the script expects, with what it did.
    failed: Vec<(String, Value, Value)>,
    peers: Vec<Peer>,
    deviations: Vec<Deviation>,
    schemathesis: Option<schemathesis::Outcome>,
    fleet: Option<fleet::Outcome>,
}

#[derive(Debug)]
struct Peer {
    name: &'static str,
    sorted: deviation::Sorted,
}

/// How many steps of a group are how.
#[derive(Debug, Default, PartialEq)]
struct Counts {
    agree: usize,
    known: usize,
    different: usize,
}

impl Report {
    /// Compares the records of all SDKs.
    pub fn new(
        scenarios: &[Scenario],
        ours: &[Value],
        peers: Vec<(&'static str, Vec<Value>)>,
        deviations: Vec<Deviation>,
        schemathesis: Option<schemathesis::Outcome>,
        fleet: Option<fleet::Outcome>,
    ) -> Self {
        let mut groups: Vec<(String, Vec<String>)> = Vec::new();
        for (group, step) in steps(scenarios) {
            match groups.iter_mut().find(|(name, _)| name == group) {
                Some((_, names)) => names.push(step.name.clone()),
                None => groups.push((group.to_owned(), vec![step.name.clone()])),
            }
        }
        let named: Vec<&Step> = steps(scenarios).map(|(_, step)| step).collect();
        let failed = named.iter().zip(ours).filter_map(|(step, record)| unexpected(step, record)).collect();
        let compare = |theirs: &[Value]| {
            let pairs = named.iter().zip(ours.iter().zip(theirs));
            let all = pairs.flat_map(|(step, (ours, theirs))| {
                differences(ours, theirs).into_iter().map(|difference| (step.name.clone(), difference))
            });
            all.collect()
        };
        let peers: Vec<Peer> = peers
            .into_iter()
            .map(|(name, theirs)| Peer { name, sorted: deviation::sort(name, compare(&theirs), &deviations) })
            .collect();
        let ran: BTreeSet<&str> = peers.iter().map(|peer| peer.name).chain(fleet.iter().map(|_| fleet::PEER)).collect();
        let ran = |deviation: &Deviation| deviation.peers.iter().any(|name| ran.contains(name.as_str()));
        let deviations = deviations.into_iter().filter(ran).collect();
        Self { groups, failed, peers, deviations, schemathesis, fleet }
    }

    /// Whether there is nothing that is not known.
    pub fn is_clean(&self) -> bool {
        let findings = self.schemathesis.iter().map(|outcome| &outcome.findings);
        let sorted = self.peers.iter().map(|peer| &peer.sorted).chain(self.fleet.iter().map(|outcome| &outcome.sorted));
        self.failed.is_empty()
            && sorted.into_iter().all(|sorted| sorted.unknown.is_empty() && sorted.stale.is_empty())
            && findings.into_iter().all(|findings| findings.unknown.is_empty() && findings.stale.is_empty())
    }

    fn table(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<16} {:^15}", "", "ours")?;
        for peer in &self.peers {
            let title = format!("{} {}", peer.name, install::version(peer.name).unwrap_or_default());
            write!(f, "   {title:^25}")?;
        }
        write!(f, "\n{:<16} {:>6} {:>8}", "steps", "agree", "FAILED")?;
        self.peers.iter().try_for_each(|_| write!(f, "   {:>6} {:>6} {:>11}", "agree", "known", "DIFFERENT"))?;
        writeln!(f)?;
        let all = self.groups.iter().flat_map(|(_, names)| names.clone()).collect();
        for (group, names) in self.groups.iter().chain([&("total".to_owned(), all)]) {
            let failed = self.failed.iter().filter(|(name, ..)| names.contains(name)).count();
            write!(f, "{group:<16} {:>6} {failed:>8}", names.len() - failed)?;
            for peer in &self.peers {
                let Counts { agree, known, different } = peer.counts(names);
                write!(f, "   {agree:>6} {known:>6} {different:>11}")?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

/// A step in which our SDK did something else than the script expects.
fn unexpected(step: &Step, record: &Value) -> Option<(String, Value, Value)> {
    let result = &record["result"];
    let (expected, as_expected) = match &step.expect {
        Some(expected) => (expected.clone(), contains(result, expected)),
        None => (json!("a success"), result.get("ok").is_some()),
    };
    (!as_expected).then(|| (step.name.clone(), expected, result.clone()))
}

impl Peer {
    fn counts(&self, names: &[String]) -> Counts {
        let different: BTreeSet<_> = self.sorted.unknown.iter().map(|(name, _)| name).collect();
        let known: BTreeSet<_> = self.sorted.known.iter().filter(|name| !different.contains(name)).collect();
        let among = |set: BTreeSet<&String>| names.iter().filter(|name| set.contains(name)).count();
        let (different, known) = (among(different), among(known));
        Counts { agree: names.len() - different - known, known, different }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table(f)?;
        if let Some(schemathesis::Outcome { version, operations, cases, passed, findings }) = &self.schemathesis {
            let unknown = findings.unknown.len();
            writeln!(
                f,
                "\nschemathesis {version}: {operations} operations, {cases} cases, {passed} checks passed, {} findings \
                 recorded, {unknown} NEW",
                findings.known
            )?;
        }
        if let Some(fleet::Outcome { cases, workspaces, values, sorted }) = &self.fleet {
            let (known, different) = (sorted.known.len(), sorted.unknown.len());
            writeln!(
                f,
                "\nfleet: {cases} manifests, {workspaces} workspaces, {values} values held against the Python SDK's, \
                 {known} known, {different} DIFFERENT"
            )?;
        }
        if !self.deviations.is_empty() {
            writeln!(f, "\nKnown deviations:")?;
        }
        for Deviation { deviation, peers, reason, .. } in &self.deviations {
            writeln!(f, "- {deviation} ({}): {}", peers.join(", "), reason.trim())?;
        }
        if let Some(outcome) = &self.schemathesis
            && !outcome.findings.reasons.is_empty()
        {
            writeln!(f, "\nRecorded findings:")?;
            outcome.findings.reasons.iter().try_for_each(|reason| writeln!(f, "- {reason}"))?;
        }
        for (name, expected, result) in &self.failed {
            writeln!(
                f,
                "\nOurs fails {name}:\n  expected {}\n  got      {}",
                excerpt(Some(expected)),
                excerpt(Some(result))
            )?;
        }
        for peer in &self.peers {
            for (name, Difference { at, ours, theirs }) in &peer.sorted.unknown {
                let (ours, theirs) = (excerpt(ours.as_ref()), excerpt(theirs.as_ref()));
                writeln!(f, "\nDIFFERENT in {name} at {at}:\n  ours {ours}\n  {} {theirs}", peer.name)?;
            }
            for stale in &peer.sorted.stale {
                writeln!(f, "\nSTALE in deviations.yaml, for it was not seen in {}: {stale}", peer.name)?;
            }
        }
        if let Some(fleet::Outcome { sorted, .. }) = &self.fleet {
            for (name, Difference { at, ours, theirs }) in &sorted.unknown {
                let (ours, theirs) = (excerpt(ours.as_ref()), excerpt(theirs.as_ref()));
                writeln!(f, "\nDIFFERENT in fleet, {name}, at {at}:\n  expected {ours}\n  got      {theirs}")?;
            }
            for stale in &sorted.stale {
                writeln!(f, "\nSTALE in deviations.yaml, for it was not seen in fleet: {stale}")?;
            }
        }
        if let Some(outcome) = &self.schemathesis {
            outcome.findings.unknown.iter().try_for_each(|finding| writeln!(f, "\nNEW finding: {finding}"))?;
            outcome.findings.stale.iter().try_for_each(|stale| {
                writeln!(f, "\nSTALE in schemathesis/findings.yaml, for it was not found: {stale}")
            })?;
        }
        if !self.is_clean() {
            writeln!(
                f,
                "\nFix what is wrong; what is right as it is, record with its reason: CONTRIBUTING.md tells how."
            )?;
        }
        Ok(())
    }
}

fn excerpt(value: Option<&Value>) -> String {
    let text = value.map_or("nothing".to_owned(), Value::to_string);
    match text.char_indices().nth(EXCERPT) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scenarios() -> Vec<Scenario> {
        let yaml = "
- group: operations
  steps:
    - {name: one, call: get, arguments: {workspace: a}}
    - {name: two, call: get, arguments: {workspace: b}, expect: {error: {status: 404}}}
- group: errors
  steps:
    - {name: three, call: get}
";
        serde_norway::from_str(yaml).unwrap()
    }

    fn records(ids: [u64; 3]) -> Vec<Value> {
        let [one, two, three] = ids;
        let missing = json!({"result": {"error": {"status": 404, "id": two}}, "requests": []});
        let found = |id: u64| json!({"result": {"ok": {"id": id}}, "requests": []});
        vec![found(one), missing, found(three)]
    }

    fn deviations() -> Vec<Deviation> {
        let yaml =
            "[{deviation: d, peers: [python], reason: r, seen: [{steps: [two], at: /result/error/id, theirs: 9}]}]";
        serde_norway::from_str(yaml).unwrap()
    }

    #[test]
    fn steps_that_agree_are_clean() {
        let report = Report::new(
            &scenarios(),
            &records([1; 3]),
            vec![("typescript", records([1; 3]))],
            deviations(),
            None,
            None,
        );
        assert!(report.is_clean(), "{report}");
        assert!(!report.to_string().contains("Known deviations"), "{report}");
    }

    #[test]
    fn known_and_unknown_differences_are_counted_by_group() {
        let peers = vec![("python", records([1, 9, 9]))];
        let report = Report::new(&scenarios(), &records([1; 3]), peers, deviations(), None, None);
        let counts: Vec<_> = report.groups.iter().map(|(_, names)| report.peers[0].counts(names)).collect();
        let expected = [Counts { agree: 1, known: 1, different: 0 }, Counts { agree: 0, known: 0, different: 1 }];
        assert_eq!(counts, expected);
        assert!(!report.is_clean());
        let text = report.to_string();
        assert!(text.contains("DIFFERENT in three at /result/ok/id:\n  ours 1\n  python 9"), "{text}");
        assert!(text.contains("- d (python): r"), "{text}");
    }

    #[test]
    fn a_stale_deviation_is_not_clean() {
        let peers = vec![("python", records([1; 3]))];
        let report = Report::new(&scenarios(), &records([1; 3]), peers, deviations(), None, None);
        assert!(!report.is_clean());
        assert!(report.to_string().contains("STALE"), "{report}");
    }

    #[test]
    fn a_difference_between_manifest_and_account_is_named_and_not_clean() {
        let difference = Difference { at: "/a/name".to_owned(), ours: Some(json!("A")), theirs: None };
        let unknown = vec![("the example".to_owned(), difference)];
        let outcome = |unknown| fleet::Outcome {
            sorted: deviation::Sorted { unknown, ..Default::default() },
            ..Default::default()
        };
        let report = |fleet| Report::new(&scenarios(), &records([1; 3]), Vec::new(), Vec::new(), None, Some(fleet));
        assert!(report(outcome(Vec::new())).is_clean());
        let report = report(outcome(unknown));
        assert!(!report.is_clean());
        let text = report.to_string();
        assert!(
            text.contains("DIFFERENT in fleet, the example, at /a/name:\n  expected \"A\"\n  got      nothing"),
            "{text}"
        );
    }

    #[test]
    fn what_the_script_does_not_expect_of_ours_is_not_clean() {
        let mut ours = records([1; 3]);
        ours[0]["result"] = json!({"error": {"status": 500}});
        ours[1]["result"] = json!({"ok": {}});
        let report = Report::new(&scenarios(), &ours, Vec::new(), Vec::new(), None, None);
        let failed: Vec<_> = report.failed.iter().map(|(name, ..)| name.as_str()).collect();
        assert_eq!(failed, ["one", "two"]);
        assert!(!report.is_clean());
    }
}

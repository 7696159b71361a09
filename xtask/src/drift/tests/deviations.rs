//! Deviations that are meant: recorded once, with a reason, and only as long as they are there.

use super::super::deviations::Deviations;
use super::super::report::Report;
use super::{compared, thing};

const RECORDED: &str = "
- what: maxLength
  ours: none
  theirs: '9'
  where: [request Thing.f, response Thing.f]
  reason: It is meant.
";

fn report(ours: &str, theirs: &str, deviations: &str) -> Report {
    compared(&thing("3.0.3", ours), &thing("3.1.0", theirs), deviations).expect("a report")
}

fn counts(report: &Report) -> [usize; 3] {
    let sorted = &report.sorted;
    [sorted.unexpected.len(), sorted.recorded.len(), sorted.stale.len()]
}

#[test]
fn a_recorded_deviation_is_no_drift() {
    let report = report("{type: string}", "{type: string, maxLength: 9}", RECORDED);
    assert_eq!(counts(&report), [0, 2, 0]);
    assert!(report.is_clean());
    assert!(report.sorted.recorded.iter().all(|recorded| recorded.reason == "It is meant."));
}

#[test]
fn a_deviation_that_changed_is_drift_and_its_record_is_stale() {
    let report = report("{type: string}", "{type: string, maxLength: 8}", RECORDED);
    assert_eq!(counts(&report), [2, 0, 2]);
    assert!(!report.is_clean());
}

#[test]
fn a_deviation_that_is_gone_is_stale() {
    let report = report("{type: string, maxLength: 9}", "{type: string, maxLength: 9}", RECORDED);
    assert_eq!(counts(&report), [0, 0, 2]);
    assert!(!report.is_clean());
    assert_eq!(report.sorted.stale[0].key.to_string(), "request Thing.f: maxLength: ours none; theirs 9");
}

#[test]
fn a_deviation_below_what_upstream_lacks_is_not_stale() {
    let mut theirs = thing("3.1.0", "{type: string}");
    theirs["components"]["schemas"]["Thing"]["properties"].as_object_mut().expect("properties").remove("f");
    let report = compared(&thing("3.0.3", "{type: string}"), &theirs, RECORDED);
    assert_eq!(counts(&report.expect("a report")), [2, 0, 0]);
}

#[test]
fn a_deviation_at_a_place_that_the_contract_does_not_have_is_stale() {
    let elsewhere = RECORDED.replace("Thing.f", "Thing.z");
    let report = report("{type: string}", "{type: string}", &elsewhere);
    assert_eq!(counts(&report), [0, 0, 2]);
}

#[test]
fn something_new_upstream_can_be_left_out_on_purpose() {
    let record = "
- what: field
  ours: absent
  theirs: string, optional
  where: [response Thing.n, request Thing.n]
  reason: Of no use to anybody.
";
    let mut theirs = thing("3.1.0", "{type: string}");
    theirs["components"]["schemas"]["Thing"]["properties"]["n"] = serde_json::json!({ "type": "string" });
    let ours = thing("3.0.3", "{type: string}");
    let with = compared(&ours, &theirs, record);
    assert_eq!(counts(&with.expect("a report")), [0, 2, 0]);
    let without = compared(&ours, &ours, record);
    assert_eq!(counts(&without.expect("a report")), [0, 0, 2]);
}

#[test]
fn a_deviation_can_rest_on_what_upstream_says() {
    let record = RECORDED.replace("  reason", "  says: up to 9 bytes\n  reason");
    let theirs = |description: &str| format!("{{type: string, maxLength: 9, description: {description}}}");
    let said = report("{type: string}", &theirs("A text of up to 9 bytes."), &record);
    assert_eq!(counts(&said), [0, 2, 0]);
    let said_around_it = "{allOf: [{type: string, maxLength: 9}, {description: up to 9 bytes}]}";
    assert_eq!(counts(&report("{type: string}", said_around_it, &record)), [0, 2, 0]);
    let not_said = report("{type: string}", &theirs("A text of up to 9 letters."), &record);
    assert_eq!(counts(&not_said), [0, 2, 2]);
    assert_eq!(not_said.sorted.stale[0].why, "while upstream says \"up to 9 bytes\", which it does not");
}

#[test]
fn a_deviation_can_rest_on_upstreams_examples() {
    let record = "
- what: format
  ours: date-time
  theirs: none
  where: [request Thing.f, response Thing.f]
  examples: date-time
  reason: It is always one.
";
    let ours = "{type: string, format: date-time}";
    let stale = |theirs: &str| {
        let report = report(ours, theirs, record);
        assert_eq!(report.sorted.recorded.len(), 2);
        report.sorted.stale.first().map(|stale| stale.why.clone())
    };
    assert_eq!(stale("{type: string, example: '2026-03-02T08:15:00Z'}"), None);
    assert_eq!(stale("{type: string, examples: ['2026-03-02T08:15:00.5+02:00', '2026-03-02T08:15:00Z']}"), None);
    assert_eq!(stale("{type: string}"), Some("while upstream's examples are date-time, and it has none".to_owned()));
    for example in ["2026-03-02T08:15:00", "2026-03-02 08:15:00Z", "2026-03-02", "20260302T081500Z", "2026-W10-1"] {
        let why = format!("while upstream's examples are date-time, which {example:?} is not");
        assert_eq!(stale(&format!("{{type: string, example: '{example}'}}")), Some(why));
    }
    let error = Deviations::parse(&record.replace("examples: date-time", "examples: email")).map(|_| ());
    assert_eq!(error, Err("`format`: nothing is known of examples that are `email`".to_owned()));
}

#[test]
fn a_file_with_mistakes_is_refused() {
    let error = |yaml: &str| Deviations::parse(yaml).map(|_| ()).expect_err("the file should be refused");
    assert_eq!(
        error(&RECORDED.replace("It is meant.", "' '")),
        "`maxLength`: a deviation needs a `where` and a `reason`"
    );
    assert_eq!(
        error(&RECORDED.replace("[request Thing.f, response Thing.f]", "[]")),
        "`maxLength`: a deviation needs a `where` and a `reason`"
    );
    assert_eq!(error(&RECORDED.repeat(2)), "recorded twice: request Thing.f: maxLength: ours none; theirs 9");
    assert!(error(&RECORDED.replace("reason:", "because:")).contains("unknown field `because`"));
    assert!(error(&RECORDED.replace("  theirs: '9'\n", "")).contains("missing field `theirs`"));
}

#[test]
fn a_file_with_comments_only_records_nothing() {
    assert!(Deviations::parse("# nothing yet\n").is_ok());
}

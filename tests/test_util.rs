//! What users' own tests are made of: examples of results, pages, errors without a server, and clones of errors.

mod common;

use common::{Mock, Reply};
use openrouter_workspaces::body::{CreateWorkspaceRequest, ListWorkspacesResponse};
use openrouter_workspaces::jobs::{EnsureOutcome, Ensured};
use openrouter_workspaces::{
    ApiKey, BudgetInterval, BulkAddWorkspaceMembersResponse, CONTRACT, Client, DeletedResponse, Delivery, Error,
    HttpError, HttpFuture, HttpService, JobError, ListWorkspaceBudgetsResponse, Page, RetryConfig, Workspace,
    WorkspaceBudget, WorkspaceMember, reqwest,
};

#[test]
fn examples_are_those_of_the_contract_and_can_be_changed() {
    let mut workspace = Workspace::example();
    assert!(CONTRACT.contains(&workspace.id.to_string()) && CONTRACT.contains(&workspace.slug));
    workspace.slug = "mine".to_owned();
    assert_eq!((workspace.slug.as_str(), Workspace::example().slug.as_str()), ("mine", "production"));

    assert!(CONTRACT.contains(&WorkspaceMember::example().user_id));
    assert_ne!(WorkspaceBudget::example().interval(), BudgetInterval::Other(String::new()));
    assert!(DeletedResponse::example().deleted);
    assert!(!ListWorkspaceBudgetsResponse::example().data.is_empty());
    assert!(!ListWorkspacesResponse::example().data.is_empty());
    assert!(!CreateWorkspaceRequest::example().slug.is_empty());
    let added = BulkAddWorkspaceMembersResponse::example();
    assert_eq!(added.data.len(), usize::try_from(added.added_count).unwrap());
}

#[test]
fn pages_and_results_of_jobs_are_made_of_their_parts() {
    let page = Page::new(vec![Workspace::example()], 7);
    assert_eq!((page.data.len(), page.total_count, page.offset, page.next_offset()), (1, 7, 0, Some(1)));
    let ensured = Ensured::new(Workspace::example(), EnsureOutcome::Created);
    assert_eq!(ensured.outcome, EnsureOutcome::Created);
    let job = JobError::new(Error::example(503, "Overloaded"), "half way");
    assert_eq!(job.clone().into_parts().1, "half way");
    assert_eq!(job.clone().to_string(), job.to_string());
    assert!(job.to_string().starts_with("Overloaded (status 503); "), "{job}");
}

#[test]
fn an_error_is_made_of_a_status_and_a_message() {
    for (status, is_variant) in [
        (400, (|e| matches!(e, Error::BadRequest(_))) as fn(&Error) -> bool),
        (401, |e| matches!(e, Error::Unauthorized(_))),
        (402, |e| matches!(e, Error::PaymentRequired(_))),
        (403, |e| matches!(e, Error::Forbidden(_))),
        (404, |e| matches!(e, Error::NotFound(_))),
        (409, |e| matches!(e, Error::Conflict(_))),
        (429, |e| matches!(e, Error::RateLimited(_))),
        (500, |e| matches!(e, Error::InternalServer(_))),
        (418, |e| matches!(e, Error::Api(_))),
        (0, |e| matches!(e, Error::InvalidInput(_))),
    ] {
        let error = Error::example(status, "says \"why\"");
        assert!(is_variant(&error), "{status}: {error:#?}");
        if status > 0 {
            let line = error.to_string();
            assert!(line.starts_with(&format!("says \"why\" (status {status})")), "{line}");
            let api = error.api().unwrap();
            assert_eq!((api.status(), api.code(), api.message()), (status, Some(status.into()), "says \"why\""));
            let unknown = if status == 500 { Delivery::Unknown } else { Delivery::Answered };
            assert_eq!((error.delivery(), error.attempts()), (unknown, 1), "{status}");
        }
    }
}

/// A network that is down.
struct Down;

impl HttpService for Down {
    fn call(&self, _: reqwest::Request) -> HttpFuture<'_> {
        Box::pin(async { Err(HttpError::not_sent("no route to host")) })
    }
}

/// An error of every kind that a call can end with.
async fn errors() -> Vec<Error> {
    let builder = || Client::builder().api_key(common::KEY).retry(RetryConfig::none());
    let down = builder().http_service(Down).build().unwrap();
    let vault = builder().api_key_from(|| async { Err::<ApiKey, _>("the vault is sealed".into()) }).build().unwrap();
    let page = Mock::always(Reply::new(200, "text/html", "<!doctype html>"));
    let odd = Mock::always(Reply::json(200, serde_json::json!({"data": 5})));
    vec![
        Error::example(404, "Workspace not found"),
        down.get("a").await.unwrap_err(),
        vault.get("a").await.unwrap_err(),
        down.create("A", "Not A Slug").await.unwrap_err(),
        page.client().get("a").await.unwrap_err(),
        odd.client().get("a").await.unwrap_err(),
        odd.client().get("a").timeout(std::time::Duration::ZERO).await.unwrap_err(),
    ]
}

#[tokio::test]
async fn a_clone_of_an_error_shows_the_same() {
    for error in errors().await {
        let clone = error.clone();
        assert_eq!(clone.to_string(), error.to_string());
        assert_eq!(format!("{clone:?} {clone:#?}"), format!("{error:?} {error:#?}"));
        assert_eq!((clone.status(), clone.delivery()), (error.status(), error.delivery()));
        assert_eq!(clone.call().operation(), error.call().operation());
    }
}

#[tokio::test]
async fn a_clone_shares_the_body_and_the_cause_with_the_original() {
    let refused = Error::example(404, &"x".repeat(100_000));
    let clone = refused.clone();
    assert_eq!(clone.api().unwrap().body().as_ptr(), refused.api().unwrap().body().as_ptr());
    let down = Client::builder().api_key(common::KEY).retry(RetryConfig::none()).http_service(Down).build().unwrap();
    let error = down.get("a").await.unwrap_err();
    match (&error, &error.clone()) {
        (Error::Connect(error), Error::Connect(clone)) => {
            assert!(std::ptr::addr_eq(error.underlying(), clone.underlying()));
        }
        other => panic!("another error: {other:?}"),
    }
}

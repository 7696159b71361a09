//! A whole list as a `Vec`, and a page as what it is.

use openrouter_workspaces::{Error, Page, Workspace};

use crate::jobs::support::{client, requests, simulated};

#[tokio::test(start_paused = true)]
async fn every_row_comes_once() {
    let sandbox = simulated().seed_workspaces(250).in_memory().unwrap();
    let client = client(&sandbox);
    let all = client.list().all().await.unwrap();
    assert_eq!((all.len(), requests(&sandbox).len()), (251, 3));
    assert_eq!(client.list().offset(200).all().await.unwrap().len(), 51);
    assert_eq!(client.list().limit(10).all().await.unwrap(), all);
    assert_eq!(client.list_members("default").all().await.unwrap().len(), 300);
    assert_eq!(client.list_members("workspace-1").all().await.unwrap(), []);
}

#[tokio::test(start_paused = true)]
async fn a_list_that_is_too_long_is_an_error_at_the_first_page() {
    let sandbox = simulated().seed_workspaces(250).in_memory().unwrap();
    let client = client(&sandbox);
    assert_eq!(client.list().all().max_rows(251).await.unwrap().len(), 251);
    assert_eq!(client.list().offset(200).all().max_rows(51).await.unwrap().len(), 51);
    requests(&sandbox);
    for rows in [0, 1, 100, 250] {
        let error = client.list().all().max_rows(rows).concurrency(1).await.unwrap_err();
        let expected = format!("there are 251 of them, and at most {rows} were allowed");
        assert!(matches!(error, Error::Pagination(_)) && error.to_string().contains(&expected), "{error}");
        assert_eq!(requests(&sandbox).len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn one_deadline_covers_all_pages() {
    let sandbox = simulated().seed_workspaces(250).in_memory().unwrap();
    let start = tokio::time::Instant::now();
    let timeout = std::time::Duration::from_millis(50);
    let error = client(&sandbox).list().all().concurrency(1).timeout(timeout).await.unwrap_err();
    assert!(matches!(error, Error::Timeout(_)), "{error}");
    assert_eq!(start.elapsed(), timeout);
}

#[tokio::test(start_paused = true)]
async fn a_page_is_an_iterator_of_its_rows_and_json() {
    let sandbox = simulated().seed_workspaces(3).in_memory().unwrap();
    let page = client(&sandbox).list().offset(1).limit(2).await.unwrap();
    let json = serde_json::to_string(&page).unwrap();
    assert_eq!(serde_json::from_str::<Page<Workspace>>(&json).unwrap(), page);
    let slugs: Vec<&str> = (&page).into_iter().map(|workspace| workspace.slug.as_str()).collect();
    assert_eq!(slugs, ["workspace-1", "workspace-2"]);
    assert_eq!(page.into_iter().count(), 2);
}

#[tokio::test(start_paused = true)]
async fn progress_is_told_of_an_empty_list_too() {
    let sandbox = simulated().seed_workspaces(1).in_memory().unwrap();
    let seen = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let told = seen.clone();
    let job = client(&sandbox).list_members("workspace-1").all();
    job.on_progress(move |progress| told.lock().unwrap().push((progress.settled, progress.total))).await.unwrap();
    assert_eq!(*seen.lock().unwrap(), [(0, 0)]);
}

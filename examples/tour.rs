//! All twelve operations, in the order in which a platform team would use them.
//!
//!     cargo run --example tour             # against a sandbox inside this program
//!     cargo run --example tour -- --live   # against the real API, with OPENROUTER_API_KEY
//!
//! The live tour works on a workspace of its own, and removes nothing else.

use std::error::Error;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use openrouter_sandbox::{Sandbox, ScriptedResponse};
use openrouter_workspaces::{BudgetInterval, Client, Error as ApiError, RetryConfig, ServerTool};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => {
            let sandbox = Sandbox::builder().seed_workspaces(250).start().await?;
            println!("A tour of the Workspaces API, in a sandbox at {}", sandbox.base_url());
            println!("(add `-- --live` for the real API)\n");
            let client = Client::builder().base_url(sandbox.base_url()).api_key(sandbox.key()).build()?;
            tour(&client, Some(&sandbox)).await
        }
        ["--live"] => {
            println!("A tour of the Workspaces API, live\n");
            tour(&Client::from_env()?, None).await
        }
        _ => Err("usage: cargo run --example tour [-- --live]".into()),
    }
}

/// Walks through everything, and cleans up whatever happens on the way.
async fn tour(client: &Client, sandbox: Option<&Sandbox>) -> Result<(), Box<dyn Error>> {
    // One that begins in the same second must not find this one's workspace, and delete it.
    let slug = format!("tour-{:x}", SystemTime::now().duration_since(UNIX_EPOCH)?.as_nanos());
    let result = walk_through(client, sandbox, &slug).await;
    step("delete", &format!("remove {slug} again"));
    match client.delete(&slug).await {
        Ok(answer) => println!("   deleted: {}", answer.deleted),
        Err(ApiError::NotFound(_)) => println!("   it was never created"),
        Err(error) => return Err(format!("please delete the workspace {slug} by hand: {error}").into()),
    }
    result?;
    println!("\nDone: twelve operations, nothing left behind.");
    Ok(())
}

async fn walk_through(client: &Client, sandbox: Option<&Sandbox>, slug: &str) -> Result<(), Box<dyn Error>> {
    step("create", "a workspace with some settings");
    let created = client
        .create("Tour", slug)
        .description("Made by the tour of openrouter-workspaces")
        .disabled_server_tools([ServerTool::Bash])
        .io_logging_sampling_rate(0.25)
        .await?;
    println!("   {} ({}), created {}", created.slug, created.id, created.created_at);

    step("get", "by its slug and by its id");
    let by_slug = client.get(slug).await?;
    let by_id = client.get(created.id.to_string()).await?;
    println!("   the same workspace: {}", by_slug.id == by_id.id);

    step("update", "a new name, no description any more, everything else unchanged");
    let updated = client.update(slug).name("Tour, renamed").description(None).await?;
    println!("   name {:?}, description {:?}", updated.name, updated.description);
    println!("   sampling rate still {}", updated.io_logging_sampling_rate);

    step("list", "all workspaces, a page when it is needed");
    let mut pages = client.list().pages();
    while let Some(page) = pages.try_next().await? {
        println!("   rows {}..{} of {}", page.offset, page.offset + page.data.len() as u64, page.total_count);
    }
    let mut rows = client.list().items();
    let mut mine = 0;
    while let Some(workspace) = rows.try_next().await? {
        mine += usize::from(workspace.slug == slug);
    }
    println!("   ours is among them {mine} time");

    members(client, slug).await?;
    budgets(client, slug).await?;
    errors(client, slug).await?;
    retries(client, sandbox, slug).await
}

async fn members(client: &Client, slug: &str) -> Result<(), Box<dyn Error>> {
    step("list_members", "of the default workspace: everyone in the organization");
    let everyone = client.list_members("default").limit(3).await?;
    let users: Vec<&str> = everyone.data.iter().map(|member| member.user_id.as_str()).collect();
    println!("   {} in all, the first are {users:?}", everyone.total_count);

    step("bulk_add_members", "the first of them");
    let added = client.bulk_add_members(slug, users.iter().take(1).copied()).await?;
    for member in &added.data {
        println!("   {} is in, as {}", member.user_id, member.role);
    }

    step("bulk_remove_members", "and out again");
    let removed = client.bulk_remove_members(slug, users.iter().take(1).copied()).await?;
    println!("   {} removed", removed.removed_count);
    Ok(())
}

async fn budgets(client: &Client, slug: &str) -> Result<(), Box<dyn Error>> {
    step("set_budget", "100 USD a month, 10 USD a day");
    client.set_budget(slug, BudgetInterval::Monthly, 100.0).include_byok_in_budgets(true).await?;
    client.set_budget(slug, BudgetInterval::Daily, 10.0).await?;

    step("get_budget", "the one for the month");
    let monthly = client.get_budget(slug, BudgetInterval::Monthly).await?;
    println!("   {} USD {}", monthly.limit_usd, monthly.interval());

    step("list_budgets", "all of them");
    let all = client.list_budgets(slug).await?;
    for budget in &all.data {
        println!("   {:>7}: {} USD", budget.interval(), budget.limit_usd);
    }
    println!("   own provider keys count: {:?}", all.include_byok_in_budgets);

    step("delete_budget", "the one for the day, twice: it is safe to repeat");
    client.delete_budget(slug, BudgetInterval::Daily).await?;
    let again = client.delete_budget(slug, BudgetInterval::Daily).await?;
    println!("   deleted: {}", again.deleted);
    Ok(())
}

async fn errors(client: &Client, slug: &str) -> Result<(), Box<dyn Error>> {
    step("errors", "are typed, and say what went wrong");
    match client.get(format!("{slug}-nope")).await {
        Err(ApiError::NotFound(e)) => println!("   NotFound: {} (request {:?})", e.message(), e.request_id()),
        other => return Err(format!("expected NotFound, got {other:?}").into()),
    }
    match client.create("Tour", slug).await {
        Err(ApiError::Conflict(e)) => println!("   Conflict: {}", e.message()),
        Err(ApiError::BadRequest(e)) => println!("   BadRequest: {}", e.message()),
        other => return Err(format!("expected a refusal, got {other:?}").into()),
    }
    match client.create("Tour", "Not a slug").await {
        Err(ApiError::InvalidInput(e)) => println!("   InvalidInput, nothing sent: {} {}", e.field(), e.rule()),
        other => return Err(format!("expected InvalidInput, got {other:?}").into()),
    }
    Ok(())
}

async fn retries(client: &Client, sandbox: Option<&Sandbox>, slug: &str) -> Result<(), Box<dyn Error>> {
    step("retries", "of a server that is busy for a moment");
    let Some(sandbox) = sandbox else {
        println!("   skipped: the real API is not busy on demand");
        return Ok(());
    };
    let busy = ScriptedResponse::error(429, "Too many requests").header("retry-after", "1");
    let down = ScriptedResponse::html(502, "<h1>Bad gateway</h1>");
    sandbox.script("get_workspace", [busy.clone(), down])?;
    sandbox.clear_journal();
    let answer = client.get(slug).send_with_meta().await?;
    for request in sandbox.journal() {
        println!("   {} {} -> {}", request.method, request.path, request.status.unwrap_or_default());
    }
    println!("   answered at attempt {}: {}", answer.attempts(), answer.data.slug);

    sandbox.script("get_workspace", [busy])?;
    let hasty = RetryConfig::default().max_elapsed_time(Duration::from_millis(200));
    match client.get(slug).retry(hasty).await {
        Err(error @ ApiError::RateLimited(_)) => println!("   in a hurry: {error}"),
        other => return Err(format!("expected RateLimited, got {other:?}").into()),
    }
    Ok(())
}

fn step(operation: &str, what: &str) {
    println!("-- {operation}: {what}");
}

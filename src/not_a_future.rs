//! What the compiler says where a future is asked for, and gets what only becomes one.

/// Nothing has this, so what is a [`Future`] only where it has this is none. The compiler then says what to do, and not just
/// that a request is no future.
///
/// ```compile_fail,E0277
/// # fn example(client: openrouter_workspaces::Client) {
/// tokio::spawn(client.get("production"));
/// # }
/// ```
///
/// ```
/// # fn example(client: openrouter_workspaces::Client) {
/// tokio::spawn(client.get("production").into_future());
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` becomes a future only by `.await` or `.into_future()`",
    label = "give `.into_future()` here"
)]
pub trait AwaitedFirst {
    /// It is never called.
    fn never<T>(&self) -> T;
}

#!/usr/bin/env bash
# What a dependent pays for: crates, the CPU time of a clean debug build, and the size of a stripped release binary. Beside
# the SDK it weighs the same program by hand on reqwest, so that the figures have something to be compared with.
# Builds in a temporary folder: allow some minutes and 2 GB for each row. Usage: benches/weigh.sh [ROW...]
set -euo pipefail
sdk=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CARGO_TARGET_DIR="$work/target" CARGO_INCREMENTAL=0
TIMEFORMAT='%U %S'

# Writes the program of a row, whose dependencies are on stdin.
program() {
    mkdir -p "$work/$1/src"
    cp "$sdk/Cargo.lock" "$work/$1/"
    {
        printf '[package]\nname = "hello"\nversion = "0.1.0"\nedition = "2024"\n[workspace]\n[profile.release]\nstrip = true\n[dependencies]\n'
        echo 'tokio = { version = "1", features = ["macros", "rt"] }'
        cat
    } >"$work/$1/Cargo.toml"
}

sdk_program() {
    echo "openrouter-workspaces = { path = \"$sdk\", $2 }" | program "$1"
    cat >"$work/$1/src/main.rs" <<'RUST'
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), openrouter_workspaces::Error> {
    let mut all = openrouter_workspaces::Client::from_env()?.list().items();
    while let Some(workspace) = all.try_next().await? {
        println!("{}", workspace.slug);
    }
    Ok(())
}
RUST
}

by_hand() {
    program "$1" <<TOML
reqwest = { version = "0.13.4", default-features = false, features = [$2] }
serde = { version = "1", features = ["derive"] }
serde_json = "1"
TOML
    cat >"$work/$1/src/main.rs" <<'RUST'
#[derive(serde::Deserialize)]
struct List {
    data: Vec<Workspace>,
}
#[derive(serde::Deserialize)]
struct Workspace {
    slug: String,
}
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let request = reqwest::Client::new().get("https://openrouter.ai/api/v1/workspaces");
    let body = request.bearer_auth(std::env::var("OPENROUTER_API_KEY")?).send().await?.bytes().await?;
    for workspace in serde_json::from_slice::<List>(&body)?.data {
        println!("{}", workspace.slug);
    }
    Ok(())
}
RUST
}

weigh() {
    local crates cpu
    cd "$work/$1"
    cargo fetch --quiet
    crates=$(cargo tree --edges normal --prefix none | sed 's/ (.*//' | sort -u | grep -cv '^hello ')
    rm -rf "$CARGO_TARGET_DIR"
    cpu=$({ time cargo build --quiet >&2; } 2>&1 | awk '{ print int($1 + $2 + 0.5) }')
    cargo build --quiet --release
    printf '%-12s %6s %7s %8s\n' "$1" "$crates" "$cpu" \
        "$(wc -c <"$CARGO_TARGET_DIR/release/hello" | awk '{ printf "%.2f", $1 / 1e6 }')"
}

sdk_program default 'features = []'
sdk_program slim 'default-features = false, features = ["rustls"]'
sdk_program http2 'features = ["http2"]'
sdk_program no-provider 'default-features = false, features = ["rustls-no-provider"]'
by_hand hand '"rustls"'
by_hand hand-http2 '"http2", "rustls"'

[ $# -gt 0 ] || set -- default slim http2 no-provider hand hand-http2
printf '%-12s %6s %7s %8s\n' row crates 'CPU s' MB
for row in "$@"; do
    weigh "$row"
done

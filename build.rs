//! Compiles the contract into the client module, unless the feature `codegen` is off.

#[cfg(feature = "codegen")]
#[path = "codegen/mod.rs"]
mod codegen;

fn main() {
    println!("cargo::rerun-if-changed=openapi/workspaces.yaml");
    println!("cargo::rerun-if-changed=codegen");
    #[cfg(feature = "codegen")]
    generate();
}

#[cfg(feature = "codegen")]
fn generate() {
    let out = std::path::PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let yaml = std::fs::read_to_string("openapi/workspaces.yaml");
    let yaml = yaml.unwrap_or_else(|e| stop(&format!("openapi/workspaces.yaml: {e}")));
    let client = codegen::generate(&yaml).unwrap_or_else(|e| stop(&e.to_string()));
    std::fs::write(out.join("client.rs"), client)
        .unwrap_or_else(|e| stop(&format!("cannot write the generated client: {e}")));
}

/// Ends the build with one readable line instead of a panic.
#[cfg(feature = "codegen")]
fn stop(message: &str) -> ! {
    println!("cargo::error={message}");
    std::process::exit(1)
}

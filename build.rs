//! Compiles the contract into the client module, unless the feature `codegen` is off.

#[cfg(feature = "codegen")]
#[path = "codegen/mod.rs"]
mod codegen;

fn main() {
    println!("cargo::rerun-if-changed=openapi/workspaces.yaml");
    println!("cargo::rerun-if-changed=codegen");
    #[cfg(feature = "codegen")]
    if let Err(message) = generate() {
        println!("cargo::error={message}");
    }
}

#[cfg(feature = "codegen")]
fn generate() -> Result<(), String> {
    let client = codegen::generate_in(".".as_ref()).map_err(|e| e.to_string())?;
    let out = std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?;
    let out = std::path::Path::new(&out).join("client.rs");
    std::fs::write(out, client).map_err(|e| format!("cannot write the generated client: {e}"))
}

//! The client that progenitor generates from the contract, with what the contract says besides.

#![allow(dead_code, missing_docs, clippy::all, rustdoc::all)]

#[cfg(feature = "codegen")]
include!(concat!(env!("OUT_DIR"), "/client.rs"));

#[cfg(not(feature = "codegen"))]
include!("../openapi/client.rs");

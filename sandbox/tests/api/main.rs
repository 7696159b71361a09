//! The sandbox, asked over HTTP with literal JSON.

mod budgets;
mod contract;
mod http;
mod journal;
mod lifecycle;
mod members;
mod program;
mod script;
mod support;
mod validation;
mod workspaces;

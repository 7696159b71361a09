//! The sandbox, asked over HTTP with literal JSON.

mod access_log;
mod budgets;
mod churn;
mod contract;
mod fault_plan;
mod faults;
mod faults_content;
mod faults_pages;
mod faults_wire;
mod health;
mod http;
mod journal;
mod lifecycle;
mod listener;
mod members;
mod memory;
mod profile;
mod program;
mod program_state;
mod script;
mod state;
mod state_refused;
mod support;
mod validation;
mod workspace_pages;
mod workspaces;

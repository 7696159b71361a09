//! The sandbox, asked over HTTP with literal JSON.

mod budgets;
mod churn;
mod contract;
mod fault_plan;
mod faults;
mod faults_content;
mod faults_pages;
mod faults_wire;
mod http;
mod journal;
mod lifecycle;
mod listener;
mod members;
mod memory;
mod program;
mod script;
mod support;
mod validation;
mod workspace_pages;
mod workspaces;

//! The JSON Schemas of the models, the contract's schemas, and what is really read and sent say the same.

mod agreement;
mod broken;
mod contract;
mod form;
mod instances;
mod models;
mod random;
mod requests;
mod tolerant;

//! Guides: the manifest, how to move to it, recipes, and a session with the command line.
//!
//! | guide | what it is about |
//! |---|---|
//! | [`manifest`] | every key, what is managed and what is not, variables, several files, errors |
//! | [`migrating`] | moving from OpenRouter's Terraform provider, and from openrouter-cli |
//! | [`recipes`] | joining, leaving, budgets for a new year, review in CI, drift |
//! | [`session`] | what `orw` prints, from an empty account to drift and back |

#[doc = include_str!("manifest.md")]
pub mod manifest {}

#[doc = include_str!("migrating.md")]
pub mod migrating {}

#[doc = include_str!("recipes.md")]
pub mod recipes {}

#[doc = include_str!("session.md")]
pub mod session {}

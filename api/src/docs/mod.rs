//! The documentation, from inside the binary: the pages of `docs/`, the list of problem codes, and the
//! reference of the API. Knows no data: what it shows is the same for everybody.

mod advice;
mod assets;
mod layout;
mod library;
mod markdown;
mod problems;
pub mod routes;

pub use library::{Page, find, slugs};

//! What routes and the tests call.

pub use super::address::check_address;
pub use super::progress::{dismiss, get, skip};

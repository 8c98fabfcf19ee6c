//! What routes, commands, the demo and the tests call.

pub use super::bootstrap::{Bootstrapped, bootstrap, hash_password};
pub use super::sign_in::{session, sign_in, sign_in_once, sign_out, stay};

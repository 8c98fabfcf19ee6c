//! How colleagues get an account: an invitation by email, or by a link that the admin hands over. A token works
//! once, for seven days, and is kept as a hash.

mod accept;
mod manage;
pub mod routes;
pub mod service;

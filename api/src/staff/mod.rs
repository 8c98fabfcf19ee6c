//! Organizations, the people who work there, and how they sign in.

mod bootstrap;
mod one_time;
pub mod routes;
pub mod service;
mod sign_in;

pub use bootstrap::{NewOrganization, NewUser, create_api_key, create_organization, create_user};
pub use one_time::create_one_time_sign_in;

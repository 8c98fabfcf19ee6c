//! Organizations, the people who work there, and how they sign in.

pub mod account_routes;
mod accounts;
mod ceremony;
mod devices;
mod first_start;
mod one_time;
mod organization;
mod own_account;
mod own_mails;
pub mod passkey_routes;
mod passkey_sign_in;
mod passkeys;
mod password_reset;
mod passwords;
mod qr;
mod recovery;
pub mod reset_routes;
pub mod routes;
mod second_step;
pub mod service;
pub mod session_routes;
mod sessions;
mod sign_in;
mod tries;

pub use one_time::create_one_time_sign_in;
pub use organization::{NewOrganization, NewUser, create_organization, create_user, hash_password};
pub(crate) use passwords::{ask_current, check_password};
pub(crate) use sign_in::let_in;
pub(crate) use tries::{INVITATION, Try};

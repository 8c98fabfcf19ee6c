//! What routes, commands, the demo and the tests call.

pub use super::accounts::{list as list_accounts, update as update_account};
pub use super::first_start::first_start;
pub use super::own_account::{set_password, update_own_user};
pub use super::passkey_sign_in::{ask as ask_passkey, take as take_passkey};
pub use super::passkeys::{
    add as add_passkey, list as list_passkeys, remove as remove_passkey, rename as rename_passkey,
    start as start_passkey,
};
pub use super::password_reset::{
    ask as ask_for_password_reset, complete as complete_password_reset,
    send_to_colleague as send_password_reset,
};
pub use super::recovery::renew as renew_recovery_codes;
pub use super::second_step::{
    confirm as confirm_totp, enrol as enrol_totp, remove as remove_totp, take as take_second_step,
};
pub use super::sessions::{end as end_session, end_others as end_other_sessions, list as list_sessions};
pub use super::sign_in::{Entered, session, sign_in, sign_in_once, sign_out, stay};

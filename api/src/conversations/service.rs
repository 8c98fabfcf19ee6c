//! What routes, the demo and the tests call.

pub use super::again::{resend, retry};
pub use super::chat::list as list_chat;
pub use super::chat::{info, leave, mark_read, post, stay};
pub use super::compose::{reply, send};
pub use super::erase::erase_contact;
pub use super::inbox::{counts, get, list, update};
pub use super::scheduled::{cancel as cancel_scheduled, get_one as get_scheduled, list as list_scheduled};
pub use super::scheduled::{send_now, update as update_scheduled};
pub use super::thread::{get_message, list_of_contact, list_of_conversation};

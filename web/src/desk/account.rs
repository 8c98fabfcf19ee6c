//! One's own account: what the pages about it share.

pub mod new_passkey;
pub mod second_step;
pub mod words;

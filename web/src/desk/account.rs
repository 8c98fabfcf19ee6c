//! One's own account: what the pages about it share.

pub mod second_step;
pub mod words;

//! Colleagues: rows to invite them, which the first start and the settings share.

pub mod rows;
pub mod sent;

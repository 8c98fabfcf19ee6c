//! What came of one try, in the same words for every channel.

use std::time::Duration;

/// `detail` is a sentence for staff. It never holds an address, a text or what a gateway answered: a
/// gateway quotes phone numbers back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendOutcome {
    Accepted {
        provider_id: Option<String>,
    },
    /// It will not work later either.
    Refused {
        code: &'static str,
        detail: String,
    },
    /// It may work later. It may also have arrived: every try carries the same key.
    Passing {
        code: &'static str,
        detail: String,
        retry_after: Option<Duration>,
    },
}

impl SendOutcome {
    pub fn refused(code: &'static str, detail: impl Into<String>) -> Self {
        Self::Refused { code, detail: detail.into() }
    }

    pub fn passing(code: &'static str, detail: impl Into<String>) -> Self {
        Self::Passing { code, detail: detail.into(), retry_after: None }
    }
}

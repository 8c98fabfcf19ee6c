//! What a link to the desk may carry behind the `#`, where no server and no log sees it.

#[derive(Clone, PartialEq, Eq)]
pub enum Ticket {
    /// Signs in once, such as the demo's.
    Once(String),
    /// Starts the setting up of a new installation.
    Setup(String),
    /// Makes an account.
    Invite(String),
    /// Sets a new password.
    Reset(String),
}

pub fn ticket_in(fragment: &str) -> Option<Ticket> {
    let (kind, token) = fragment.strip_prefix('#')?.split_once('=')?;
    let token = (!token.is_empty()).then(|| token.to_owned())?;
    match kind {
        "once" => Some(Ticket::Once(token)),
        "setup" => Some(Ticket::Setup(token)),
        "invite" => Some(Ticket::Invite(token)),
        "reset" => Some(Ticket::Reset(token)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fragment_carries_one_of_four_tickets_or_none() {
        assert!(ticket_in("#once=abc") == Some(Ticket::Once("abc".to_owned())));
        assert!(ticket_in("#setup=abc") == Some(Ticket::Setup("abc".to_owned())));
        assert!(ticket_in("#invite=abc") == Some(Ticket::Invite("abc".to_owned())));
        assert!(ticket_in("#reset=abc") == Some(Ticket::Reset("abc".to_owned())));
        for none in ["", "#", "#once=", "#main", "#other=abc", "once=abc"] {
            assert!(ticket_in(none).is_none(), "{none}");
        }
    }
}

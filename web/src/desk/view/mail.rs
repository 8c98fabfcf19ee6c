//! How the mail server is spoken to: its names in forms, and the port that goes with each.

use sealpost_shared::channels::MailSecurity;

/// The safe ones first.
pub const SECURITIES: [MailSecurity; 3] = [MailSecurity::Starttls, MailSecurity::Tls, MailSecurity::None];

pub const fn security_name(security: MailSecurity) -> &'static str {
    match security {
        MailSecurity::Starttls => "starttls",
        MailSecurity::Tls => "tls",
        MailSecurity::None => "none",
    }
}

pub fn security_from(name: &str) -> Option<MailSecurity> {
    SECURITIES.into_iter().find(|security| security_name(*security) == name)
}

pub const fn usual_port(security: MailSecurity) -> u16 {
    match security {
        MailSecurity::Starttls => 587,
        MailSecurity::Tls => 465,
        MailSecurity::None => 25,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_has_a_name_and_a_port_of_its_own() {
        for security in SECURITIES {
            assert_eq!(security_from(security_name(security)), Some(security));
        }
        assert_eq!(SECURITIES.map(usual_port), [587, 465, 25]);
        assert_eq!(security_from("ssl"), None);
    }
}

//! Twilio's words and numbers for what became of a text: tables, without a network. The sentences are for staff.

use sealpost_shared::deliveries::FailureCode;

use crate::senders::Receipt;

/// Why a request was refused: the gateway's own numbers for what staff can act on; the rest stays a number.
pub(super) fn refusal(status: u16, code: Option<u32>) -> (FailureCode, &'static str) {
    match code.and_then(known) {
        Some(known) => known,
        None if matches!(status, 401 | 403) => {
            (FailureCode::GatewayUnauthorized, "The text message service did not accept our account")
        }
        None => (FailureCode::GatewayRefused, "The text message service refused it"),
    }
}

fn known(code: u32) -> Option<(FailureCode, &'static str)> {
    Some(match code {
        21610 => (FailureCode::RecipientOptedOut, "This number has opted out of text messages"),
        21211 | 21214 | 21217 | 21401 | 21421 | 30005 => {
            (FailureCode::AddressInvalid, "The text message service says that this is not a working number")
        }
        21612 | 21614 | 30006 => {
            (FailureCode::AddressUnreachable, "This number cannot get text messages; it may be a landline")
        }
        21212 | 21603 | 21606 | 21659 | 21660 | 21661 => {
            (FailureCode::SenderRefused, "The text message service does not accept our sender's number")
        }
        21408 => (FailureCode::RegionNotAllowed, "The text message service may not send to this country"),
        30003 | 30004 | 30007 | 30008 | 30034 => {
            (FailureCode::CarrierRefused, "The phone's network did not deliver it")
        }
        _ => return None,
    })
}

/// What a gateway's word for a text's state means to us. Nothing, for a word that is none of its.
pub fn receipt(status: &str, error: Option<u32>) -> Option<Receipt> {
    Some(match status {
        "accepted" | "scheduled" | "queued" | "sending" | "sent" => Receipt::Taken,
        "delivered" | "read" => Receipt::Delivered,
        "canceled" => Receipt::Canceled,
        "failed" | "undelivered" => {
            let other = (FailureCode::CarrierRefused, "The text message service could not deliver it");
            let (code, sentence) = error.and_then(known).unwrap_or(other);
            let number = error.map(|code| format!(" (error {code})")).unwrap_or_default();
            Receipt::Failed { code, detail: format!("{sentence}{number}.") }
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_gateway_has_its_meaning_and_no_other_word_has() {
        for word in ["accepted", "scheduled", "queued", "sending", "sent"] {
            assert_eq!(receipt(word, None), Some(Receipt::Taken), "{word}");
        }
        for word in ["delivered", "read"] {
            assert_eq!(receipt(word, None), Some(Receipt::Delivered), "{word}");
        }
        assert_eq!(receipt("canceled", None), Some(Receipt::Canceled));
        for (error, wanted) in [
            (None, FailureCode::CarrierRefused),
            (Some(30007), FailureCode::CarrierRefused),
            (Some(21610), FailureCode::RecipientOptedOut),
            (Some(30006), FailureCode::AddressUnreachable),
            (Some(4_000_000_000), FailureCode::CarrierRefused),
        ] {
            for word in ["failed", "undelivered"] {
                let found = receipt(word, error);
                assert!(matches!(&found, Some(Receipt::Failed { code, .. }) if *code == wanted), "{found:?}");
            }
        }
        for word in ["", "Delivered", "receiving", "received", "delivered "] {
            assert_eq!(receipt(word, None), None, "{word}");
        }
    }
}

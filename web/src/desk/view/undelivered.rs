//! What did not reach its contact: why, in words that a receptionist knows, and what helps.

use chrono::{DateTime, Utc};
use sealpost_shared::contacts::{Channel, Contact};
use sealpost_shared::conversations::{Direction, Message};
use sealpost_shared::deliveries::{Delivery, DeliveryStatus, FailureCode};
use sealpost_shared::texts::TextStanding;

use super::sending::channels_now;

/// A message whose newest notice was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    pub channel: Channel,
    pub code: FailureCode,
    /// It failed; else it was held back before it went out.
    pub failed: bool,
    /// What it was about is over: nothing is to be done about it.
    pub over: bool,
    /// It goes out on the other channel by itself at this time, when quiet hours end.
    pub falls_back_at: Option<DateTime<Utc>>,
}

/// What somebody can do about it, as one button each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Remedy {
    /// The same way once more.
    Again(Channel),
    /// The other way.
    Instead(Channel),
    /// The number or address is wrong: to the contact's record.
    Correct(Channel),
}

/// What to do, in a sentence; the buttons stand under it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advice {
    Correct,
    Passing,
    Admin,
    OtherWay,
    Ask,
}

/// Why the newest notice did not arrive, if it did not.
pub fn lost(message: &Message) -> Option<Lost> {
    if message.direction == Direction::Inbound {
        return None;
    }
    let newest = newest(&message.deliveries)?;
    let failed = newest.status == DeliveryStatus::Failed;
    let code = newest.failure.as_ref().map_or(FailureCode::Other, |failure| failure.code);
    let held_back = newest.status == DeliveryStatus::Canceled && !is_quiet(code);
    let falls_back_at = newest.falls_back_at;
    let channel = newest.channel;
    (failed || held_back).then(|| Lost { channel, code, failed, over: is_over(code), falls_back_at })
}

/// The tries before the newest that did not arrive either, the first first.
pub fn earlier(message: &Message) -> Vec<Delivery> {
    let Some(newest) = newest(&message.deliveries).map(|delivery| delivery.id) else { return Vec::new() };
    let told = |delivery: &&Delivery| {
        let code = delivery.failure.as_ref().map_or(FailureCode::Other, |failure| failure.code);
        delivery.id != newest
            && matches!(delivery.status, DeliveryStatus::Failed | DeliveryStatus::Canceled)
            && !is_quiet(code)
    };
    message.deliveries.iter().filter(told).cloned().collect()
}

fn newest(deliveries: &[Delivery]) -> Option<&Delivery> {
    deliveries.iter().max_by_key(|delivery| (delivery.created_at, delivery.id.uuid()))
}

/// Somebody ended it on purpose, or it went on in another notice.
const fn is_quiet(code: FailureCode) -> bool {
    matches!(
        code,
        FailureCode::AddressChanged
            | FailureCode::ContactDeleted
            | FailureCode::LinkRevoked
            | FailureCode::Superseded
    )
}

const fn is_over(code: FailureCode) -> bool {
    matches!(code, FailureCode::ContactDeleted | FailureCode::LinkRevoked | FailureCode::Superseded)
}

/// What helps now, the most likely first: by the reason, and by what is known of the contact today.
pub fn remedies(lost: &Lost, contact: &Contact, standing: Option<&TextStanding>) -> Vec<Remedy> {
    if lost.over {
        return Vec::new();
    }
    let possible = channels_now(contact, standing);
    let faulty = |channel| contact.address_faults.iter().any(|fault| fault.channel == channel);
    let usable = |channel: Channel| possible.contains(&channel) && !faulty(channel);
    let other = match lost.channel {
        Channel::Sms => Channel::Email,
        Channel::Email => Channel::Sms,
    };
    let missing = match lost.channel {
        Channel::Sms => contact.phone.is_none(),
        Channel::Email => contact.email.is_none(),
    };
    // Whoever has corrected the address since has an address without a fault.
    let wrong = missing || faulty(lost.channel) || lost.code == FailureCode::MailBounced;
    let correct = wrong && !contact.opted_out.contains(&lost.channel);
    let again = usable(lost.channel).then_some(Remedy::Again(lost.channel));
    let instead = usable(other).then_some(Remedy::Instead(other));
    let correct = correct.then_some(Remedy::Correct(lost.channel));
    let order = if wrong { [instead, correct, again] } else { [again, instead, correct] };
    order.into_iter().flatten().collect()
}

impl Advice {
    pub const fn of(code: FailureCode) -> Option<Self> {
        use FailureCode as F;
        Some(match code {
            F::AddressInvalid | F::AddressUnreachable | F::AddressMissing | F::MailBounced => Self::Correct,
            F::ContactOptedOut
            | F::RecipientOptedOut
            | F::Budget
            | F::CountryNotAllowed
            | F::RegionNotAllowed => Self::OtherWay,
            F::TimeUp
            | F::GatewayBusy
            | F::GatewayTimeout
            | F::GatewayUnreachable
            | F::MailBusy
            | F::MailTimeout
            | F::MailUnreachable
            | F::CarrierRefused
            | F::GatewayRefused
            | F::MailRefused
            | F::LinkEnded
            | F::AddressChanged
            | F::NotOpened
            | F::Restored
            | F::Other => Self::Passing,
            F::GatewayTls
            | F::GatewayUnauthorized
            | F::GatewayUnclear
            | F::SenderRefused
            | F::MailSignInRefused
            | F::ChannelNotConfigured => Self::Admin,
            F::OutcomeUnknown => Self::Ask,
            F::ContactDeleted | F::LinkRevoked | F::Superseded => return None,
        })
    }

    pub const fn key(self) -> &'static str {
        match self {
            Self::Correct => "advice-correct",
            Self::Passing => "advice-passing",
            Self::Admin => "advice-admin",
            Self::OtherWay => "advice-other-way",
            Self::Ask => "advice-ask",
        }
    }
}

/// The reason in words: one sentence.
pub const fn why_key(code: FailureCode, channel: Channel) -> &'static str {
    use FailureCode as F;
    let text = matches!(channel, Channel::Sms);
    match code {
        F::AddressInvalid if text => "why-number-invalid",
        F::AddressInvalid => "why-email-invalid",
        F::AddressUnreachable if text => "why-number-unreachable",
        F::AddressUnreachable => "why-email-unreachable",
        F::AddressMissing if text => "why-number-missing",
        F::AddressMissing => "why-email-missing",
        F::AddressChanged => "why-address-changed",
        F::ContactOptedOut if text => "why-opted-out-texts",
        F::ContactOptedOut => "why-opted-out-emails",
        F::RecipientOptedOut => "why-recipient-opted-out",
        F::ContactDeleted => "why-contact-deleted",
        F::LinkRevoked => "why-link-revoked",
        F::LinkEnded => "why-link-ended",
        F::TimeUp => "why-time-up",
        F::Superseded => "why-superseded",
        F::OutcomeUnknown => "why-outcome-unknown",
        F::GatewayBusy => "why-gateway-busy",
        F::GatewayRefused => "why-gateway-refused",
        F::GatewayTimeout | F::GatewayUnreachable => "why-gateway-unreachable",
        F::GatewayTls | F::GatewayUnauthorized => "why-gateway-unauthorized",
        F::GatewayUnclear => "why-gateway-unclear",
        F::SenderRefused => "why-sender-refused",
        F::RegionNotAllowed => "why-region",
        F::CarrierRefused => "why-carrier",
        F::MailBounced => "why-mail-bounced",
        F::MailBusy => "why-mail-busy",
        F::MailRefused => "why-mail-refused",
        F::MailSignInRefused => "why-mail-sign-in",
        F::MailTimeout | F::MailUnreachable => "why-mail-unreachable",
        F::ChannelNotConfigured if text => "why-texts-not-set-up",
        F::ChannelNotConfigured => "why-emails-not-set-up",
        F::Budget => "why-budget",
        F::CountryNotAllowed => "why-country",
        F::NotOpened => "why-not-opened",
        F::Restored => "why-restored",
        F::Other => "why-other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn contact(more: Value) -> Contact {
        let mut fields = json!({
            "id": "ctc_01h455vb4pex5vsknk084sn02q", "display_name": "Jordan Reyes", "phone": "+15550100142",
            "email": "jordan@example.org", "has_pin": false, "pin_disabled": false,
            "created_at": "2026-11-23T15:00:00Z", "updated_at": "2026-11-23T15:00:00Z",
        });
        let more = more.as_object().cloned().unwrap_or_default();
        fields.as_object_mut().expect("an object").extend(more);
        fields.as_object_mut().expect("an object").retain(|_, value| !value.is_null());
        serde_json::from_value(fields).expect("a contact")
    }

    fn message(deliveries: Value) -> Message {
        serde_json::from_value(json!({
            "id": "msg_01h455vb4pex5vsknk084sn02q", "conversation_id": "cnv_01h455vb4pex5vsknk084sn02q",
            "contact_id": "ctc_01h455vb4pex5vsknk084sn02q", "direction": "outbound",
            "author": {"kind": "staff", "name": "Amy"}, "body": "Hello", "secure": true, "channel": "sms",
            "has_own_pin": false, "created_at": "2026-11-23T15:00:00Z", "deliveries": deliveries,
        }))
        .expect("a message")
    }

    fn delivery(id: u128, channel: &str, status: &str, code: Option<&str>) -> Value {
        let id = sealpost_shared::ids::DeliveryId::from_uuid(uuid::Uuid::from_u128(id)).to_string();
        let mut fields = json!({"id": id, "channel": channel, "status": status,
            "created_at": "2026-11-23T15:00:00Z", "attempts": 1});
        if let Some(code) = code {
            fields["failure"] = json!({"code": code, "detail": "No."});
        }
        fields
    }

    fn failed(code: &str) -> Lost {
        lost(&message(json!([delivery(1, "sms", "failed", Some(code))]))).expect("a lost one")
    }

    #[test]
    fn what_goes_out_the_other_way_by_itself_says_when() {
        let at = "2026-11-24T07:00:00Z";
        let mut waits = delivery(1, "sms", "failed", Some("address_unreachable"));
        waits["falls_back_at"] = json!(at);
        let lost = lost(&message(json!([waits]))).expect("a lost one");
        assert_eq!(lost.falls_back_at, at.parse().ok());
        assert_eq!(failed("address_unreachable").falls_back_at, None);
    }

    #[test]
    fn what_helps_follows_the_reason_and_the_contact() {
        use Channel::{Email, Sms};
        use Remedy::{Again, Correct, Instead};
        let fault = json!({"address_faults": [{"channel": "sms", "code": "address_unreachable", "since": "2026-11-23T15:00:00Z"}]});
        let mut no_email = fault.clone();
        no_email["email"] = Value::Null;
        let cases = [
            ("gateway_unreachable", json!({}), vec![Again(Sms), Instead(Email)]),
            ("gateway_unreachable", json!({"email": null}), vec![Again(Sms)]),
            ("gateway_unreachable", json!({"opted_out": ["email"]}), vec![Again(Sms)]),
            ("address_unreachable", fault, vec![Instead(Email), Correct(Sms)]),
            ("address_unreachable", no_email, vec![Correct(Sms)]),
            // Corrected since.
            ("address_unreachable", json!({}), vec![Again(Sms), Instead(Email)]),
            ("address_missing", json!({"phone": null}), vec![Instead(Email), Correct(Sms)]),
            ("recipient_opted_out", json!({"opted_out": ["sms"]}), vec![Instead(Email)]),
            ("link_revoked", json!({}), vec![]),
        ];
        for (code, more, wanted) in cases {
            assert_eq!(remedies(&failed(code), &contact(more.clone()), None), wanted, "{code} {more}");
        }
    }

    #[test]
    fn texts_that_are_held_back_are_not_offered() {
        let standing: TextStanding =
            serde_json::from_value(json!({"allowed": false, "block": "contact_limit", "left": 0}))
                .expect("one");
        let offered = remedies(&failed("budget"), &contact(json!({})), Some(&standing));
        assert_eq!(offered, [Remedy::Instead(Channel::Email)]);
    }

    #[test]
    fn the_newest_notice_counts_and_the_others_are_earlier_tries() {
        let both = message(json!([
            delivery(1, "sms", "failed", Some("address_unreachable")),
            delivery(2, "sms", "canceled", Some("superseded")),
            delivery(3, "email", "sent", None),
        ]));
        assert_eq!(lost(&both), None);
        let before: Vec<_> = earlier(&both).iter().map(|it| (it.channel, it.status)).collect();
        assert_eq!(before, [(Channel::Sms, DeliveryStatus::Failed)]);
        let stopped = message(json!([delivery(1, "sms", "canceled", Some("contact_opted_out"))]));
        let stopped = lost(&stopped).expect("held back");
        assert!(!stopped.failed && !stopped.over);
        assert_eq!(lost(&message(json!([delivery(1, "sms", "canceled", Some("link_revoked"))]))), None);
    }

    #[test]
    fn every_reason_has_its_words_and_most_an_advice() {
        for code in FailureCode::ALL {
            assert!(why_key(*code, Channel::Sms).starts_with("why-"), "{}", code.as_str());
        }
        let silent = FailureCode::ALL.iter().filter(|code| Advice::of(**code).is_none()).count();
        assert_eq!(silent, 3, "what was ended on purpose");
    }
}

//! What a message can go out as: defaults that follow how the thread last went.

use sealpost_shared::contacts::{Channel, Contact};
use sealpost_shared::conversations::{AuthorKind, Direction, Message};
use sealpost_shared::settings::{DefaultPinKind, SecureMessagingSettings};
use sealpost_shared::texts::TextStanding;

/// Which PIN will be asked for when the message has none of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinChoice {
    Contacts,
    Default,
    None,
}

impl PinChoice {
    pub fn of(has_pin: bool, settings: &SecureMessagingSettings) -> Self {
        match (settings.pin_enabled, has_pin, settings.default_pin.kind) {
            (false, ..) => Self::None,
            (true, true, _) => Self::Contacts,
            (true, false, DefaultPinKind::None) => Self::None,
            (true, false, DefaultPinKind::Text | DefaultPinKind::Template) => Self::Default,
        }
    }
}

/// The channels that can reach this person: an address, and no wish to be left alone there.
pub fn channels_of(contact: &Contact) -> Vec<Channel> {
    let reachable = |channel: &Channel| match channel {
        Channel::Sms => contact.phone.is_some(),
        Channel::Email => contact.email.is_some(),
    };
    [Channel::Sms, Channel::Email]
        .into_iter()
        .filter(reachable)
        .filter(|channel| !contact.opted_out.contains(channel))
        .collect()
}

/// The same without texts, where none can go to them now.
pub fn channels_now(contact: &Contact, standing: Option<&TextStanding>) -> Vec<Channel> {
    let blocked = standing.is_some_and(|standing| !standing.allowed);
    channels_of(contact).into_iter().filter(|channel| !(blocked && *channel == Channel::Sms)).collect()
}

/// Why texts are missing among the channels, where one could be chosen otherwise.
pub fn blocked(contact: &Contact, standing: Option<&TextStanding>) -> Option<TextStanding> {
    let standing = standing.filter(|standing| !standing.allowed)?;
    channels_of(contact).contains(&Channel::Sms).then(|| standing.clone())
}

/// As the thread last went out, else what the contact prefers, else what there is.
pub fn first_channel(
    contact: &Contact,
    standing: Option<&TextStanding>,
    newest_first: &[Message],
) -> Option<Channel> {
    let possible = channels_now(contact, standing);
    let last = newest_first.iter().find(|m| m.direction == Direction::Outbound).and_then(|m| m.channel);
    [last, contact.preferred_channel]
        .into_iter()
        .flatten()
        .find(|channel| possible.contains(channel))
        .or_else(|| possible.first().copied())
}

/// As staff or the private page last went; else the organization's setting. A text that came back, or an answer
/// that went out by itself, does not make a private thread an open one.
pub fn went_securely(newest_first: &[Message], settings: &SecureMessagingSettings) -> bool {
    let chosen = |m: &&Message| m.secure || matches!(m.author.kind, AuthorKind::Staff | AuthorKind::ApiKey);
    let last = newest_first.iter().find(chosen);
    settings.enabled && last.map_or(settings.secure_by_default, |last| last.secure)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sealpost_shared::links::LinkLifetime;
    use sealpost_shared::settings::DefaultPin;

    fn contact(value: &str) -> Contact {
        let mut fields = serde_json::json!({
            "id": "ctc_01h455vb4pex5vsknk084sn02q", "display_name": "Jordan", "has_pin": false,
            "pin_disabled": false, "opted_out": [],
            "created_at": "2026-11-01T00:00:00Z", "updated_at": "2026-11-01T00:00:00Z",
        });
        let more: serde_json::Map<_, _> = serde_json::from_str(value).expect("fields");
        fields.as_object_mut().expect("an object").extend(more);
        serde_json::from_value(fields).expect("a contact")
    }

    fn message(direction: &str, secure: bool, channel: &str) -> Message {
        let author = if direction == "inbound" { "contact" } else { "staff" };
        serde_json::from_value(serde_json::json!({
            "id": "msg_01h455vb4pex5vsknk084sn02q", "conversation_id": "cnv_01h455vb4pex5vsknk084sn02q",
            "contact_id": "ctc_01h455vb4pex5vsknk084sn02q", "direction": direction,
            "author": {"kind": author, "name": "Amy"}, "body": "Hello", "secure": secure,
            "channel": channel, "has_own_pin": false, "created_at": "2026-11-01T00:00:00Z",
        }))
        .expect("a message")
    }

    fn settings(enabled: bool, kind: DefaultPinKind) -> SecureMessagingSettings {
        SecureMessagingSettings {
            enabled,
            secure_by_default: true,
            notice_sms_body: String::new(),
            notice_email_subject: String::new(),
            notice_email_body: String::new(),
            link_lifetime: LinkLifetime::Hours24,
            pin_enabled: true,
            default_pin: DefaultPin { kind, value: None },
            require_pin_over_24_hours: true,
            refuse_weak_pins: false,
            hide_hint: false,
            live_links: 0,
        }
    }

    const BOTH: &str = r#"{"phone": "+15550100142", "email": "j@example.org"}"#;

    #[test]
    fn only_channels_with_an_address_and_without_an_opt_out_are_offered() {
        assert_eq!(channels_of(&contact(BOTH)), [Channel::Sms, Channel::Email]);
        assert_eq!(channels_of(&contact(r#"{"email": "j@example.org"}"#)), [Channel::Email]);
        let stopped = r#"{"phone": "+15550100142", "email": "j@example.org", "opted_out": ["sms"]}"#;
        assert_eq!(channels_of(&contact(stopped)), [Channel::Email]);
    }

    #[test]
    fn the_channel_follows_the_thread_then_the_wish_then_what_there_is() {
        let wish = r#"{"phone": "+15550100142", "email": "j@example.org", "preferred_channel": "email"}"#;
        assert_eq!(
            first_channel(&contact(wish), None, &[message("outbound", true, "sms")]),
            Some(Channel::Sms)
        );
        assert_eq!(first_channel(&contact(wish), None, &[]), Some(Channel::Email));
        assert_eq!(first_channel(&contact(BOTH), None, &[]), Some(Channel::Sms));
        assert_eq!(first_channel(&contact("{}"), None, &[]), None);
    }

    #[test]
    fn email_goes_where_no_text_can() {
        let blocked_now = TextStanding {
            allowed: false,
            block: Some(sealpost_shared::texts::TextBlock::ContactLimit),
            until: None,
            country: None,
            left: 0,
        };
        let texted = [message("outbound", true, "sms")];
        assert_eq!(first_channel(&contact(BOTH), Some(&blocked_now), &texted), Some(Channel::Email));
        assert_eq!(channels_now(&contact(BOTH), Some(&blocked_now)), [Channel::Email]);
        assert_eq!(blocked(&contact(BOTH), Some(&blocked_now)), Some(blocked_now.clone()));
        assert_eq!(blocked(&contact(r#"{"email": "j@example.org"}"#), Some(&blocked_now)), None);
        let free = TextStanding { allowed: true, block: None, left: 3, ..blocked_now };
        assert_eq!(first_channel(&contact(BOTH), Some(&free), &texted), Some(Channel::Sms));
    }

    #[test]
    fn a_thread_goes_on_as_it_last_went_unless_secure_messaging_is_off() {
        let on = settings(true, DefaultPinKind::None);
        assert!(went_securely(&[], &on));
        assert!(!went_securely(&[message("outbound", false, "sms"), message("outbound", true, "sms")], &on));
        assert!(went_securely(&[message("inbound", false, "sms"), message("outbound", true, "sms")], &on));
        assert!(!went_securely(&[message("outbound", true, "sms")], &settings(false, DefaultPinKind::None)));
    }

    #[test]
    fn the_contacts_pin_beats_the_default_which_beats_none() {
        assert_eq!(PinChoice::of(true, &settings(true, DefaultPinKind::Text)), PinChoice::Contacts);
        assert_eq!(PinChoice::of(false, &settings(true, DefaultPinKind::Template)), PinChoice::Default);
        assert_eq!(PinChoice::of(false, &settings(true, DefaultPinKind::None)), PinChoice::None);
        let off = SecureMessagingSettings { pin_enabled: false, ..settings(true, DefaultPinKind::Text) };
        assert_eq!(PinChoice::of(true, &off), PinChoice::None);
    }
}

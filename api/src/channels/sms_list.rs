//! Asking the gateway for a text that it did not answer about: `GET Messages.json?To&DateSent`. Its list says neither
//! our key nor our handle, so a text is known by its words, which hold the link that no other text has.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::sms::is_plain;
use super::sms_words::receipt;
use crate::senders::{Found, Known, Receipt, SmsNotice};

/// How far the gateway's clock may be from ours.
const SLACK: TimeDelta = TimeDelta::minutes(10);

pub(super) fn question(sms: &SmsNotice<'_>) -> [(&'static str, String); 3] {
    let since = sms.created_at - SLACK;
    [
        ("To", sms.to.as_str().to_owned()),
        // The library of the gateway's maker writes it so: a name that ends in the sign.
        ("DateSent>", since.format("%Y-%m-%d").to_string()),
        ("PageSize", "100".to_owned()),
    ]
}

pub(super) fn found(list: &Value, sms: &SmsNotice<'_>) -> Found {
    let Some(messages) = list.get("messages").and_then(Value::as_array) else { return Found::CannotSay };
    let ours = messages.iter().filter(|message| is_ours(message, sms));
    Found::These(ours.filter_map(known).collect())
}

fn is_ours(message: &Value, sms: &SmsNotice<'_>) -> bool {
    let text = |name: &str| message.get(name).and_then(Value::as_str);
    let made = text("date_created").and_then(|date| DateTime::parse_from_rfc2822(date).ok());
    let before = made.is_some_and(|made| made.with_timezone(&Utc) < sms.created_at - SLACK);
    let inbound = text("direction").is_some_and(|direction| direction.starts_with("inbound"));
    text("body") == Some(sms.body) && text("to") == Some(sms.to.as_str()) && !inbound && !before
}

fn known(message: &Value) -> Option<Known> {
    let id = message.get("sid").and_then(Value::as_str).filter(|id| is_plain(id))?;
    let error = message.get("error_code").and_then(Value::as_u64).and_then(|code| u32::try_from(code).ok());
    let status = message.get("status").and_then(Value::as_str).unwrap_or_default();
    Some(Known { provider_id: id.to_owned(), receipt: receipt(status, error).unwrap_or(Receipt::Taken) })
}

#[cfg(test)]
mod tests {
    use sealpost_shared::ids::DeliveryId;
    use sealpost_shared::text::Phone;
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_text_is_known_by_its_words_its_number_and_its_time() {
        let to: Phone = "+15550100142".parse().expect("a number");
        let sms = SmsNotice {
            id: DeliveryId::from_uuid(Uuid::from_u128(7)),
            created_at: "2026-03-02T00:05:00Z".parse().expect("a time"),
            to: &to,
            body: "Read: https://x.example/m#abc",
            callback: None,
        };
        let question = question(&sms);
        assert_eq!(question[0].1, "+15550100142");
        assert_eq!((question[1].0, question[1].1.as_str()), ("DateSent>", "2026-03-01"));
        let one = |change: Value| {
            let mut message = json!({
                "sid": "SM1", "to": "+15550100142", "body": sms.body, "direction": "outbound-api",
                "status": "delivered", "error_code": null, "date_created": "Mon, 02 Mar 2026 00:05:01 +0000",
            });
            message
                .as_object_mut()
                .expect("an object")
                .extend(change.as_object().expect("an object").clone());
            found(&json!({ "messages": [message] }), &sms)
        };
        let known = Known { provider_id: "SM1".to_owned(), receipt: Receipt::Delivered };
        assert_eq!(one(json!({})), Found::These(vec![known]));
        for other in [
            json!({ "body": "Read: https://x.example/m#abd" }),
            json!({ "to": "+15550100143" }),
            json!({ "direction": "inbound" }),
            json!({ "date_created": "Sun, 01 Mar 2026 20:00:00 +0000" }),
            json!({ "sid": "../x" }),
        ] {
            assert_eq!(one(other.clone()), Found::These(Vec::new()), "{other}");
        }
        for none in [json!({}), json!([]), json!({ "messages": "x" }), json!(null)] {
            assert_eq!(found(&none, &sms), Found::CannotSay, "{none}");
        }
    }
}

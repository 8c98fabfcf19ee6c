//! What providers hand over, under random changes: it comes from strangers, by way of somebody we know.

use std::collections::BTreeMap;

use sealpost_api::channels::is_signed;
use sealpost_api::hooks::{Mail, read};
use sealpost_api::senders::Receipt;
use sealpost_tests::fakes::{AUTH_TOKEN, signature};
use sealpost_tests::fuzz;

/// Against the signer of the tests, which was written for itself: what it signs is taken, and what was changed after
/// it is not.
#[test]
fn fuzz_twilio_form() {
    let words = [
        "MessageSid=",
        "MessageStatus=delivered",
        "ErrorCode=21610",
        "Body=STOP",
        "&",
        "=",
        "%",
        "%2B",
        "%00",
        "+",
    ];
    let address = "https://messages.example:8443/hooks/twilio/inbound?x=1";
    let url = address.parse().expect("a URL");
    fuzz::run("fuzz_twilio_form", &words, |bytes| {
        let read: Vec<(String, String)> = url::form_urlencoded::parse(bytes).into_owned().collect();
        // The signer of the tests knows no field that stands there twice.
        let form: BTreeMap<_, _> = read.into_iter().collect();
        let form: Vec<(String, String)> = form.into_iter().collect();
        let pairs: Vec<_> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let signed = signature(address, &pairs);
        assert!(is_signed(AUTH_TOKEN, &url, &form, &signed));
        let mut twice = form.clone();
        twice.extend(form.first().cloned());
        twice.reverse();
        assert!(is_signed(AUTH_TOKEN, &url, &twice, &signed), "order and repetition say nothing");
        let mut changed = form.clone();
        changed.push(("\u{10ffff}".to_owned(), "x".to_owned()));
        assert!(!is_signed(AUTH_TOKEN, &url, &changed, &signed));
        assert!(!is_signed("another-token", &url, &form, &signed));
        let garbage = String::from_utf8_lossy(bytes);
        assert!(!is_signed(AUTH_TOKEN, &url, &form, &garbage) || garbage == signed);
    });
}

/// Nothing breaks the reader, and no sentence for staff holds a word that a stranger wrote.
#[test]
fn fuzz_inbound_mime() {
    let words = [
        "From: a@mail.example\r\n",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n",
        "Content-Type: message/rfc822\r\n\r\n",
        "Content-Transfer-Encoding: base64\r\n",
        "--b\r\n",
        "--b--\r\n",
        "Status: 5.1.1",
        "Action: failed",
        "Message-ID: <0190d3a1-7c1e-7f00-8a3b-5d2f6c9e4b10@sealpost.example>",
        "Auto-Submitted: auto-replied\r\n",
        "\r\n\r\n",
        "=?utf-8?b?",
    ];
    let ours = "messages@sealpost.example".parse().expect("an address");
    let sentences = [
        "The email came back: there is no such mailbox",
        "The email came back from the contact's mail server",
    ];
    fuzz::run("fuzz_inbound_mime", &words, |bytes| match read(bytes, &ours) {
        Mail::Written(written) => {
            assert!((1..=250).contains(&written.id.len()) && written.id.is_ascii(), "{}", written.id);
            assert!(!written.from.as_str().eq_ignore_ascii_case("messages@sealpost.example"));
        }
        Mail::CameBack { receipt: Receipt::Failed { detail, .. }, .. } => {
            let rest = sentences.iter().find_map(|sentence| detail.strip_prefix(sentence));
            let rest = rest.unwrap_or_else(|| panic!("{detail}"));
            assert!(rest.chars().all(|c| c.is_ascii_digit() || " (.)".contains(c)), "{detail}");
        }
        Mail::CameBack { .. } | Mail::Automatic | Mail::Unreadable => {}
    });
}

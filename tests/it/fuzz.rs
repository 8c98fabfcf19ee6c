//! Whatever reads what strangers write, under random changes (see `tests/src/fuzz.rs`). Those of the plan whose code
//! is not built yet: webhooks, private receivers. What providers hand over has a file of its own.

use std::time::{Duration, Instant};

use sealpost_api::audit;
use sealpost_api::config::{Config, NAMES};
use sealpost_api::request::parse;
use sealpost_api::session_tokens::Audience;
use sealpost_api::settings::picture;
use sealpost_api::templates::{
    self, ContactFields, CustomField, CustomValues, NoticeFields, NoticeKind, SAMPLE_LINK, SOMEBODY,
    SenderFields,
};
use sealpost_shared::autolink::{Piece, pieces};
use sealpost_shared::channels::{PutEmailChannel, PutSmsChannel};
use sealpost_shared::chat::PostChatMessage;
use sealpost_shared::contact_fields::{ContactFieldKind, CreateContactField};
use sealpost_shared::contacts::{CreateContact, UpdateContact};
use sealpost_shared::conversations::{SendMessage, UpdateConversation};
use sealpost_shared::invitations::AcceptInvitation;
use sealpost_shared::links::{LinkToken, VerifyPin};
use sealpost_shared::paths;
use sealpost_shared::settings::{
    PreviewSecureMessaging, UpdateOrganizationSettings, UpdateSecureMessagingSettings,
};
use sealpost_shared::staff::SignIn;
use sealpost_shared::text::{Email, FieldValue, MessageText, Name, Phone, Pin};
use sealpost_tests::app::TestApp;
use sealpost_tests::fuzz;
use sealpost_tests::given::PASSWORD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

/// What is taken can be said again, and is then taken for the same.
fn round<T: DeserializeOwned + Serialize>(bytes: &[u8]) {
    let Ok(value) = parse::<T>(bytes) else { return };
    let said = serde_json::to_value(&value).expect("it can be said");
    let again: T = parse(said.to_string().as_bytes()).unwrap_or_else(|problem| panic!("{problem}: {said}"));
    assert_eq!(serde_json::to_value(&again).expect("it can be said"), said);
}

#[test]
fn fuzz_json_dto() {
    let words = [
        "\"body\":",
        "\"first_name\":",
        "\"phone\":\"+15550100142\"",
        "\"custom_fields\":{",
        "\"pin\":",
        "\"secure\":true",
        "\"default_pin\":{\"kind\":\"text\",\"value\":\"4821\"}",
        "\"channel\":\"sms\"",
        "\"link_lifetime\":\"10_days\"",
        "\"office_hours\":[",
        "\\u0000",
        "\\ud800",
        "\\u202e",
    ];
    fuzz::run("fuzz_json_dto", &words, |bytes| {
        round::<CreateContact>(bytes);
        round::<UpdateContact>(bytes);
        round::<SendMessage>(bytes);
        round::<UpdateConversation>(bytes);
        round::<UpdateSecureMessagingSettings>(bytes);
        round::<PreviewSecureMessaging>(bytes);
        round::<UpdateOrganizationSettings>(bytes);
        round::<CreateContactField>(bytes);
        round::<PutSmsChannel>(bytes);
        round::<PutEmailChannel>(bytes);
        round::<AcceptInvitation>(bytes);
        round::<SignIn>(bytes);
        round::<LinkToken>(bytes);
        round::<VerifyPin>(bytes);
        round::<PostChatMessage>(bytes);
    });
}

#[test]
fn fuzz_autolink() {
    let words = [
        "https://",
        "http://",
        "HTTPS://",
        "a.example",
        "@",
        ":443",
        "/",
        "#",
        "?",
        "xn--",
        "127.0.0.1",
        "(",
        ")",
    ];
    fuzz::run("fuzz_autolink", &words, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let found = pieces(&text);
        assert_eq!(found.iter().map(Piece::as_str).collect::<String>(), text, "nothing is lost");
        for piece in found {
            let Piece::Link(link) = piece else { continue };
            let Ok(url) = url::Url::parse(link) else {
                // Broken Punycode leads nowhere; telling takes tables that no page should load.
                assert!(link.to_ascii_lowercase().contains("xn--"), "{link}");
                continue;
            };
            assert!(matches!(url.scheme(), "http" | "https"));
            assert!(url.username().is_empty() && url.password().is_none());
            let shown = link.split_once("://").expect("a scheme").1.split(['/', '?', '#', ':']).next();
            assert_eq!(
                url.host_str(),
                shown.map(str::to_ascii_lowercase).as_deref(),
                "it leads where it says"
            );
        }
    });
}

#[test]
fn fuzz_text() {
    let words = [
        "+1 555 010 0142",
        "@",
        ".example",
        "<",
        ">",
        "\u{2066}",
        "\u{3164}",
        "\u{1100}\u{1161}",
        "\u{e0041}",
    ];
    fuzz::run("fuzz_text", &words, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        if let Ok(name) = text.parse::<Name>() {
            assert_eq!(name.as_str().parse::<Name>().expect("a name").as_str(), name.as_str());
            assert!(!name.as_str().contains(['\r', '\n', '\u{202e}', '\u{200b}']));
        }
        if let Ok(message) = text.parse::<MessageText>() {
            assert_eq!(message.as_str().parse::<MessageText>().expect("a text").as_str(), message.as_str());
        }
        if let Ok(value) = text.parse::<FieldValue>() {
            assert_eq!(value.as_str().parse::<FieldValue>().expect("a value").as_str(), value.as_str());
        }
        if let Ok(pin) = text.parse::<Pin>() {
            assert_eq!(pin.as_str().parse::<Pin>().expect("a PIN").as_str(), pin.as_str());
        }
        if let Ok(phone) = text.parse::<Phone>() {
            assert!(phone.as_str()[1..].bytes().all(|b| b.is_ascii_digit()));
        }
        if let Ok(email) = text.parse::<Email>() {
            assert!(
                email.as_str().bytes().all(|b| b.is_ascii_graphic())
                    && !email.as_str().contains(['<', '>', ','])
            );
        }
    });
}

#[test]
fn fuzz_template() {
    let own =
        |key: &str, in_notices| CustomField { key: key.to_owned(), kind: ContactFieldKind::Text, in_notices };
    let fields = [own("nickname", true), own("birth_year", false)];
    let custom = CustomValues::sample(&fields);
    let sender = SenderFields {
        user_name: "Dr. Amy Lee",
        organization_name: "Riverside",
        organization_phone: Some("(555) 010-0100"),
        office_hours: None,
    };
    let words = [
        "{{ secure_link }}",
        "{{ user.name }}",
        "{{ contact.first_name",
        "custom.nickname",
        "custom.birth_year",
        "contact.phone",
        " | default: 'x'",
        " | slice: -4, 4",
        " | upcase",
        " | truncate: 3",
        " | append: '",
        "{% if ",
        "{% else %}",
        "{% endif %}",
        "{% for x in (1..9999999) %}",
        "{% raw %}",
        "{% assign x = ",
        "{%- ",
        " -%}",
    ];
    fuzz::run("fuzz_template", &words, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let started = Instant::now();
        for kind in [NoticeKind::SmsBody, NoticeKind::EmailSubject, NoticeKind::EmailBody] {
            if templates::check_notice(kind, &text, &sender, &fields).is_err() {
                continue;
            }
            let contact = ContactFields { custom: Some(&custom), ..SOMEBODY };
            let notice = NoticeFields { sender, contact, secure_link: SAMPLE_LINK };
            let rendered = templates::render_notice(&text, &notice).expect("what was checked renders").text;
            assert!(kind == NoticeKind::EmailSubject || rendered.contains(SAMPLE_LINK), "{rendered:?}");
            // None of what a notice may not say of its reader.
            assert!(!rendered.contains("+15550100142"), "{rendered:?}");
        }
        if templates::check_pin(&text, &fields).is_ok() {
            let contact = ContactFields { custom: Some(&custom), ..SOMEBODY };
            templates::render_pin(&text, &contact).expect("what was checked renders");
        }
        assert!(started.elapsed() < Duration::from_secs(2), "it took {:?}", started.elapsed());
    });
}

/// Every cell comes back as it was, and a spreadsheet runs none.
#[test]
fn fuzz_csv() {
    let words =
        ["=", "+", "-", "@", "\t", "\r", "\r\n", "\n", "\"", "\"\"", ",", ";", "'", "=cmd|' /C calc'!A0"];
    fuzz::run("fuzz_csv", &words, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let cells: Vec<&str> = text.split('\u{1f}').collect();
        let line = audit::csv::line(cells.iter().copied()).expect("a line");
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(line.as_bytes());
        let rows: Vec<_> = reader.records().map(|row| row.expect("a row")).collect();
        assert_eq!(rows.len(), 1, "{line:?}");
        assert_eq!(rows[0].len(), cells.len(), "{line:?}");
        for (read, said) in rows[0].iter().zip(cells) {
            assert!(!read.starts_with(['=', '+', '-', '@', '\t', '\r']), "{line:?}");
            assert!(read == said || read.strip_prefix('\'') == Some(said), "{line:?}");
        }
    });
}

#[test]
fn fuzz_image_header() {
    let words = ["\u{89}PNG\r\n\u{1a}\n", "IHDR", "IDAT", "IEND", "tEXt", "iCCP", "JFIF", "Exif\0\0II*\0"];
    fuzz::run("fuzz_image_header", &words, |bytes| {
        let started = Instant::now();
        if let Ok(png) = picture::logo(bytes) {
            let side = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().expect("four bytes"));
            assert!(png.starts_with(b"\x89PNG") && side(16) <= 256 && side(20) <= 256);
        }
        assert!(started.elapsed() < Duration::from_secs(10), "it took {:?}", started.elapsed());
    });
}

#[test]
fn fuzz_config() {
    let words = NAMES;
    fuzz::run("fuzz_config", words, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let pairs =
            text.lines().filter_map(|line| line.split_once('=')).filter(|(name, _)| !name.ends_with("_FILE"));
        // What is printed of a host is no secret; what stands in a setting that is one must not be seen.
        let secrets = ["SEALPOST_SMS_AUTH_TOKEN=", "SEALPOST_ADMIN_PASSWORD="];
        let mut marked = text.lines().filter(|line| line.contains("canary"));
        let is_secret = marked.all(|line| secrets.iter().any(|name| line.starts_with(name)));
        let pairs: Vec<_> = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        match Config::from_pairs(pairs.clone()) {
            Ok(config) => {
                let posture = config.posture().join("\n");
                let said = format!("{posture}{config:?}");
                assert!(!is_secret || !said.contains("canary"), "{said}");
                assert!(config.is_https() || sealpost_api::config::is_loopback(&config.public_url));
            }
            Err(error) => {
                let known = error.0.iter().filter(|line| !line.contains("is not a setting"));
                assert!(!is_secret || known.into_iter().all(|line| !line.contains("canary")), "{error}");
            }
        }
    });
}

#[tokio::test]
async fn fuzz_jwt() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let sign_in = json!({ "email": practice.email, "password": PASSWORD });
    let client = app.anybody();
    client.post(paths::SESSION, sign_in).await.expect(200);
    let genuine = client.cookies().remove("sealpost_staff").expect("a cookie");
    let (state, now) = (app.state().clone(), app.state().now());
    let tokens = &state.tokens;
    assert!(tokens.verify(Audience::Staff, &genuine, now).is_some());
    let parts: Vec<&str> = genuine.split('.').collect();
    // Header, claims and signature as they are; and what they are made of.
    let words =
        [parts[0], parts[1], parts[2], &genuine, ".", "eyJhbGciOiJub25lIn0", "eyJ", "=", "==", "alg", "none"];
    fuzz::run("fuzz_jwt", &words, |bytes| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        // A changed one as often as a made-up one.
        let mut spoiled = genuine.clone().into_bytes();
        let at = bytes.iter().map(|byte| usize::from(*byte)).sum::<usize>() % spoiled.len();
        spoiled[at] = if spoiled[at] == b'A' { b'B' } else { b'A' };
        let spoiled = String::from_utf8(spoiled).expect("letters");
        for forged in [
            text.clone(),
            format!("{}{text}", parts[0]),
            format!("{}.{}.{text}", parts[0], parts[1]),
            spoiled,
        ] {
            let taken = tokens.verify(Audience::Staff, &forged, now).is_some();
            assert!(!taken || forged == genuine, "{forged}");
            for other in [Audience::Patient, Audience::PendingStaff, Audience::EnrollingStaff] {
                assert!(tokens.verify(other, &forged, now).is_none(), "{forged}");
            }
        }
    });
}

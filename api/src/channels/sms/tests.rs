use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use uuid::Uuid;

use super::*;
use crate::config::Config;
use sealpost_shared::ids::DeliveryId;
use sealpost_shared::text::Phone;

/// Answers every connection with the same bytes and keeps what it was sent.
async fn gateway(answer: &'static str) -> (String, Arc<Mutex<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let seen = Arc::new(Mutex::new(String::new()));
    let kept = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = vec![0; 16 * 1024];
            let mut length = 0;
            // The form is the last thing sent.
            while !String::from_utf8_lossy(&request[..length]).ends_with("status%2F7") {
                let more = stream.read(&mut request[length..]).await.unwrap_or(0);
                if more == 0 {
                    break;
                }
                length += more;
            }
            *kept.lock().expect("unpoisoned") = String::from_utf8_lossy(&request[..length]).into_owned();
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    (format!("http://{address}"), seen)
}

async fn send(url: &str) -> SendOutcome {
    let config = Config::from_pairs([
        ("SEALPOST_SMS_URL", url),
        ("SEALPOST_SMS_ACCOUNT_SID", "AC1"),
        ("SEALPOST_SMS_AUTH_TOKEN", "0123456789abcdef0123456789abcdef"),
        ("SEALPOST_SMS_FROM", "+15550100000"),
    ])
    .expect("a configuration");
    let client = gateway_client(Duration::from_secs(1)).expect("a client");
    let sender = TwilioSender::new(client, config.sms.expect("a gateway"));
    let to: Phone = "+15550100142".parse().expect("a number");
    let sms = SmsNotice {
        id: DeliveryId::from_uuid(Uuid::from_u128(7)),
        created_at: "2026-03-02T15:00:00Z".parse().expect("a time"),
        to: &to,
        body: "Hi & bye",
        callback: Some("http://127.0.0.1:8080/hooks/twilio/status/7".to_owned()),
    };
    sender.send(&sms).await
}

#[tokio::test]
async fn the_wire_format_is_twilios_with_the_same_key_in_both_headers() {
    let (url, seen) = gateway("HTTP/1.1 201 Created\r\ncontent-length: 13\r\n\r\n{\"sid\":\"SM1\"}").await;
    assert_eq!(send(&url).await, SendOutcome::Accepted { provider_id: Some("SM1".to_owned()) });
    let request = seen.lock().expect("unpoisoned").clone();
    let key = Uuid::from_u128(7);
    assert!(request.starts_with("POST /2010-04-01/Accounts/AC1/Messages.json HTTP/1.1"), "{request}");
    assert!(request.contains(&format!("idempotency-key: \"{key}\"")), "{request}");
    assert!(request.contains(&format!("i-twilio-idempotency-token: {key}")), "{request}");
    assert!(
        request.contains("authorization: Basic QUMxOjAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2Nzg5YWJjZGVm"),
        "{request}"
    );
    let form = "To=%2B15550100142&From=%2B15550100000&Body=Hi+%26+bye\
                &StatusCallback=http%3A%2F%2F127.0.0.1%3A8080%2Fhooks%2Ftwilio%2Fstatus%2F7";
    assert!(request.ends_with(form), "{request}");
}

#[tokio::test]
async fn answers_are_told_apart_and_never_quoted() {
    for (answer, wanted) in [
        ("200 OK\r\ncontent-length: 2\r\n\r\n{}", "accepted"),
        ("200 OK\r\ncontent-length: 5\r\n\r\nhello", "ambiguous gateway_unclear"),
        ("204 No Content\r\n\r\n", "ambiguous gateway_unclear"),
        (
            "201 Created\r\ncontent-length: 38\r\n\r\n{\"status\":\"failed\",\"error_code\":30006}",
            "address_unreachable",
        ),
        (
            "400 Bad Request\r\ncontent-length: 47\r\n\r\n{\"code\":21211,\"message\":\"bad +15550100142 xxx\"}",
            "address_invalid",
        ),
        ("400 Bad Request\r\ncontent-length: 14\r\n\r\n{\"code\":21610}", "recipient_opted_out"),
        ("401 Unauthorized\r\ncontent-length: 0\r\n\r\n", "gateway_unauthorized"),
        ("404 Not Found\r\ncontent-length: 0\r\n\r\n", "gateway_refused"),
        ("408 Request Timeout\r\ncontent-length: 0\r\n\r\n", "passing None"),
        ("425 Too Early\r\ncontent-length: 0\r\n\r\n", "passing None"),
        ("429 Too Many\r\nretry-after: 30\r\ncontent-length: 0\r\n\r\n", "passing Some(30s)"),
        (
            "503 Unavailable\r\ndate: Mon, 23 Nov 2026 15:00:00 GMT\r\n\
             retry-after: Mon, 23 Nov 2026 15:02:00 GMT\r\ncontent-length: 0\r\n\r\n",
            "passing Some(120s)",
        ),
        ("503 Unavailable\r\nretry-after: soon\r\ncontent-length: 0\r\n\r\n", "passing None"),
        (
            "307 Temporary Redirect\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n",
            "ambiguous gateway_unclear",
        ),
        ("", "ambiguous gateway_unreachable"),
    ] {
        let whole = Box::leak(format!("HTTP/1.1 {answer}").into_boxed_str());
        let (url, _) = gateway(if answer.is_empty() { "" } else { whole }).await;
        let outcome = send(&url).await;
        let told = match &outcome {
            SendOutcome::Accepted { .. } => "accepted".to_owned(),
            SendOutcome::Refused { code, .. } => code.as_str().to_owned(),
            SendOutcome::Ambiguous { code, .. } => format!("ambiguous {}", code.as_str()),
            SendOutcome::Passing { retry_after, .. } => format!("passing {retry_after:?}"),
        };
        assert_eq!(told, wanted, "{answer}");
        assert!(!format!("{outcome:?}").contains("5550100142"), "{outcome:?}");
    }
}

#[tokio::test]
async fn a_gateway_that_is_away_is_passing() {
    let outcome = send("http://127.0.0.1:9").await;
    assert!(
        matches!(outcome, SendOutcome::Passing { code: FailureCode::GatewayUnreachable, .. }),
        "{outcome:?}"
    );
}

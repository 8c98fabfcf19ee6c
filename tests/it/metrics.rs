//! What the program measures, on a listener of its own.

use std::net::TcpListener;

use sealpost_shared::paths;
use sealpost_tests::fakes::{GatewayAnswer, SmsGateway};
use sealpost_tests::installation::{Installation, reqwest_client, until};
use serde_json::json;

async fn measured(address: &str) -> String {
    let answer = reqwest_client().get(format!("http://{address}/metrics")).send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "text/plain; version=0.0.4");
    answer.text().await.expect("text")
}

/// The value of a line.
fn value(text: &str, line: &str) -> Option<f64> {
    text.lines().find_map(|it| it.strip_prefix(line)?.trim().parse().ok())
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one server, and every line that it measures")]
async fn metrics_tell_what_waits_and_what_was_tried_and_nobody_s_data() {
    let gateway = SmsGateway::start().await;
    let mut installation = Installation::on_this_engine().await.with_gateway(&gateway);
    let metrics = {
        let free = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        free.local_addr().expect("an address").to_string()
    };
    installation.set.insert("SEALPOST_METRICS_BIND", metrics.clone());
    // The second text stays in the queue.
    installation.set.insert("SEALPOST_DELIVERY_SCHEDULE", "0s,1h".to_owned());
    let made = installation.bootstrap().await;
    let _server = installation.serve().await;
    let key = installation.client(made["api_key"].as_str());
    for (tries, number, answer) in
        [(1.0, "+15550100142", GatewayAnswer::Created), (2.0, "+15550100143", GatewayAnswer::Broken)]
    {
        gateway.will_answer([answer]);
        let contact = json!({ "first_name": "Jordan-Canary", "phone": number });
        let message = json!({ "contact": contact, "body": "Results-Canary", "secure": true });
        key.post(paths::MESSAGES, message).await.expect(201);
        until("the try", async || {
            let text = measured(&metrics).await;
            let tried =
                value(&text, "sealpost_delivery_attempt_seconds_count{queue=\"notices\",channel=\"sms\",outcome=\"accepted\"}");
            let failed =
                value(&text, "sealpost_delivery_attempt_seconds_count{queue=\"notices\",channel=\"sms\",outcome=\"passing\"}");
            tried.unwrap_or_default() + failed.unwrap_or_default() == tries
        })
        .await;
        until("the settling", async || !measured(&metrics).await.contains("status=\"sending\"")).await;
    }
    let unknown = format!("{}/msg_01h455vb4pex5vsknk084sn02q", paths::MESSAGES);
    key.get(&unknown).await.refused(404, "not_found");
    let text = measured(&metrics).await;
    for (line, wanted) in [
        ("sealpost_database_up", 1.0),
        ("sealpost_circuit_open{channel=\"sms\"}", 0.0),
        ("sealpost_circuit_open{channel=\"email\"}", 0.0),
        ("sealpost_queue_depth{queue=\"notices\",status=\"queued\"}", 1.0),
        (
            "sealpost_delivery_attempts_total{queue=\"notices\",channel=\"sms\",outcome=\"accepted\",code=\"\"}",
            1.0,
        ),
        (
            "sealpost_delivery_attempts_total{queue=\"notices\",channel=\"sms\",outcome=\"passing\",code=\"gateway_busy\"}",
            1.0,
        ),
        ("sealpost_delivery_latency_seconds_count{queue=\"notices\",channel=\"sms\"}", 1.0),
        ("sealpost_http_requests_total{method=\"POST\",route=\"/api/v1/messages\",status=\"201\"}", 2.0),
        (
            "sealpost_http_requests_total{method=\"GET\",route=\"/api/v1/messages/{message_id}\",status=\"404\"}",
            1.0,
        ),
    ] {
        assert_eq!(value(&text, line), Some(wanted), "{line} in\n{text}");
    }
    assert!(
        value(&text, "sealpost_queue_oldest_seconds{queue=\"notices\",status=\"queued\"}").is_some(),
        "{text}"
    );
    assert!(value(&text, "sealpost_worker_looked_seconds_ago").is_some_and(|ago| ago < 30.0), "{text}");
    for canary in ["Canary", "1555", "msg_", "org_", "con_", "spk_", "amy"] {
        assert!(!text.contains(canary), "{canary} in\n{text}");
    }
    assert_eq!(installation.asked("/metrics").await, Some(404), "not where the public comes in");
    for path in ["/", "/api/v1/messages", "/healthz"] {
        let answer = reqwest_client().get(format!("http://{metrics}{path}")).send().await.expect("an answer");
        assert_eq!(answer.status(), 404, "and nothing but metrics there: {path}");
    }
}

#[tokio::test]
async fn the_public_s_own_address_is_refused_for_metrics() {
    for (public, metrics) in [
        ("127.0.0.1:8080", "127.0.0.1:8080"),
        ("127.0.0.1:8080", "0.0.0.0:8080"),
        ("0.0.0.0:8080", "127.0.0.1:8080"),
    ] {
        let mut installation = Installation::new().await;
        installation.set.extend([
            ("SEALPOST_BIND", public.to_owned()),
            ("SEALPOST_PUBLIC_URL", "https://messages.example.org".to_owned()),
            ("SEALPOST_METRICS_BIND", metrics.to_owned()),
        ]);
        let told = installation.refused(&["serve"]).await;
        assert!(told.contains("SEALPOST_METRICS_BIND must not be where SEALPOST_BIND listens"), "{told}");
    }
}

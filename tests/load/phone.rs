//! A patient with a slow phone on a slow network opens a link.

use std::time::Duration;

use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::browser::{Browser, Window};
use sealpost_tests::given::id;
use serde_json::{Value, json};

use crate::median;

const RUNS: usize = 5;
/// A processor four times slower, and what browsers' tools call "slow 4G".
const CPU: u32 = 4;
const LATENCY_MS: f64 = 562.5;
const DOWN: u32 = 184_320;
const UP: u32 = 84_375;

/// Notes when the page first shows something, and when the PIN's field can be typed into.
const WATCH: &str = r#"
    { globalThis.usable = 0;
    const look = () => {
        const field = document.querySelector("input.pin");
        if (field && !field.disabled && field.getBoundingClientRect().height > 0) usable = performance.now();
        else requestAnimationFrame(look);
    };
    requestAnimationFrame(look); }
"#;
const READ: &str = r#"
    const paint = performance.getEntriesByName("first-contentful-paint")[0];
    return [globalThis.usable, paint ? paint.startTime : 0];
"#;

pub async fn slow() {
    let app = TestApp::start_today().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    practice.set_pin(&jordan, "4821").await;
    let message = json!({ "contact_id": id(&jordan), "body": "Your results are in.", "secure": true });
    practice.staff.post(paths::MESSAGES, message).await.expect(201);
    let address = format!("{}/m#{}", app.origin(), app.newest_token().await);
    let browser = Browser::start();
    let (mut first, mut usable, mut again) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let phone = browser.open(390, 844).await;
        let (seen, ready) = open(&phone, &address).await;
        first.push(seen);
        usable.push(ready);
        phone.goto("about:blank").await.expect("a blank page");
        again.push(open(&phone, &address).await.1);
        phone.close(&[]).await;
    }
    println!("\nslow phone (CPU {CPU}×, slow 4G), ms from the tap (median of {RUNS})");
    println!("  {:<36} {:>14.0}", "something is seen", median(first));
    println!("  {:<36} {:>14.0}", "the PIN can be typed", median(usable));
    println!("  {:<36} {:>14.0}", "the PIN can be typed, second visit", median(again));
}

async fn open(phone: &Window, address: &str) -> (f64, f64) {
    let network = json!({ "offline": false, "latency": LATENCY_MS, "downloadThroughput": DOWN, "uploadThroughput": UP });
    for (command, parameters) in [
        ("Network.enable", json!({})),
        ("Network.emulateNetworkConditions", network),
        ("Emulation.setCPUThrottlingRate", json!({ "rate": CPU })),
        ("Page.addScriptToEvaluateOnNewDocument", json!({ "source": WATCH })),
    ] {
        phone.devtools(command, parameters).await;
    }
    phone.goto(address).await.expect("the page loads");
    for _ in 0..600 {
        let read: Value = phone.execute(READ, Vec::new()).await.unwrap_or_default();
        if let (Some(usable), Some(paint)) = (read[0].as_f64(), read[1].as_f64())
            && usable > 0.0
        {
            return (paint, usable);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("no PIN within a minute; the page shows:\n{}", phone.text().await);
}

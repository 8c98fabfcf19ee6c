//! The patients' page where the program cannot run: whoever opens a link there reads what to do, in two languages.

use std::time::Duration;

use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::audit::Audit;
use sealpost_tests::browser::{Browser, Window};
use sealpost_tests::client::{Answer, Client};
use serde_json::json;

use crate::journeys::{enter_pin, follow, written};

/// The words of `locales/*/page.ftl` with the practice's number.
const NEEDS_NEWER: [&str; 2] = [
    "This page needs a newer browser or a setting turned on. Try another browser, or call (555) 010-0100.",
    "Pruebe con otro navegador o llame al (555) 010-0100.",
];
const DID_NOT_LOAD: [&str; 2] = [
    "This page did not load. Check your connection and try again, or call (555) 010-0100.",
    "Revise su conexión e inténtelo de nuevo, o llame al (555) 010-0100.",
];

async fn sees_all(page: &Window, words: [&str; 2]) {
    for words in words {
        page.sees(words).await;
    }
    assert_eq!(
        page.element("main:not([hidden]) a[href='tel:5550100100']").await.text().await.expect("text"),
        "(555) 010-0100"
    );
}

#[tokio::test]
async fn without_script_the_page_says_so_with_the_number() {
    let app = TestApp::start_today().await;
    let (_, _, token) = written(&app).await;
    let (browser, mut audit) = (Browser::start(), Audit::default());
    let page = browser.open(390, 844).await;
    page.devtools("Emulation.setScriptExecutionDisabled", json!({ "value": true })).await;
    follow(&page, &app, &token).await;
    sees_all(&page, NEEDS_NEWER).await;
    page.sees_no("Loading").await;
    page.picture("patient-no-script").await;
    // axe is a script.
    page.devtools("Emulation.setScriptExecutionDisabled", json!({ "value": false })).await;
    audit.screen(&page, "no script").await;
    page.close(&[]).await;
    audit.close();
}

#[tokio::test]
async fn without_webassembly_the_page_says_so_with_the_number() {
    let app = TestApp::start_today().await;
    let (_, _, token) = written(&app).await;
    let (browser, mut audit) = (Browser::start(), Audit::default());
    let page = browser.open(390, 844).await;
    // What a phone in its lockdown mode does.
    let gone = json!({ "source": "delete globalThis.WebAssembly" });
    page.devtools("Page.addScriptToEvaluateOnNewDocument", gone).await;
    follow(&page, &app, &token).await;
    sees_all(&page, NEEDS_NEWER).await;
    page.picture("patient-no-wasm").await;
    audit.screen(&page, "no WebAssembly").await;
    page.close(&[]).await;
    audit.close();
}

#[tokio::test]
async fn a_program_that_does_not_arrive_can_be_tried_again_and_the_link_still_opens() {
    let app = TestApp::start_today().await;
    let (_, _, token) = written(&app).await;
    let (browser, mut audit) = (Browser::start(), Audit::default());
    let page = browser.open(390, 844).await;
    page.devtools("Network.enable", json!({})).await;
    page.devtools("Network.setBlockedURLs", json!({ "urls": ["*.wasm"] })).await;
    follow(&page, &app, &token).await;
    sees_all(&page, DID_NOT_LOAD).await;
    page.picture("patient-not-loaded").await;
    audit.screen(&page, "not loaded").await;
    page.devtools("Network.setBlockedURLs", json!({ "urls": [] })).await;
    page.press("Try again · Intentar de nuevo").await;
    enter_pin(&page, "4821").await;
    page.sees("Your results are in.").await;
    page.close(&["ERR_BLOCKED_BY_CLIENT", "Failed to fetch"]).await;
    audit.close();
}

#[tokio::test]
async fn a_program_that_is_refused_or_slow_leaves_no_blank_page() {
    let app = TestApp::start_today().await;
    let (_, _, token) = written(&app).await;
    let browser = Browser::start();
    let page = browser.open(390, 844).await;
    // A page whose loader never comes: what is seen is what stands in it.
    page.devtools("Network.enable", json!({})).await;
    page.devtools("Network.setBlockedURLs", json!({ "urls": ["*/loader-*"] })).await;
    follow(&page, &app, &token).await;
    page.sees("Loading… Cargando…").await;
    page.picture("patient-loading").await;
    let late = tokio::time::timeout(Duration::from_secs(20), page.sees("This is taking long.")).await;
    assert!(late.is_ok(), "a quarter of a minute later it says what to do");
    page.sees("o llame al (555) 010-0100.").await;
    page.picture("patient-late").await;
    page.close(&["ERR_BLOCKED_BY_CLIENT"]).await;
}

async fn patient_page(browser: &Client) -> Answer {
    browser.call(reqwest::Method::GET, paths::PATIENT_PAGE).undocumented().send().await
}

#[tokio::test]
async fn the_number_stands_in_the_page_where_there_is_one_practice() {
    let app = TestApp::start().await;
    let nobody = patient_page(&app.anybody()).await;
    assert!(!nobody.text.contains("tel:"), "there is no practice yet");
    let practice = app.practice().await;
    let page = patient_page(&app.anybody()).await;
    assert!(page.text.contains("<a class=\"phone\" href=\"tel:5550100100\">(555) 010-0100</a>"));
    assert!(!page.text.contains("the practice") && !page.text.contains(&practice.organization_id));
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert_eq!(page.header("content-security-policy"), nobody.header("content-security-policy"));
    app.practice_named("Lakeside Law", "sam@lakeside.example").await;
    assert!(!patient_page(&app.anybody()).await.text.contains("tel:"), "one of two: whose?");
}

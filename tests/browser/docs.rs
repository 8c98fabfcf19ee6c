//! The documentation and the reference of the API, as a reader sees them.

use fantoccini::Locator;
use sealpost_tests::app::TestApp;
use sealpost_tests::audit::Audit;
use sealpost_tests::browser::{Browser, Window};
use sealpost_tests::keyboard::ENTER;

use crate::journeys::visit;

async fn tap(page: &Window, css: &str) {
    page.element(css).await.click().await.unwrap_or_else(|error| panic!("{css} takes no click: {error}"));
}

#[tokio::test]
async fn every_page_can_be_read_by_everybody() {
    let app = TestApp::start_today().await;
    let (browser, mut audit) = (Browser::start(), Audit::default());
    let page = browser.open(1280, 800).await;
    for slug in sealpost_api::docs::slugs() {
        let path = format!("/docs/{slug}");
        visit(&page, &app, path.trim_end_matches('/')).await;
        page.element("main h1").await;
        audit.screen(&page, &path).await;
    }
    page.close(&[]).await;
    audit.close();
}

#[tokio::test]
async fn the_reference_shows_every_operation_and_calls_with_a_key() {
    let app = TestApp::start_today().await;
    let practice = app.practice().await;
    practice.jordan().await;
    let (browser, mut audit) = (Browser::start(), Audit::default());
    let page = browser.open(1280, 900).await;
    visit(&page, &app, "/docs/api").await;
    page.element("#operations-contacts-list_contacts").await;
    let document = app.anybody().get("/openapi.json").await.expect(200);
    let paths = document["paths"].as_object().expect("paths").values();
    let operations: usize = paths.map(|path| path.as_object().expect("operations").len()).sum();
    assert_eq!(page.count(".opblock").await, operations, "each operation has its line");
    audit.screen(&page, "reference").await;

    tap(&page, ".btn.authorize").await;
    page.element("#auth-bearer-value").await.send_keys(practice.key.bearer()).await.expect("a field");
    tap(&page, ".auth-btn-wrapper .authorize").await;
    audit.screen(&page, "reference: key").await;
    tap(&page, ".auth-btn-wrapper .btn-done").await;

    page.find(Locator::Css("#operations-contacts-list_contacts .opblock-summary-control"))
        .await
        .expect("a line that opens")
        .click()
        .await
        .expect("a click");
    tap(&page, ".try-out__btn").await;
    page.element(".execute").await;
    page.tab_to("Execute").await;
    page.keys([ENTER]).await;
    page.element(".live-responses-table .response").await;
    page.sees("\"first_name\": \"Jordan\"").await;
    audit.screen(&page, "reference: an answer").await;
    let kept = "return [localStorage.length, sessionStorage.length, document.cookie.length]";
    let kept = page.execute(kept, Vec::new()).await.expect("numbers");
    assert_eq!(kept, serde_json::json!([0, 0, 0]), "the key is not kept");
    page.close(&[]).await;
    audit.close();
}

//! The pictures of the documents, from the seeded demo. `tests/screenshots` runs this and writes docs/images.

use sealpost_tests::browser::{Browser, Window};
use sealpost_tests::demo::DemoApp;
use sealpost_tests::palette::reduced;

use crate::journeys::enter_pin;

/// As much as a page of documents should have to load for one picture.
const BYTES: usize = 150_000;

/// The link of the banner that holds this.
fn link(demo: &DemoApp, mark: &str) -> String {
    let found = demo.banner.split_whitespace().find(|word| word.contains(mark));
    found.unwrap_or_else(|| panic!("no {mark} in {}", demo.banner)).to_owned()
}

/// Opens an address; one that differs behind `#` alone is another page, too.
async fn visit(window: &Window, address: &str, says: &str) {
    window.goto("about:blank").await.expect("a blank page");
    window.goto(address).await.expect("the page loads");
    window.sees(says).await;
    window.until("everything is there", || async { window.count("[aria-busy=true]").await == 0 }).await;
}

async fn keep(window: &Window, name: &str) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/images");
    std::fs::create_dir_all(folder).expect("a folder");
    // Fonts, pictures, and the end of what moves.
    let still = "const done = arguments[arguments.length - 1]; document.fonts.ready.then(() => setTimeout(done, 400));";
    window.execute_async(still, Vec::new()).await.expect("the page is still");
    window.execute("document.activeElement?.blur()", Vec::new()).await.expect("no caret");
    let picture = reduced(&window.screenshot().await.expect("a picture"));
    assert!(picture.len() <= BYTES, "{name} has {} bytes; {BYTES} at most", picture.len());
    std::fs::write(format!("{folder}/{name}.png"), picture).expect("written");
}

#[tokio::test]
#[ignore = "writes docs/images; tests/screenshots runs it"]
async fn pictures_for_the_documents() {
    let demo = DemoApp::start_live().await;
    let browser = Browser::start();
    let phone = browser.open(390, 780).await;
    phone.look_as_opened().await;
    visit(&phone, &link(&demo, "/m#"), "Enter your PIN").await;
    keep(&phone, "patient-pin").await;
    enter_pin(&phone, "4821").await;
    phone.element(".composer textarea").await;
    phone.element(".bubble").await;
    keep(&phone, "patient-conversation").await;
    phone.close(&["/api/v1/"]).await;

    let desk = browser.open(1280, 800).await;
    desk.look_as_opened().await;
    visit(&desk, &link(&demo, "/desk#once="), "Inbox").await;
    desk.element("[data-row]").await;
    keep(&desk, "inbox").await;
    desk.press_part("Jordan").await;
    desk.element(".bubble").await;
    keep(&desk, "thread").await;
    for (name, path, says) in [
        ("settings", "/desk/settings/secure-messaging", "Secure messaging"),
        ("wizard", "/desk/setup/practice", "Your practice"),
        ("outbox", "/outbox", "Phone and mail"),
    ] {
        visit(&desk, &format!("{}{path}", demo.origin()), says).await;
        keep(&desk, name).await;
    }
    desk.close(&["/api/v1/"]).await;
}

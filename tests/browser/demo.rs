//! The demo as somebody tries it: two phones and a mailbox in one window, the staff desk in another.

use sealpost_shared::paths;
use sealpost_tests::audit::Audit;
use sealpost_tests::browser::{Browser, Window};
use sealpost_tests::demo::DemoApp;
use serde_json::json;

const JORDANS: &str = "+15550100142";
/// Jordan's text from eighteen minutes ago is the newest of the story: the first phone is theirs.
const FIRST: &str = "[data-phone='0']";
/// Chromium logs every refusal as an error.
const NOT_SIGNED_IN: &[&str] = &["/api/v1/session"];

async fn outbox(browser: &Browser, demo: &DemoApp) -> Window {
    let window = browser.open(1440, 900).await;
    window.goto(&format!("{}/outbox", demo.origin())).await.expect("the page loads");
    window.sees("Dr. Amy Lee at Riverside").await;
    window
}

/// The desk, with Jordan's conversation open.
async fn desk(browser: &Browser, demo: &DemoApp) -> Window {
    let window = browser.open(1440, 900).await;
    let link = format!("{}/desk#once={}", demo.origin(), demo.told("/desk#once="));
    window.goto(&link).await.expect("the page loads");
    window.press("Outbox").await;
    window.press_part("Jordan Reyes").await;
    window.sees("Thursday 3:30 PM is booked.").await;
    window
}

/// The first one, in somebody's hands.
struct Phone<'a>(&'a Window);

impl Phone<'_> {
    async fn press(&self, button: &str) {
        let path = format!("//section[@data-phone='0']//button[normalize-space(.)='{button}']");
        let found = self.0.wait().for_element(fantoccini::Locator::XPath(&path)).await;
        found.expect("a button").click().await.expect("it takes a click");
    }

    async fn text(&self, body: &str) {
        self.0.element("#reply-0").await.send_keys(&format!("{body}\n")).await.expect("keys");
    }
}

#[tokio::test]
async fn a_link_opens_in_a_tab_of_its_own_and_an_answer_by_text_shows_itself_at_the_desk() {
    let demo = DemoApp::start_live().await;
    let browser = Browser::start();
    let desk = desk(&browser, &demo).await;
    let page = outbox(&browser, &demo).await;
    Phone(&page).text("Can I bring my son?").await;
    desk.sees("Can I bring my son?").await;
    desk.sees("replied by text, sender not verified").await;
    desk.picture("demo-desk-text").await;
    page.picture("demo-outbox-answered").await;

    let link = page.element(&format!("{FIRST} .texts .text.got:nth-last-child(2) a")).await;
    link.click().await.expect("a link");
    page.until("a second tab", || async { page.windows().await.expect("tabs").len() == 2 }).await;
    let tabs = page.windows().await.expect("tabs");
    page.switch_to_window(tabs[1].clone()).await.expect("the patient's page");
    page.sees("Enter your PIN").await;
    page.fill("PIN", "4821").await;
    page.press("Open my message").await;
    page.sees("Thursday 3:30 PM is booked.").await;
    desk.sees("opened the link").await;
    page.switch_to_window(tabs[0].clone()).await.expect("the outbox");
    page.sees("First phone").await;
    page.close(&[]).await;
    desk.close(NOT_SIGNED_IN).await;
}

#[tokio::test]
async fn stop_is_confirmed_shown_at_the_desk_and_ends_what_can_be_sent() {
    let demo = DemoApp::start_live().await;
    let browser = Browser::start();
    let desk = desk(&browser, &demo).await;
    let page = outbox(&browser, &demo).await;
    Phone(&page).press("Say STOP").await;
    page.sees("you will get no more texts from us").await;
    page.sees("Said STOP: gets no texts").await;
    desk.sees("Jordan texted “STOP”: no more texts go out to this number").await;
    desk.sees("Opted out").await;
    desk.picture("demo-desk-stop").await;
    let jordan = demo.contact("Jordan").await;
    let message = serde_json::json!({ "contact_id": jordan["id"], "body": "Hello", "channel": "sms" });
    demo.key().post(sealpost_shared::paths::MESSAGES, message).await.refused(422, "contact_opted_out");
    Phone(&page).press("Say START").await;
    page.sees("you will get our texts again").await;
    desk.sees("texts go out again").await;
    page.close(&[]).await;
    desk.close(NOT_SIGNED_IN).await;
}

#[tokio::test]
async fn a_text_that_fails_in_passing_waits_at_the_desk_and_then_arrives() {
    let demo = DemoApp::start_live().await;
    // Ten seconds of undo are not what is shown here.
    demo.key().patch(paths::SETTINGS_SENDING, json!({ "undo_seconds": 0 })).await.expect(200);
    let browser = Browser::start();
    let desk = desk(&browser, &demo).await;
    let page = outbox(&browser, &demo).await;
    Phone(&page).press("Next text fails (gateway down)").await;
    page.sees("Now send a text to this phone from the desk.").await;
    let before = demo.arrived(JORDANS).len();
    desk.fill("Message to Jordan", "One more thing.").await;
    desk.press("Send").await;
    desk.sees("Waiting to be sent").await;
    desk.picture("demo-desk-waiting").await;
    page.sees("the gateway was down").await;
    desk.until("it arrives", || async { demo.arrived(JORDANS).len() == before + 1 }).await;
    desk.sees_no("Waiting to be sent").await;

    Phone(&page).press("Next text cannot be delivered").await;
    page.sees("Now send a text to this phone from the desk.").await;
    desk.fill("Message to Jordan", "And another.").await;
    desk.press("Send").await;
    desk.sees("This number cannot get texts. It may be a landline.").await;
    desk.sees("Ask for another number or address, or send it another way.").await;
    page.sees("A text could not be delivered here.").await;
    page.picture("demo-outbox-troubles").await;
    page.close(&[]).await;
    desk.close(NOT_SIGNED_IN).await;
}

#[tokio::test]
async fn axe_finds_nothing_on_the_page_before_and_after_it_was_used() {
    let demo = DemoApp::start_live().await;
    let (browser, mut audit) = (Browser::start(), Audit::default());
    let page = outbox(&browser, &demo).await;
    audit.screen(&page, "demo's outbox").await;
    page.element(".mails li:nth-child(2) summary").await.click().await.expect("a mail");
    Phone(&page).text("On my way").await;
    page.until("it is heard", || async { demo.outbox.view().answers[0].body == "On my way" }).await;
    Phone(&page).press("Next text cannot be delivered").await;
    page.sees("Now send a text to this phone from the desk.").await;
    Phone(&page).press("Say STOP").await;
    page.sees("A text could not be delivered here.").await;
    page.sees("Said STOP: gets no texts").await;
    Phone(&page).press("Next text fails (gateway down)").await;
    page.sees("Now send a text to this phone from the desk.").await;
    audit.screen(&page, "demo's outbox, used").await;
    page.close(&[]).await;
    audit.close();
}

#[tokio::test]
async fn the_page_says_when_the_demo_is_gone_keeps_what_was_typed_and_comes_back_by_itself() {
    let demo = DemoApp::start_live().await;
    let browser = Browser::start();
    let page = outbox(&browser, &demo).await;
    page.element("#reply-0").await.send_keys("On my way").await.expect("keys");
    let gone = "window.kept = window.fetch; window.fetch = () => Promise.reject(new TypeError('gone'))";
    page.execute(gone, Vec::new()).await.expect("no network");
    page.sees("The demo does not answer.").await;
    page.element("#reply-0").await.send_keys("\n").await.expect("keys");
    page.sees("Nothing was sent.").await;
    page.execute("window.fetch = window.kept", Vec::new()).await.expect("the network is back");
    page.sees_no("This page comes back by itself.").await;
    let typed = "return document.getElementById('reply-0').value";
    assert_eq!(page.execute(typed, Vec::new()).await.expect("text"), "On my way");
    page.element("#reply-0").await.send_keys("\n").await.expect("keys");
    page.until("it is heard", || async { demo.outbox.view().answers[0].body == "On my way" }).await;
    page.sees_no("Nothing was sent.").await;
    page.close(&[]).await;
}

#[tokio::test]
async fn a_phone_and_the_mailbox_work_with_the_keyboard_alone_on_a_narrow_screen() {
    let demo = DemoApp::start_live().await;
    let browser = Browser::start();
    let page = browser.open(320, 700).await;
    page.goto(&format!("{}/outbox", demo.origin())).await.expect("the page loads");
    page.sees("Dr. Amy Lee at Riverside").await;
    let wide = "return document.documentElement.scrollWidth > innerWidth";
    assert_eq!(
        page.execute(wide, Vec::new()).await.expect("a bool"),
        false,
        "nothing is wider than the phone"
    );
    let summary = page.element(".mails summary").await;
    summary.send_keys("\n").await.expect("keys");
    page.execute("document.querySelector('.mails li:nth-child(2) summary').focus()", Vec::new())
        .await
        .expect("focus");
    page.element(".mails li:nth-child(2) summary").await.send_keys("\n").await.expect("keys");
    page.element(".mails li:nth-child(2) textarea").await.send_keys("Which door is it?").await.expect("keys");
    page.element(".mails li:nth-child(2) .send").await.send_keys("\n").await.expect("keys");
    page.sees("Answered: Which door is it?").await;
    let alex = demo.contact("Alex").await;
    let path = format!("/api/v1/contacts/{}/messages", alex["id"].as_str().expect("an id"));
    let newest = demo.key().get(&path).await.expect(200)["data"][0].clone();
    assert_eq!((&newest["body"], &newest["channel"]), (&"Which door is it?".into(), &"email".into()));
    page.close(&[]).await;
}

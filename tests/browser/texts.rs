//! How many texts there may be: set on a page, said above everything, and by the composer before anybody writes.

use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::browser::Browser;
use serde_json::json;

use crate::journeys::{NOT_SIGNED_IN, signed_in, visit};

#[tokio::test]
async fn an_admin_allows_a_country_and_lowers_the_limit_and_the_desk_says_when_it_is_used_up() {
    let app = TestApp::start_today().await;
    let practice = app.practice().await;
    // Ten seconds of undo are not what is shown here.
    practice.key.patch(paths::SETTINGS_SENDING, json!({ "undo_seconds": 0 })).await.expect(200);
    let jordan = practice.jordan().await;
    for _ in 0..2 {
        practice.send(&jordan, json!({ "secure": false, "body": "Hello" })).await;
    }
    app.deliver().await;
    let browser = Browser::start();
    let desk = signed_in(&browser, &app, &practice).await;
    visit(&desk, &app, "/desk/settings/texts").await;
    desk.sees("2 of 10,000 segments used").await;
    desk.fill("Find a country", "mexi").await;
    desk.until("Mexico alone", async || desk.count(".country-list input").await == 1).await;
    desk.element(".country-list input").await.click().await.expect("a click");
    desk.fill("Segments per month", "none").await;
    desk.press("Save changes").await;
    desk.sees("Must be a number from 1").await;
    desk.fill("Segments per month", "2").await;
    desk.press("Save changes").await;
    desk.sees("Saved.").await;
    let saved = practice.staff.get(paths::SETTINGS_TEXTS).await.expect(200);
    assert_eq!((&saved["countries"], &saved["monthly_segments"]), (&json!(["CA", "MX", "US"]), &json!(2)));
    desk.sees("This month's limit for texts is used up.").await;
    desk.picture("settings-texts").await;

    desk.press("Compose").await;
    desk.fill("To", "Jord").await;
    desk.press_part("Jordan Reyes").await;
    desk.sees("Jordan cannot get texts at the moment").await;
    desk.sees("Jordan gets an email with a link. The message stays here.").await;
    desk.fill("Message", "Your results are in.").await;
    desk.press("Send").await;
    desk.sees("Waiting to be sent").await;
    app.deliver().await;
    assert_eq!((app.gateway.texts().len(), app.mail.mails().len()), (2, 1));

    desk.press("Close").await;
    desk.sees_no("This month's limit for texts is used up.").await;
    visit(&desk, &app, "/desk/inbox").await;
    desk.sees_no("This month's limit for texts is used up.").await;
    desk.close(NOT_SIGNED_IN).await;
}

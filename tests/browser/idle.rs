//! The end by idleness, announced in both web apps.
//!
//! Pages count with their own clock and the server with the test's: a session that began some minutes ago by the
//! server's clock is nearly over when its page opens.

use chrono::{TimeDelta, Utc};
use sealpost_tests::app::TestApp;
use sealpost_tests::browser::Browser;

use crate::journeys::{NOT_SIGNED_IN, enter_pin, phone, signed_in, written};

/// A server whose sessions that start now have this long to live before anybody must do something.
async fn nearly_idle(left: TimeDelta) -> TestApp {
    let app = TestApp::start().await;
    // Forward to some minutes ago: a server's time does not go back.
    #[expect(clippy::disallowed_methods, reason = "the browser under test asks the machine, too")]
    app.clock.set(Utc::now() + left - TimeDelta::minutes(15));
    app
}

/// The server's clock catches up with the pages'.
fn catch_up(app: &TestApp) {
    #[expect(clippy::disallowed_methods, reason = "the browser under test asks the machine, too")]
    app.clock.set(Utc::now());
}

const WORDS: &str = "Are you still there?";

#[tokio::test]
async fn the_desk_warns_and_who_stays_goes_on_where_they_were() {
    let app = nearly_idle(TimeDelta::seconds(100)).await;
    let practice = app.practice().await;
    let browser = Browser::start();
    let desk = signed_in(&browser, &app, &practice).await;
    desk.sees(WORDS).await;
    desk.picture("desk-idle").await;
    catch_up(&app);
    desk.press("Stay signed in").await;
    desk.sees_no(WORDS).await;
    desk.press("Contacts").await;
    desk.sees("The people you write to show up here.").await;
    desk.close(NOT_SIGNED_IN).await;
}

#[tokio::test]
async fn the_desk_that_nobody_answers_for_is_signed_out_and_shows_nothing() {
    let app = nearly_idle(TimeDelta::seconds(100)).await;
    let (practice, _, token) = written(&app).await;
    app.enter_with_pin(&token, "4821").await.reply("Private words").await.expect(201);
    let browser = Browser::start();
    let desk = signed_in(&browser, &app, &practice).await;
    desk.sees(WORDS).await;
    desk.sees("Private words").await;
    // A minute and a half later.
    catch_up(&app);
    app.clock.advance(TimeDelta::seconds(100));
    desk.sees("You were signed out to keep messages private.").await;
    assert!(!desk.text().await.contains("Private words"));
    desk.close(&["/api/v1/"]).await;
}

#[tokio::test]
async fn the_patient_s_page_warns_and_who_stays_goes_on_where_they_were() {
    let app = nearly_idle(TimeDelta::seconds(100)).await;
    let (_, _, token) = written(&app).await;
    let browser = Browser::start();
    let phone = phone(&browser, &app, &token).await;
    enter_pin(&phone, "4821").await;
    phone.sees(WORDS).await;
    phone.picture("patient-idle").await;
    catch_up(&app);
    phone.press("Stay signed in").await;
    phone.sees_no(WORDS).await;
    phone.sees("Your results are in.").await;
    phone.close(&[]).await;
}

#[tokio::test]
async fn the_patient_s_page_that_nobody_answers_for_is_signed_out_and_shows_nothing() {
    let app = nearly_idle(TimeDelta::seconds(100)).await;
    let (_, _, token) = written(&app).await;
    let browser = Browser::start();
    let phone = phone(&browser, &app, &token).await;
    enter_pin(&phone, "4821").await;
    phone.sees(WORDS).await;
    catch_up(&app);
    app.clock.advance(TimeDelta::seconds(100));
    phone.sees_no("Your results are in.").await;
    phone.picture("patient-idle-out").await;
    phone.sees("You were signed out").await;
    phone.close(&["/api/v1/"]).await;
}

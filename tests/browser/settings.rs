//! The practice's settings, page by page.

use fantoccini::elements::Element;
use reqwest::Method;
use sealpost_shared::paths;
use sealpost_shared::staff::Role;
use sealpost_tests::app::TestApp;
use sealpost_tests::browser::{Browser, Window};
use sealpost_tests::given::{PASSWORD, Practice, id};
use serde_json::json;

/// Chromium logs every refusal as an error: the desk asks who is signed in before anybody is.
const NOT_SIGNED_IN: &str = "/api/v1/session";

/// A red pixel.
const PNG: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00,
    0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x02, 0x00, 0x00, 0x00, 0x90, 0x77, 0x53, 0xde, 0x00,
    0x00, 0x00, 0x0c, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0xf8, 0xcf, 0xc0, 0x00, 0x00, 0x03, 0x01,
    0x01, 0x00, 0xc9, 0xfe, 0x92, 0xef, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60,
    0x82,
];

async fn settings(browser: &Browser, app: &TestApp, email: &str, page: &str) -> Window {
    let desk = browser.open(1440, 900).await;
    go(&desk, app, page).await;
    desk.fill("Email", email).await;
    desk.fill("Password", PASSWORD).await;
    desk.press("Sign in").await;
    desk
}

async fn go(desk: &Window, app: &TestApp, page: &str) {
    let address = format!("{}{}/{page}", app.origin(), paths::DESK_PAGE);
    desk.goto(&address).await.expect("the page loads");
}

async fn value(desk: &Window, css: &str) -> String {
    let field: Element = desk.element(css).await;
    field.prop("value").await.expect("a value").unwrap_or_default()
}

/// In the middle of the page first: the bar with "Save changes" covers what stands at its foot.
async fn tap(desk: &Window, css: &str) {
    let found = desk.element(css).await;
    let there = format!("document.querySelector('{css}').scrollIntoView({{ block: 'center' }})");
    desk.execute(&there, Vec::new()).await.expect("a script");
    found.click().await.unwrap_or_else(|error| panic!("{css} takes no click: {error}"));
}

async fn secure_settings(practice: &Practice) -> serde_json::Value {
    practice.key.get(paths::SETTINGS_SECURE_MESSAGING).await.expect(200)
}

#[tokio::test]
async fn a_notice_is_written_looked_at_and_kept() {
    let app = TestApp::start_today().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let browser = Browser::start();
    let desk = settings(&browser, &app, &practice.email, "inbox").await;
    desk.press("Settings").await;
    desk.sees("The notice your clients get").await;

    desk.fill("Text message", "Something new. Look").await;
    desk.sees("secure_link }}").await;
    desk.sees("The preview is back once the text is right.").await;
    desk.press("Save changes").await;
    desk.sees("Nothing was saved yet. Check the marked fields.").await;
    let focused = desk.active_element().await.expect("a focus").attr("id").await.expect("an id");
    assert_eq!(focused.as_deref(), Some("notice-sms"), "the focus is on what is wrong");
    let unsaved = secure_settings(&practice).await;
    desk.picture("settings-notice-refused").await;

    desk.fill("Text message", "{{ user.name }} wrote to you. Read it: {{ secure_link }}").await;
    desk.sees("Amy Lee wrote to you. Read it: http").await;
    desk.sees("1 SMS segment").await;
    desk.sees("Not saved yet.").await;
    desk.press("Sign out").await;
    desk.sees("Sign out without saving?").await;
    desk.press("Cancel").await;
    // Elsewhere and back: nothing is lost.
    desk.press("Inbox").await;
    desk.press("Settings").await;
    desk.sees("Amy Lee wrote to you. Read it: http").await;
    desk.press("Save changes").await;
    desk.sees("Saved.").await;
    desk.picture("settings-notice-saved").await;
    let saved = secure_settings(&practice).await;
    assert_ne!(saved["notice_sms_body"], unsaved["notice_sms_body"]);

    desk.press("Choose a contact").await;
    desk.fill("Preview as which contact?", "Jord").await;
    desk.press_part("Jordan Reyes").await;
    desk.sees("Preview as Jordan Reyes").await;
    let preview = desk.element("#preview-sms-body").await.text().await.expect("a preview");
    let (shown, _) = preview.split_once("/m#").expect("a link in the preview");
    let message = json!({ "contact_id": id(&jordan), "body": "Your results are in.", "secure": true });
    practice.staff.post(paths::MESSAGES, message).await.expect(201);
    app.newest_token().await;
    let text = app.gateway.texts().pop().expect("a text arrived").body;
    assert_eq!(text.split_once("/m#").expect("a link in the text").0, shown, "what is shown is what arrives");

    go(&desk, &app, "settings/secure-messaging").await;
    desk.sees("Amy Lee wrote to you. Read it: http").await;
    let kept = value(&desk, "#notice-sms").await;
    assert_eq!(kept, "{{ user.name }} wrote to you. Read it: {{ secure_link }}");
    desk.close(&[NOT_SIGNED_IN, paths::SETTINGS_SECURE_MESSAGING]).await;
}

#[tokio::test]
async fn a_field_is_put_where_the_cursor_stands() {
    let app = TestApp::start_today().await;
    let practice = app.practice().await;
    let browser = Browser::start();
    let desk = settings(&browser, &app, &practice.email, "settings/secure-messaging").await;
    desk.fill("Email subject", "News from , your clinic").await;
    let place = "const field = document.querySelector('#notice-subject'); field.focus(); field.setSelectionRange(10, 10);";
    desk.execute(place, Vec::new()).await.expect("a cursor");
    tap(&desk, "[aria-controls=notice-subject-pieces]").await;
    tap(&desk, "#notice-subject-pieces li:nth-child(3) .btn").await;
    assert_eq!(value(&desk, "#notice-subject").await, "News from {{ organization.name }}, your clinic");
    desk.sees("News from Riverside Clinic, your clinic").await;
    let focused = desk.active_element().await.expect("a focus").attr("id").await.expect("an id");
    assert_eq!(focused.as_deref(), Some("notice-subject"), "one writes on where one was");
    desk.press("Discard changes").await;
    desk.sees_no("News from Riverside Clinic").await;
    desk.close(&[NOT_SIGNED_IN]).await;
}

#[tokio::test]
async fn turning_secure_messaging_off_says_what_happens_to_live_links() {
    let app = TestApp::start_today().await;
    let practice = app.practice().await;
    practice.send(&practice.jordan().await, json!({})).await;
    app.deliver().await;
    let browser = Browser::start();
    let desk = settings(&browser, &app, &practice.email, "settings/secure-messaging").await;
    tap(&desk, "#secure-enabled").await;
    desk.sees("1 link that a client has now keeps working until it ends.").await;
    desk.picture("settings-turn-off").await;
    desk.press("Keep it on").await;
    assert_eq!(secure_settings(&practice).await["enabled"], true);
    tap(&desk, "#secure-enabled").await;
    desk.press("Turn off").await;
    desk.until("it is off", || async { secure_settings(&practice).await["enabled"] == false }).await;
    tap(&desk, "#secure-enabled").await;
    desk.until("it is on again", || async { secure_settings(&practice).await["enabled"] == true }).await;
    desk.close(&[NOT_SIGNED_IN]).await;
}

#[tokio::test]
async fn somebody_elses_change_is_not_overwritten_unseen() {
    let app = TestApp::start_today().await;
    let practice = app.practice().await;
    let browser = Browser::start();
    let desk = settings(&browser, &app, &practice.email, "settings/secure-messaging").await;
    desk.fill("Email subject", "Mine").await;
    practice.configure(json!({ "notice_email_subject": "Theirs", "hide_hint": true })).await;
    desk.press("Save changes").await;
    desk.sees("Somebody else changed this too while you were working: Email subject.").await;
    assert_eq!(secure_settings(&practice).await["notice_email_subject"], "Theirs");
    desk.press("Save changes").await;
    desk.sees("Saved.").await;
    let saved = secure_settings(&practice).await;
    assert_eq!((&saved["notice_email_subject"], &saved["hide_hint"]), (&json!("Mine"), &json!(true)));
    desk.close(&[NOT_SIGNED_IN]).await;
}

#[tokio::test]
async fn a_test_to_oneself_arrives_and_says_so() {
    let app = TestApp::start_today().await;
    let practice = app.practice().await;
    let browser = Browser::start();
    let desk = settings(&browser, &app, &practice.email, "settings/secure-messaging").await;
    desk.press("Send a test to myself").await;
    tap(&desk, "dialog[open] .seg label:nth-child(2)").await;
    desk.fill("Your phone number", "555").await;
    desk.press("Send test").await;
    desk.sees("country code").await;
    desk.fill("Your phone number", "+15550100199").await;
    desk.press("Send test").await;
    desk.sees("A test is on its way to +15550100199.").await;
    app.newest_token().await;
    desk.sees("A test was sent to +15550100199. Open its link to see what your clients see.").await;
    assert_eq!(app.gateway.texts().pop().expect("a text arrived").to, "+15550100199");
    desk.picture("settings-test").await;
    desk.close(&[NOT_SIGNED_IN, paths::SETTINGS_SECURE_MESSAGING_TEST]).await;
}

#[tokio::test]
async fn a_contact_field_is_added_filled_in_and_asked_for_as_a_pin() {
    let app = TestApp::start_today().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let browser = Browser::start();
    let desk = settings(&browser, &app, &practice.email, "settings/contact-fields").await;
    desk.press("Add a field").await;
    desk.fill("Name", "Year of birth").await;
    assert_eq!(value(&desk, "#field-key").await, "year_of_birth");
    desk.press("Add field").await;
    desk.sees("{{ custom.year_of_birth }}").await;
    desk.picture("settings-fields").await;

    desk.press("Contacts").await;
    desk.press_part("Jordan Reyes").await;
    desk.fill("Year of birth", "1984").await;
    desk.press("Save").await;
    desk.sees("Saved.").await;

    desk.press("Settings").await;
    desk.element("input[name=pin-kind]").await;
    tap(&desk, ".seg:has([name=pin-kind]) label:nth-child(3)").await;
    tap(&desk, "[aria-controls=pin-template-pieces]").await;
    tap(&desk, "#pin-template-pieces li:first-child .btn").await;
    desk.press("Save changes").await;
    desk.sees("Saved.").await;
    practice.send(&jordan, json!({})).await;
    app.enter_with_pin(&app.newest_token().await, "1984").await;

    go(&desk, &app, "settings/contact-fields").await;
    desk.press("Delete Year of birth").await;
    desk.press("Delete for good").await;
    desk.sees("default PIN").await;
    desk.picture("settings-field-in-use").await;
    desk.close(&[NOT_SIGNED_IN, paths::CONTACT_FIELDS]).await;
}

#[tokio::test]
async fn the_practices_logo_and_color_are_what_a_patient_sees() {
    let app = TestApp::start_today().await;
    let practice = app.practice().await;
    let browser = Browser::start();
    let desk = settings(&browser, &app, &practice.email, "settings/practice").await;
    desk.fill("Color code", "#ffd84d").await;
    desk.sees("Too faint to read; it takes 4.5 to 1.").await;
    desk.fill("Color code", "#7a3e9d").await;
    desk.sees("White words on this color: 6.9 to 1.").await;
    desk.fill("Phone number", "(555) 010-0177").await;
    desk.sees("Don't know your PIN? Call (555) 010-0177.").await;
    desk.press("Save changes").await;
    desk.sees("Saved.").await;

    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("logo.png");
    std::fs::write(&file, b"no picture").expect("written");
    let input = desk.element("#logo-file").await;
    input.send_keys(&file.display().to_string()).await.expect("a file");
    desk.press("Use this logo").await;
    desk.sees("must be a PNG or a JPEG").await;
    desk.press("Cancel").await;
    std::fs::write(&file, PNG).expect("written");
    desk.element("#logo-file").await.send_keys(&file.display().to_string()).await.expect("a file");
    desk.press("Use this logo").await;
    desk.sees("The logo is saved.").await;
    desk.element("nav img.logo").await;
    desk.picture("settings-practice").await;

    practice.send(&practice.jordan().await, json!({})).await;
    let token = app.newest_token().await;
    let gate = app.anybody().open(&token).await.expect(200);
    assert_eq!(gate["organization"]["accent_color"], "#7a3e9d");
    let logo = gate["organization"]["logo_url"].as_str().expect("a logo").to_owned();
    let patient = browser.open(390, 844).await;
    patient.goto(&format!("{}{}#{token}", app.origin(), paths::PATIENT_PAGE)).await.expect("the page loads");
    patient.sees("(555) 010-0177").await;
    let button = patient.element(".gate .btn.primary").await;
    let color = button.css_value("background-color").await.expect("a colour");
    assert!(color.contains("122, 62, 157"), "the button is {color}");
    let loaded = format!(
        "const done = arguments[0]; const img = new Image(); img.onload = () => done(true); img.onerror = () => done(false); img.src = '{logo}';"
    );
    let loaded = patient.execute_async(&loaded, Vec::new()).await.expect("an answer");
    assert_eq!(loaded, json!(true), "a patient's browser shows the logo");
    patient.close(&[]).await;
    desk.close(&[NOT_SIGNED_IN, paths::SETTINGS_ORGANIZATION_LOGO]).await;
}

#[tokio::test]
async fn who_may_not_change_settings_reads_why() {
    let app = TestApp::start_today().await;
    let practice = app.practice().await;
    app.colleague(&practice, "Sam Poole", "sam@riverside.example", Role::Member).await;
    let browser = Browser::start();
    let desk = settings(&browser, &app, "sam@riverside.example", "settings/secure-messaging").await;
    desk.sees("You can look at these settings. Only an admin can change them.").await;
    assert!(!desk.element("#notice-sms").await.is_enabled().await.expect("an answer"));
    assert!(!desk.text().await.contains("Save changes"));
    desk.close(&[NOT_SIGNED_IN]).await;
}

#[tokio::test]
async fn a_logo_that_does_not_come_leaves_the_initials() {
    let app = TestApp::start_today().await;
    let (practice, _, token) = crate::journeys::written(&app).await;
    let call = practice.staff.call(Method::PUT, paths::SETTINGS_ORGANIZATION_LOGO);
    call.header("content-type", "image/png").bytes(PNG).send().await.expect(200);
    app.execute("DELETE FROM organization_logos").await;
    let browser = Browser::start();
    let phone = crate::journeys::phone(&browser, &app, &token).await;
    phone.sees("Enter your PIN").await;
    phone.until("initials stand in its place", || async { phone.count("span.mark").await == 1 }).await;
    assert_eq!(phone.count("img").await, 0, "no broken picture");
    crate::journeys::enter_pin(&phone, "4821").await;
    phone.sees("Your results are in.").await;
    phone.until("initials stand in its place", || async { phone.count("span.mark").await == 1 }).await;
    phone.close(&["/logo"]).await;
    let desk = settings(&browser, &app, &practice.email, "settings/practice").await;
    desk.sees("Name and phone").await;
    desk.until("initials stand in its place", || async { desk.count("nav span.mark").await == 1 }).await;
    desk.close(&[NOT_SIGNED_IN, "/logo"]).await;
    app.deliver().await;
}

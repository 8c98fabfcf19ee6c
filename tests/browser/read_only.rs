//! The desk of who may read alone: everything that can be seen, nothing that acts. A call that the server refuses would
//! stand in the browser's console, where closing the window finds it.

use sealpost_shared::paths;
use sealpost_shared::staff::Role;
use sealpost_tests::app::TestApp;
use sealpost_tests::browser::{Browser, Window};
use sealpost_tests::fakes::GatewayAnswer;
use sealpost_tests::given::{PASSWORD, Practice, id};
use serde_json::{Value, json};

use crate::journeys::{NOT_SIGNED_IN, phone, visit};

/// Every page of the desk, and what stands there.
const PAGES: &[(&str, &str)] = &[
    ("/desk/inbox", "Thank you"),
    ("/desk/inbox/{jordan}", "You can read these messages, but not send any."),
    ("/desk/outbox", "Sam"),
    ("/desk/outbox/{sam}", "Not delivered"),
    ("/desk/archived", "Conversations that you archive"),
    ("/desk/contacts", "Sam"),
    ("/desk/contacts/{contact}", "You can look at this contact, but not change anything."),
    ("/desk/settings/secure-messaging", "You can look at these settings."),
    ("/desk/settings/practice", "You can look at these settings."),
    ("/desk/settings/contact-fields", "Year of birth"),
    ("/desk/settings/texts", "You can look at these settings."),
    ("/desk/settings/people", ADMINS_ONLY),
    ("/desk/settings/channels", ADMINS_ONLY),
    ("/desk/settings/security", ADMINS_ONLY),
    ("/desk/settings/api-keys", ADMINS_ONLY),
    ("/desk/settings/audit-log", ADMINS_ONLY),
    ("/desk/setup", "Only an admin can set up the practice."),
    ("/desk/setup/practice", "Only an admin can set up the practice."),
    ("/desk/nowhere", "There is nothing at this address."),
];

const ADMINS_ONLY: &str = "Only an admin can see this page.";

/// What may be pressed or filled in: looking, looking elsewhere, and leaving.
const LOOKING: &[&str] = &[
    "Sign out",
    "Unread",
    "Unread 1",
    "Show all",
    // Whether something was read is the reader's to say.
    "Mark unread",
    "About this person",
    "Close",
    "Name, phone or email",
    "Go to the inbox",
    // The figures of the texts by days or by months.
    "Days",
    "12 months",
];

/// Names of all that takes a press or words, as somebody hears them.
const OFFERED: &str = "
    const seen = [...document.querySelectorAll('button, input, textarea, select, [role=button], [contenteditable]')]
        .filter((it) => it.checkVisibility() && !it.matches(':disabled'));
    return seen.map((it) => it.getAttribute('aria-label') || it.labels?.[0]?.innerText || it.innerText.trim());";

async fn offered(desk: &Window) -> Vec<String> {
    let names = desk.execute(OFFERED, Vec::new()).await.expect("a list");
    serde_json::from_value(names).expect("names")
}

/// Jordan, who answered and then typed wrong PINs; Sam, whom no text reaches.
async fn busy(app: &TestApp, browser: &Browser, practice: &Practice) -> [(&'static str, String); 3] {
    let field = json!({ "key": "year_of_birth", "label": "Year of birth", "kind": "number" });
    practice.staff.post(paths::CONTACT_FIELDS, field).await.expect(201);
    let jordan = practice.jordan().await;
    practice.set_pin(&jordan, "4821").await;
    practice.send(&jordan, json!({})).await;
    let token = app.newest_token().await;
    app.enter_with_pin(&token, "4821").await.reply("Thank you").await.expect(201);
    for _ in 0..5 {
        app.anybody().verify_pin(&token, "0000").await;
    }
    let patient = phone(browser, app, &token).await;
    patient.sees("Too many tries").await;
    patient.close(&["/api/v1/"]).await;
    let sam = practice.contact(json!({ "first_name": "Sam", "phone": "+15550100155" })).await;
    app.gateway.will_answer([GatewayAnswer::Refused(21_211)]);
    practice.send(&sam, json!({})).await;
    app.deliver().await;
    let of = async |folder: &str, name: &str| {
        let rows = practice.folder(folder).await;
        let row = rows.iter().find(|row: &&Value| row["contact"]["display_name"] == name);
        id(row.expect("a conversation")).to_owned()
    };
    let jordans = of("inbox", "Jordan Reyes").await;
    [("{jordan}", jordans), ("{sam}", of("outbox", "Sam").await), ("{contact}", id(&jordan).to_owned())]
}

#[tokio::test]
async fn who_may_read_alone_sees_everything_and_is_offered_nothing_that_acts() {
    let app = TestApp::start_today().await;
    let practice = app.practice().await;
    app.colleague(&practice, "Rob Ives", "rob@riverside.example", Role::ReadOnly).await;
    let browser = Browser::start();
    let ids = busy(&app, &browser, &practice).await;
    let desk = browser.open(1440, 900).await;
    visit(&desk, &app, paths::DESK_PAGE).await;
    desk.fill("Email", "rob@riverside.example").await;
    desk.fill("Password", PASSWORD).await;
    desk.press("Sign in").await;
    desk.sees("Can read only").await;
    for (path, says) in PAGES {
        let path = ids.iter().fold((*path).to_owned(), |path, (name, id)| path.replace(name, id));
        visit(&desk, &app, &path).await;
        desk.sees(says).await;
        desk.until("nothing is on its way", || async { desk.count("[aria-busy=true]").await == 0 }).await;
        for name in offered(&desk).await {
            assert!(LOOKING.contains(&name.as_str()), "{path} offers {name:?}");
        }
    }
    // No page that is for admins stands in the list, and no key opens what no button does.
    visit(&desk, &app, "/desk/settings/practice").await;
    desk.sees("Contact fields").await;
    assert_eq!(desk.count(".settings-list [href*='/settings/']").await, 6, "what everybody may look at");
    desk.active_element().await.expect("the page").send_keys("c").await.expect("a key");
    assert_eq!(desk.count("dialog[open]").await, 0);
    // So many pages in a row hold more streams than a session may, until the server sees that they are gone.
    desk.close(&[NOT_SIGNED_IN, &[paths::EVENTS]].concat()).await;
}

/// One's own account stays one's own.
#[tokio::test]
async fn who_may_read_alone_changes_their_own_name_and_signs_out_elsewhere() {
    let app = TestApp::start_today().await;
    let practice = app.practice().await;
    let elsewhere = app.colleague(&practice, "Rob Ives", "rob@riverside.example", Role::ReadOnly).await;
    let browser = Browser::start();
    let desk = browser.open(1440, 900).await;
    visit(&desk, &app, "/desk/settings/account").await;
    desk.fill("Email", "rob@riverside.example").await;
    desk.fill("Password", PASSWORD).await;
    desk.press("Sign in").await;
    desk.fill("Your name", "Robert Ives").await;
    desk.press("Save").await;
    desk.sees("Saved.").await;
    desk.press("Sign out everywhere else").await;
    desk.press("Sign out everywhere else").await;
    desk.sees("You are signed in here and nowhere else.").await;
    elsewhere.get(paths::SESSION).await.refused(401, "session_ended");
    desk.close(NOT_SIGNED_IN).await;
}

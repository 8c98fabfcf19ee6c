//! Asking for a new link, many times and in every way (security.md D8).

use chrono::TimeDelta;
use reqwest::Method;
use reqwest::header::HeaderMap;
use sea_orm::DatabaseTransaction;
use sealpost_api::entities::budget::{self, Limit};
use sealpost_shared::ids::{ContactId, OrganizationId};
use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::given::{PAST_A_DAY, id};
use serde_json::json;

/// All but what differs from any answer to any other.
fn fixed(headers: &HeaderMap) -> Vec<String> {
    let varies = ["date", "x-request-id"];
    let mut fixed: Vec<_> = headers
        .iter()
        .filter(|(name, _)| !varies.contains(&name.as_str()))
        .map(|(name, value)| format!("{name}: {value:?}"))
        .collect();
    fixed.sort();
    fixed
}

/// `it_relink_storm_200`.
#[tokio::test]
async fn two_hundred_requests_for_a_new_link_at_once_send_one_to_the_address_on_file() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    practice.send(&practice.jordan().await, json!({})).await;
    let token = app.newest_token().await;
    app.clock.advance(PAST_A_DAY);
    let unknown = app.anybody().relink("0123456789abcdefABCDEF").await;
    let mut asking = tokio::task::JoinSet::new();
    for number in 0..200 {
        let (client, token) = (app.anybody(), token.clone());
        asking.spawn(async move {
            let body = json!({ "token": token });
            let path =
                format!("{}?phone=%2B15550109999&email=thief@mail.example", paths::SECURE_LINKS_RELINK);
            let call = match number % 4 {
                0 => client.call(Method::POST, paths::SECURE_LINKS_RELINK),
                1 => client.call(Method::POST, &path).undocumented(),
                2 => client
                    .call(Method::POST, paths::SECURE_LINKS_RELINK)
                    .header("x-forwarded-host", "thief.example")
                    .header("forwarded", "host=thief.example"),
                _ => client
                    .call(Method::POST, paths::SECURE_LINKS_RELINK)
                    .header("x-forwarded-for", format!("203.0.113.{number}")),
            };
            call.json(body).send().await
        });
    }
    for answer in asking.join_all().await {
        assert_eq!((answer.status, &answer.json), (202, &unknown.json));
        assert_eq!(fixed(&answer.headers), fixed(&unknown.headers));
    }
    app.deliver().await;
    let texts = app.gateway.texts();
    assert_eq!(texts.len(), 2, "the first link and one new one");
    assert_eq!(texts[1].to, "+15550100142");
    assert!(texts[1].body.contains(&format!("{}/m#", app.origin())), "{}", texts[1].body);
    assert_eq!(app.mail.mails().len(), 0);
    // An address in the request is refused and changes nothing.
    for extra in ["phone", "email", "to", "channel", "address"] {
        let body = json!({ "token": token, extra: "+15550109999" });
        let refused =
            app.anybody().post(paths::SECURE_LINKS_RELINK, body).await.refused(422, "validation_failed");
        assert_eq!(refused["errors"][0]["pointer"], format!("/{extra}"));
    }
}

#[tokio::test]
async fn a_link_gives_three_new_ones_a_day_and_a_contact_gets_five_of_all_its_links() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    practice.send(&jordan, json!({})).await;
    let first = app.newest_token().await;
    practice.send(&jordan, json!({})).await;
    let second = app.newest_token().await;
    app.clock.advance(PAST_A_DAY);
    let mut sent = app.gateway.texts().len();
    for (token, expected) in [(&first, 3), (&second, 2)] {
        for _ in 0..6 {
            app.anybody().relink(token).await.expect(202);
            // Within the pause of a minute nothing goes out, whatever is left.
            app.anybody().relink(token).await.expect(202);
            app.deliver().await;
            app.clock.advance(TimeDelta::seconds(60));
        }
        assert_eq!(app.gateway.texts().len() - sent, expected);
        sent = app.gateway.texts().len();
    }
    app.clock.advance(TimeDelta::hours(24));
    app.anybody().relink(&second).await.expect(202);
    app.deliver().await;
    assert_eq!(app.gateway.texts().len(), sent + 1, "a day later there is one again");
}

/// One asks while there is one left, the other when there is none: of twenty in a month, of a thousand a day.
#[tokio::test]
async fn a_contact_gets_twenty_in_a_month_and_an_organization_s_links_a_thousand_a_day() {
    for (scope, most, of_contact) in
        [("relink_of_contact_month", 20, true), ("relink_of_organization", 1000, false)]
    {
        let app = TestApp::start().await;
        let practice = app.practice().await;
        let jordan = practice.jordan().await;
        practice.send(&jordan, json!({})).await;
        let token = app.newest_token().await;
        app.clock.advance(PAST_A_DAY);
        let organization: OrganizationId = practice.organization_id.parse().expect("an id");
        let contact: ContactId = id(&jordan).parse().expect("an id");
        let subject = if of_contact { contact.uuid() } else { organization.uuid() };
        let limit = Limit { scope, times: most, window: TimeDelta::days(30) };
        let now = app.state().now();
        let taken = async |tx: &DatabaseTransaction| {
            for _ in 1..most {
                assert!(budget::charge(tx, limit, subject.as_bytes(), now).await?);
            }
            Ok(())
        };
        app.state().db.before_organization().write(taken).await.expect("taken");
        for expected in [2, 2] {
            let answer = app.anybody().relink(&token).await;
            assert_eq!(answer.expect(202), json!({ "retry_after_seconds": 60 }));
            app.deliver().await;
            assert_eq!(app.gateway.texts().len(), expected, "{scope}");
            app.clock.advance(TimeDelta::seconds(60));
        }
        let refused = app.tables().await["audit_entries"]
            .iter()
            .filter(|row| row.contains("link.relink_refused"))
            .count();
        assert_eq!(refused, 1, "{scope}");
    }
}

#[tokio::test]
async fn whoever_opted_out_or_has_no_address_gets_none_and_the_answer_does_not_say() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.contact(json!({ "phone": "+15550100142" })).await;
    practice.send(&jordan, json!({})).await;
    let token = app.newest_token().await;
    app.clock.advance(PAST_A_DAY);
    let path = format!("{}/{}", paths::CONTACTS, id(&jordan));
    practice.key.patch(&path, json!({ "phone": null, "first_name": "Jordan" })).await.expect(200);
    app.anybody().relink(&token).await.expect(202);
    app.deliver().await;
    assert_eq!(app.gateway.texts().len(), 1);
    // Nothing was used up by that: an address that is there again is written to at once.
    practice.key.patch(&path, json!({ "phone": "+15550100143" })).await.expect(200);
    app.anybody().relink(&token).await.expect(202);
    app.deliver().await;
    assert_eq!(app.gateway.texts().pop().expect("a text").to, "+15550100143");
}

#[tokio::test]
async fn a_notice_that_waits_goes_to_the_address_of_the_moment_it_leaves() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let message = practice.send(&jordan, json!({})).await;
    let path = format!("{}/{}", paths::CONTACTS, id(&jordan));
    practice.key.patch(&path, json!({ "phone": "+15550100199" })).await.expect(200);
    app.deliver().await;
    let texts = app.gateway.texts();
    assert_eq!(texts.iter().map(|text| text.to.as_str()).collect::<Vec<_>>(), ["+15550100199"]);
    let deliveries = practice.message(&message).await["deliveries"].clone();
    let ended = |status: &str| {
        deliveries.as_array().expect("a list").iter().filter(|it| it["status"] == status).count()
    };
    assert_eq!((ended("canceled"), ended("sent")), (1, 1), "{deliveries}");
    assert!(deliveries.to_string().contains("address_changed"));
}

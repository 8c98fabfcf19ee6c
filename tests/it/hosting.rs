//! What an installation on the network says that one on this computer does not.

use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::client::Answer;
use sealpost_tests::given::PASSWORD;
use serde_json::json;

async fn cookies(app: &TestApp) -> [Answer; 2] {
    let practice = app.practice().await;
    practice.send(&practice.jordan().await, json!({})).await;
    let token = app.newest_token().await;
    let sign_in = json!({ "email": practice.email, "password": PASSWORD });
    [
        app.anybody().post(paths::SESSION, sign_in).await,
        app.anybody().post(paths::SECURE_LINKS_ENTER, json!({ "token": token })).await,
    ]
}

#[tokio::test]
async fn over_https_cookies_are_bound_to_the_host_and_browsers_are_told_to_stay_there() {
    let app = TestApp::start_with(|config| {
        config.public_url = "https://post.example.org".parse().expect("a URL");
    })
    .await;
    let answers = cookies(&app).await;
    for (answer, name) in answers.iter().zip(["__Host-sealpost_staff=", "__Host-sealpost_patient="]) {
        let cookie = answer.header("set-cookie").expect("a cookie");
        assert!(cookie.starts_with(name), "{cookie}");
        for part in ["Secure", "HttpOnly", "SameSite=Strict", "Path=/"] {
            assert!(cookie.contains(part), "{part} in {cookie}");
        }
        for part in ["Domain", "Max-Age", "Expires"] {
            assert!(!cookie.contains(part), "{part} in {cookie}");
        }
        let https = answer.header("strict-transport-security").expect("the header");
        assert!(https.contains("max-age=63072000"), "{https}");
    }
    assert!(app.gateway.texts()[0].body.contains("https://post.example.org/m#"));
    let desk = app.anybody();
    let call = desk.call(reqwest::Method::GET, paths::DESK_PAGE).undocumented().send().await;
    assert!(call.header("strict-transport-security").is_some(), "pages say it too");
}

#[tokio::test]
async fn on_this_computer_browsers_are_told_nothing_that_would_outlive_it() {
    let app = TestApp::start().await;
    for answer in cookies(&app).await {
        assert_eq!(answer.header("strict-transport-security"), None);
        let cookie = answer.header("set-cookie").expect("a cookie");
        assert!(!cookie.contains("Secure") && !cookie.contains("__Host-"), "{cookie}");
    }
}

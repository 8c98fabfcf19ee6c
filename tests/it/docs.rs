//! The documentation, as a reader finds it.

use std::collections::BTreeSet;

use reqwest::Method;
use sealpost_shared::problem::ProblemCode;
use sealpost_tests::app::TestApp;
use sealpost_tests::client::{Answer, Client};
use sealpost_tests::given::id;
use serde_json::{Value, json};

async fn read(client: &Client, path: &str) -> Answer {
    client.call(Method::GET, path).undocumented().send().await
}

fn places() -> Vec<String> {
    let pages = sealpost_api::docs::slugs().map(|slug| format!("/docs/{slug}"));
    pages.map(|place| place.trim_end_matches('/').to_owned()).chain(["/docs/api".to_owned()]).collect()
}

/// What stands between `start` and `end`, each time.
fn between<'a>(text: &'a str, start: &str, end: &str) -> Vec<&'a str> {
    text.split(start).skip(1).filter_map(|rest| Some(rest.split_once(end)?.0)).collect()
}

#[tokio::test]
async fn every_page_is_there_with_a_policy_that_lets_nothing_in_from_elsewhere() {
    let app = TestApp::start().await;
    let client = app.anybody();
    for place in places() {
        let answer = read(&client, &place).await;
        assert_eq!(answer.status, 200, "{place}");
        assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"), "{place}");
        let policy = answer.header("content-security-policy").expect("a policy");
        for part in ["default-src 'none'", "script-src 'self';", "style-src 'self';", "form-action 'none'"] {
            assert!(policy.contains(part), "{place}: {policy}");
        }
        for inline in ["<style", " style=", "<script>", " onclick=", "javascript:"] {
            assert!(!answer.text.contains(inline), "{place}: {inline}");
        }
        for part in ["<title>", "<h1>", "<main", "href=\"#content\"", "lang=\"en\""] {
            assert!(answer.text.contains(part), "{place}: {part}");
        }
        let head = client.call(Method::HEAD, &place).undocumented().send().await;
        assert_eq!(head.status, 200, "HEAD {place}");
    }
}

#[tokio::test]
async fn every_link_and_asset_of_every_page_leads_somewhere() {
    let app = TestApp::start().await;
    let client = app.anybody();
    // The outbox is the demo's alone.
    let mut seen = BTreeSet::from(["/outbox".to_owned()]);
    for place in places() {
        let page = read(&client, &place).await.text;
        let targets = [between(&page, "href=\"", "\""), between(&page, "src=\"", "\"")].concat();
        for target in targets {
            assert!(target.starts_with(['/', '#']), "{place}: {target} is elsewhere");
            let whole = if target.starts_with('#') { format!("{place}{target}") } else { target.to_owned() };
            let (path, anchor) = whole.split_once('#').unwrap_or((&whole, ""));
            if !seen.insert(whole.clone()) || path == "/outbox" {
                continue;
            }
            let answer = read(&client, path).await;
            // The apps' own pages are there once they are built.
            let built = path != "/desk";
            assert!(answer.status == 200 || !built, "{place}: {target} answers {}", answer.status);
            assert!(
                anchor.is_empty() || answer.text.contains(&format!("id=\"{anchor}\"")),
                "{place}: {target}: no such anchor"
            );
        }
    }
}

#[tokio::test]
async fn a_page_that_is_not_there_says_where_to_go() {
    let app = TestApp::start().await;
    for path in ["/docs/nowhere", "/docs/a/b", "/docs/install.md"] {
        let answer = read(&app.anybody(), path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.text.contains("href=\"/docs/install\""), "{path}");
    }
    read(&app.anybody(), "/docs/assets/nothing.js").await.refused(404, "not_found");
}

#[tokio::test]
async fn the_type_of_a_problem_leads_to_its_entry() {
    let app = TestApp::start().await;
    let client = app.anybody();
    let refused = read(&client, "/api/v1/nothing").await.refused(404, "not_found");
    let (path, anchor) = refused["type"].as_str().and_then(|it| it.split_once('#')).expect("an anchor");
    assert_eq!(anchor, "not_found");
    let page = read(&client, path).await.text;
    for code in ProblemCode::ALL {
        let entry = format!("<h3 id=\"{}\">", code.as_str());
        assert_eq!(page.matches(&entry).count(), 1, "{}", code.as_str());
        let entry = page.split_once(&entry).expect("it is there").1;
        let entry = entry.split_once("</section>").expect("an end").0;
        assert!(entry.contains(code.title()), "{}: {entry}", code.as_str());
        assert!(entry.contains("What to do: "), "{}", code.as_str());
    }
}

#[tokio::test]
async fn the_guide_s_first_call_works_as_it_stands_there() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let page = read(&app.anybody(), "/docs/guide").await.text;
    let code = between(&page, "<code class=\"language-sh\">", "</code>");
    let command = code.iter().find(|code| code.contains("curl")).expect("a curl");
    let command =
        command.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    assert!(command.contains(&app.origin()), "it calls this installation: {command}");
    let run = || {
        let mut shell = tokio::process::Command::new("bash");
        shell.args(["-c", &command]).env("KEY", practice.key.bearer()).env("no_proxy", "*");
        async move { shell.output().await.expect("it runs").stdout }
    };
    let first: Value = serde_json::from_slice(&run().await).expect("JSON");
    assert_eq!(first["body"], "Your results are in.", "{first}");
    let again: Value = serde_json::from_slice(&run().await).expect("JSON");
    assert_eq!(id(&first), id(&again), "the same request is one message");
    app.deliver().await;
    assert_eq!(app.gateway.texts().len(), 1);
    let entered = json!({ "token": app.newest_token().await, "pin": "4821" });
    app.anybody().post(sealpost_shared::paths::SECURE_LINKS_VERIFY_PIN, entered).await.expect(200);
}

#[tokio::test]
async fn assets_are_kept_for_good_and_come_compressed() {
    let app = TestApp::start().await;
    let page = read(&app.anybody(), "/docs/api").await.text;
    let viewer =
        between(&page, "src=\"", "\"").into_iter().find(|it| it.ends_with("bundle.js")).expect("a viewer");
    for (takes, gets) in [("br, gzip", Some("br")), ("gzip, br;q=0", Some("gzip")), ("identity", None)] {
        let client = app.anybody();
        let call = client.call(Method::GET, viewer).header("accept-encoding", takes).undocumented();
        let answer = call.send().await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("content-encoding"), gets, "{takes}");
        assert!(answer.header("cache-control").is_some_and(|it| it.contains("immutable")));
    }
}

//! Which browser calls, coarsely: two closed words are kept of what it says of itself, and no address.

use actix_web::HttpRequest;
use actix_web::http::header::USER_AGENT;
use sealpost_shared::sessions::{Browser, System};

pub(super) fn of(request: &HttpRequest) -> (Browser, System) {
    let said = request.headers().get(USER_AGENT).and_then(|said| said.to_str().ok()).unwrap_or_default();
    (browser(said), system(said))
}

/// Browsers name those they want to be taken for, so the rarer names come first.
fn browser(said: &str) -> Browser {
    let names = [
        ("Edg", Browser::Edge),
        ("OPR/", Browser::Opera),
        ("Firefox/", Browser::Firefox),
        ("FxiOS/", Browser::Firefox),
        ("CriOS/", Browser::Chrome),
        ("Chrome/", Browser::Chrome),
        ("Safari/", Browser::Safari),
    ];
    names.iter().find(|(name, _)| said.contains(name)).map_or(Browser::Other, |(_, browser)| *browser)
}

fn system(said: &str) -> System {
    let names = [
        ("Android", System::Android),
        ("iPhone", System::Ios),
        ("iPad", System::Ios),
        ("CrOS", System::ChromeOs),
        ("Windows", System::Windows),
        ("Macintosh", System::Macos),
        ("Linux", System::Linux),
    ];
    names.iter().find(|(name, _)| said.contains(name)).map_or(System::Other, |(_, system)| *system)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browsers_of_the_day_are_told_apart() {
        let kit = "AppleWebKit/537.36 (KHTML, like Gecko)";
        for (said, browser_is, system_is) in [
            (format!("Mozilla/5.0 (X11; Linux x86_64) {kit} Chrome/142.0.0.0 Safari/537.36"), Browser::Chrome, System::Linux),
            (format!("Mozilla/5.0 (Windows NT 10.0; Win64; x64) {kit} Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0"), Browser::Edge, System::Windows),
            (format!("Mozilla/5.0 (Windows NT 10.0; Win64; x64) {kit} Chrome/142.0.0.0 Safari/537.36 OPR/126.0.0.0"), Browser::Opera, System::Windows),
            (format!("Mozilla/5.0 (Linux; Android 10; K) {kit} Chrome/142.0.0.0 Mobile Safari/537.36"), Browser::Chrome, System::Android),
            (format!("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {kit} Chrome/142.0.0.0 Safari/537.36"), Browser::Chrome, System::ChromeOs),
            ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:145.0) Gecko/20100101 Firefox/145.0".to_owned(), Browser::Firefox, System::Macos),
            ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15".to_owned(), Browser::Safari, System::Macos),
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1".to_owned(), Browser::Safari, System::Ios),
            ("Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/142.0 Mobile/15E148 Safari/604.1".to_owned(), Browser::Chrome, System::Ios),
            ("curl/8.14.1".to_owned(), Browser::Other, System::Other),
            (String::new(), Browser::Other, System::Other),
        ] {
            assert_eq!((browser(&said), system(&said)), (browser_is, system_is), "{said}");
        }
    }
}

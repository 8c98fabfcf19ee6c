//! Browsers and systems: the keys of their words.

use sealpost_shared::sessions::{Browser, System};

pub const fn browser_key(browser: Browser) -> &'static str {
    match browser {
        Browser::Chrome => "browser-chrome",
        Browser::Edge => "browser-edge",
        Browser::Firefox => "browser-firefox",
        Browser::Opera => "browser-opera",
        Browser::Safari => "browser-safari",
        Browser::Other => "browser-other",
    }
}

pub const fn system_key(system: System) -> &'static str {
    match system {
        System::Android => "system-android",
        System::ChromeOs => "system-chrome-os",
        System::Ios => "system-ios",
        System::Linux => "system-linux",
        System::Macos => "system-macos",
        System::Windows => "system-windows",
        System::Other => "system-other",
    }
}

//! Chromium, driven through its WebDriver. A page that breaks its content security policy or writes an error
//! to the console fails its test.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::ops::Deref;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::{ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;

/// How long a page may take to show what it should. Two cores, a debug server and wasm: generous.
const PATIENCE: Duration = Duration::from_secs(20);

const FLAGS: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
];

/// One chromedriver. Its windows end with it.
pub struct Browser {
    driver: Child,
    port: u16,
}

impl Browser {
    pub fn start() -> Self {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is installed; ./test installs it");
        let lines = BufReader::new(driver.stdout.take().expect("piped")).lines();
        let port = lines.map_while(Result::ok).find_map(|line| {
            line.strip_prefix("ChromeDriver was started successfully on port ")?
                .trim_end_matches('.')
                .parse()
                .ok()
        });
        Self { driver, port: port.expect("chromedriver says its port") }
    }

    /// A browser of its own, with nothing in it, and an inner size of `width` × `height`.
    pub async fn open(&self, width: u32, height: u32) -> Window {
        let profile = tempfile::tempdir().expect("a folder");
        let mut flags: Vec<String> = FLAGS.iter().map(|flag| (*flag).to_owned()).collect();
        flags.push(format!("--user-data-dir={}", profile.path().display()));
        // Headless Chromium takes no window narrower than 500 px; a phone has to be emulated.
        let metrics = json!({ "width": width, "height": height, "pixelRatio": 1.0, "touch": width < 600 });
        let capabilities = json!({
            "goog:loggingPrefs": { "browser": "ALL" },
            "goog:chromeOptions": { "args": flags, "mobileEmulation": { "deviceMetrics": metrics } },
        });
        let Value::Object(capabilities) = capabilities else { unreachable!("an object") };
        let url = format!("http://127.0.0.1:{}", self.port);
        let connecting = ClientBuilder::new(HttpConnector::new());
        let client = { connecting }.capabilities(capabilities).connect(&url).await.expect("a browser");
        let mut window = Window::of(client, url, (width, height));
        window.profile = Some(profile);
        window.devtools("Page.enable", json!({})).await;
        window.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": REPORTS })).await;
        window
    }
}

impl Drop for Browser {
    /// Asks chromedriver to end with all its browsers: killed, it would leave them behind.
    fn drop(&mut self) {
        if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) {
            let _ = stream.set_read_timeout(Some(Duration::from_secs(5)));
            let _ = write!(stream, "GET /shutdown HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
            let _ = stream.read_to_end(&mut Vec::new());
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// Before anything else of every page: what breaks its policy is written where `close` looks.
const REPORTS: &str = "addEventListener('securitypolicyviolation', (report) => console.error(\
    `POLICY ${report.disposition} ${report.effectiveDirective} ${report.blockedURI} ${report.sourceFile}`))";
const BROKEN_POLICY: &str = "POLICY ";

pub struct Window {
    client: fantoccini::Client,
    driver: String,
    size: (u32, u32),
    profile: Option<TempDir>,
    closed: bool,
}

impl Drop for Window {
    /// A window that nobody closes has a log that nobody reads.
    fn drop(&mut self) {
        let _ = self.profile.take();
        assert!(self.closed || std::thread::panicking(), "a test ends without closing its window");
    }
}

impl Deref for Window {
    type Target = fantoccini::Client;
    fn deref(&self) -> &Self::Target {
        &self.client
    }
}

impl Window {
    pub(crate) fn of(client: fantoccini::Client, driver: String, size: (u32, u32)) -> Self {
        Self { client, driver, size, profile: None, closed: false }
    }

    /// Waits until the page's visible text holds this, and says what it held when it never does.
    pub async fn sees(&self, text: &str) {
        self.until(&format!("the page shows {text:?}"), || async { self.text().await.contains(text) }).await;
    }

    pub async fn sees_no(&self, text: &str) {
        self.until(&format!("{text:?} is gone"), || async { !self.text().await.contains(text) }).await;
    }

    pub async fn until<F: Future<Output = bool>>(&self, what: &str, is: impl Fn() -> F) {
        let waiting = async {
            while !is().await {
                tokio::time::sleep(Duration::from_millis(25)).await;
            }
        };
        if tokio::time::timeout(PATIENCE, waiting).await.is_err() {
            self.picture("failed").await;
            panic!("never: {what}. The page shows:\n{}\n{:#?}", self.text().await, self.console().await);
        }
    }

    /// What a person could read.
    pub async fn text(&self) -> String {
        let text =
            self.client.execute("return document.body ? document.body.innerText : ''", Vec::new()).await;
        text.ok().and_then(|text| text.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// The first element that fits, once it is there.
    pub async fn element(&self, css: &str) -> Element {
        match self.client.wait().at_most(PATIENCE).for_element(Locator::Css(css)).await {
            Ok(element) => element,
            Err(error) => panic!("no {css}: {error}. The page shows:\n{}", self.text().await),
        }
    }

    /// How many elements fit.
    pub async fn count(&self, css: &str) -> usize {
        self.client.find_all(Locator::Css(css)).await.map_or(0, |found| found.len())
    }

    /// Presses the button, link or option with this name.
    pub async fn press(&self, name: &str) {
        let kinds = "self::button or self::a or @role='button' or @role='option'";
        let named = format!(
            "normalize-space(.)='{name}' or @aria-label='{name}' or normalize-space(text()[normalize-space()][1])='{name}' or .//*[@class='nav-word'][normalize-space(.)='{name}']"
        );
        let found = self.visible(&format!("//*[{kinds}][not(@disabled)][{named}]"), name).await;
        found.click().await.unwrap_or_else(|error| panic!("{name:?} takes no click: {error}"));
    }

    /// Presses the link or option that holds this among other words, such as a row of a list.
    pub async fn press_part(&self, words: &str) {
        let found = format!("//*[self::a or @role='option'][contains(normalize-space(.), '{words}')]");
        let found = self.visible(&found, words).await;
        found.click().await.unwrap_or_else(|error| panic!("{words:?} takes no click: {error}"));
    }

    /// Types into the field with this label, in place of what is there.
    pub async fn fill(&self, label: &str, text: &str) {
        let named = format!("starts-with(normalize-space(.), '{label}')");
        let labelled =
            format!("@aria-label='{label}' or @id=//label[{named}]/@for or ancestor::label[{named}]");
        let found = self.visible(&format!("//*[self::input or self::textarea][{labelled}]"), label).await;
        found.clear().await.expect("a field that can be cleared");
        found.send_keys(text).await.expect("a field that takes keys");
    }

    /// The first visible element, of the open dialog if there is one, once it is there.
    async fn visible(&self, xpath: &str, name: &str) -> Element {
        let looking = async {
            loop {
                let dialog = self.client.find(Locator::Css("dialog[open]")).await.is_ok();
                let scoped = if dialog { format!("//dialog[@open]{xpath}") } else { xpath.to_owned() };
                let found = self.client.find_all(Locator::XPath(&scoped)).await.unwrap_or_default();
                for element in found {
                    if element.is_displayed().await.unwrap_or(false) {
                        return element;
                    }
                }
                tokio::time::sleep(Duration::from_millis(25)).await;
            }
        };
        match tokio::time::timeout(PATIENCE, looking).await {
            Ok(element) => element,
            Err(_) => {
                self.picture("failed").await;
                panic!("no {name:?} to press or fill. The page shows:\n{}", self.text().await)
            }
        }
    }

    /// Saves what is on screen to `$SEALPOST_SCREENSHOTS/NAME.png`, when that is set.
    pub async fn picture(&self, name: &str) {
        let Ok(folder) = std::env::var("SEALPOST_SCREENSHOTS") else { return };
        let picture = self.client.screenshot().await.expect("a picture");
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(Path::new(&folder).join(format!("{name}.png")), picture).expect("written");
    }

    /// A command of the DevTools protocol, for what WebDriver has no word for.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        self.ask("goog/cdp/execute", json!({ "cmd": command, "params": parameters })).await
    }

    /// Another size and colour scheme, without the movements that a picture would catch halfway.
    pub async fn look(&self, width: u32, height: u32, dark: bool) {
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
        let scheme = if dark { "dark" } else { "light" };
        let features = json!([
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": features })).await;
    }

    pub async fn look_as_opened(&self) {
        self.look(self.size.0, self.size.1, false).await;
    }

    /// A device for passkeys that knows its user (Web Authentication, 11.4).
    pub async fn add_authenticator(&self) {
        self.authenticator(true).await;
    }

    /// One whose user does not prove who they are.
    pub async fn add_authenticator_that_refuses(&self) {
        self.authenticator(false).await;
    }

    async fn authenticator(&self, verifies: bool) {
        let device = json!({
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": true,
            "hasUserVerification": true, "isUserVerified": verifies, "isUserConsenting": true,
        });
        let made = self.ask("webauthn/authenticator", device).await;
        assert!(made.is_string(), "no authenticator: {made}");
    }

    /// A call of the driver that WebDriver's clients do not know.
    pub(crate) async fn ask(&self, path: &str, body: Value) -> Value {
        let session = self.client.session_id().await.ok().flatten().unwrap_or_default();
        let http = reqwest::Client::builder().no_proxy().build().expect("a client");
        let answer = http.post(format!("{}/session/{session}/{path}", self.driver)).json(&body);
        let mut answer: Value = answer.send().await.expect("an answer").json().await.expect("JSON");
        answer["value"].take()
    }

    /// The browser's own log since the last look, one entry a line.
    async fn console(&self) -> Vec<String> {
        let entries = self.ask("se/log", json!({ "type": "browser" })).await;
        let entries = entries.as_array().cloned().unwrap_or_default();
        entries.iter().map(|entry| format!("{} {}", entry["level"], entry["message"])).collect()
    }

    /// Ends the window; fails when the console holds an error that is not in `expected`. Refusals that the
    /// journey provokes (a wrong PIN is a 401) are logged by Chromium as errors, so a journey names them.
    /// A broken policy is expected by nobody.
    pub async fn close(mut self, expected: &[&str]) {
        let errors = self.console().await.into_iter().filter(|line| line.contains("SEVERE"));
        let is_expected = |line: &String| {
            !line.contains(BROKEN_POLICY)
                && !line.contains("Content Security Policy")
                && expected.iter().any(|part| line.contains(part))
        };
        let errors: Vec<_> = errors.filter(|line| !is_expected(line)).collect();
        self.closed = true;
        self.client.clone().close().await.expect("closed");
        assert!(errors.is_empty(), "the console holds errors:\n{}", errors.join("\n"));
    }
}

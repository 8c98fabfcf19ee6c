//! WebKit, as Debian packages it: its driver and its small browser, on a display that nobody sees.

use std::io::{BufRead as _, BufReader};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::ClientBuilder;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use crate::browser::Window;

const STARTS: u32 = 3;
const STARTED_WITHIN: Duration = Duration::from_secs(60);

/// One display and one driver. Its windows end with it.
pub struct WebKit {
    display: Child,
    driver: Child,
    port: u16,
}

impl WebKit {
    pub async fn start() -> Self {
        let mut display = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1600x1200x24", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb is installed; ./test installs it");
        let mut number = String::new();
        let said = display.stdout.take().expect("piped");
        BufReader::new(said).read_line(&mut number).expect("the display says its number");
        let port =
            TcpListener::bind(("127.0.0.1", 0)).expect("a free port").local_addr().expect("its number");
        let driver = Command::new("WebKitWebDriver")
            .arg(format!("--port={}", port.port()))
            .env("DISPLAY", format!(":{}", number.trim()))
            // Without a graphics card, and without a desktop session around it.
            .envs([
                ("WEBKIT_DISABLE_DMABUF_RENDERER", "1"),
                ("LIBGL_ALWAYS_SOFTWARE", "1"),
                ("NO_AT_BRIDGE", "1"),
            ])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("WebKitWebDriver is installed; ./test installs it");
        let kit = Self { display, driver, port: port.port() };
        for _ in 0..400 {
            if TcpStream::connect(("127.0.0.1", kit.port)).is_ok() {
                return kit;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("WebKitWebDriver does not listen on port {}", kit.port);
    }

    pub async fn open(&self, width: u32, height: u32) -> Window {
        let options = json!({ "binary": browser(), "args": ["--automation"] });
        let Value::Object(capabilities) = json!({ "webkitgtk:browserOptions": options }) else {
            unreachable!("an object")
        };
        let url = format!("http://127.0.0.1:{}", self.port);
        // On a busy computer the driver now and then waits for ever for a browser that it started.
        for _ in 0..STARTS {
            let opening = async {
                let mut connecting = ClientBuilder::new(HttpConnector::new());
                let connecting = connecting.capabilities(capabilities.clone()).connect(&url);
                let client = connecting.await.expect("a browser");
                client.set_window_size(width, height).await.expect("a window of this size");
                client
            };
            if let Ok(client) = tokio::time::timeout(STARTED_WITHIN, opening).await {
                return Window::of(client, url, (width, height));
            }
        }
        panic!("no browser within {STARTED_WITHIN:?}, {STARTS} times");
    }
}

/// It lies beside the library and in no search path.
fn browser() -> PathBuf {
    let folders = std::fs::read_dir("/usr/lib").expect("a folder").filter_map(Result::ok);
    let found = folders.map(|folder| folder.path().join("webkit2gtk-4.1/MiniBrowser"));
    found.into_iter().find(|path| path.exists()).expect("MiniBrowser is installed with libwebkit2gtk")
}

impl Drop for WebKit {
    fn drop(&mut self) {
        for process in [&mut self.driver, &mut self.display] {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

//! The pictures of the documents, from the seeded demo. `tests/screenshots` runs this and writes docs/images.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use sealpost_tests::browser::{Browser, Window};
use sealpost_tests::program::binary;

use crate::journeys::enter_pin;

/// As much as a page of documents should have to load for one picture.
const BYTES: usize = 150_000;

struct Demo {
    running: Child,
    origin: String,
    desk: String,
    patient: String,
}

impl Demo {
    async fn start() -> Self {
        let port = std::net::TcpListener::bind(("127.0.0.1", 0)).and_then(|free| free.local_addr());
        let address = port.expect("a free port").to_string();
        let mut demo = Command::new(binary().await);
        demo.args(["demo", "--bind", &address]).env_clear().stdout(Stdio::piped()).stderr(Stdio::null());
        let mut running = demo.spawn().expect("the demo starts");
        let banner = BufReader::new(running.stdout.take().expect("piped"));
        let (mut desk, mut patient) = (None, None);
        for line in banner.lines().map_while(Result::ok) {
            let link = |mark| line.split_whitespace().find(|word| word.contains(mark)).map(str::to_owned);
            desk = desk.or_else(|| link("/desk#once="));
            patient = patient.or_else(|| link("/m#"));
            if desk.is_some() && patient.is_some() {
                break;
            }
        }
        let desk = desk.expect("the banner has a link to the desk");
        let origin = desk.split("/desk").next().unwrap_or_default().to_owned();
        Self { running, origin, desk, patient: patient.expect("and one of a patient") }
    }

    /// Opens an address; one that differs behind `#` alone is another page, too.
    async fn visit(&self, window: &Window, path: &str, says: &str) {
        let address = if path.starts_with('/') { format!("{}{path}", self.origin) } else { path.to_owned() };
        window.goto("about:blank").await.expect("a blank page");
        window.goto(&address).await.expect("the page loads");
        window.sees(says).await;
        window.until("everything is there", || async { window.count("[aria-busy=true]").await == 0 }).await;
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.running.kill();
        let _ = self.running.wait();
    }
}

async fn keep(window: &Window, name: &str) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/images");
    std::fs::create_dir_all(folder).expect("a folder");
    // Fonts, pictures, and the end of what moves.
    let still = "const done = arguments[arguments.length - 1]; document.fonts.ready.then(() => setTimeout(done, 400));";
    window.execute_async(still, Vec::new()).await.expect("the page is still");
    window.execute("document.activeElement?.blur()", Vec::new()).await.expect("no caret");
    let picture = window.screenshot().await.expect("a picture");
    assert!(picture.len() <= BYTES, "{name} has {} bytes; {BYTES} at most", picture.len());
    std::fs::write(format!("{folder}/{name}.png"), picture).expect("written");
}

#[tokio::test]
#[ignore = "writes docs/images; tests/screenshots runs it"]
async fn pictures_for_the_documents() {
    let demo = Demo::start().await;
    let browser = Browser::start();
    let phone = browser.open(390, 780).await;
    phone.look_as_opened().await;
    demo.visit(&phone, &demo.patient, "Enter your PIN").await;
    keep(&phone, "patient-pin").await;
    enter_pin(&phone, "4821").await;
    phone.element(".composer textarea").await;
    phone.element(".bubble").await;
    keep(&phone, "patient-conversation").await;
    phone.close(&["/api/v1/"]).await;

    let desk = browser.open(1280, 800).await;
    desk.look_as_opened().await;
    demo.visit(&desk, &demo.desk, "Inbox").await;
    desk.element("[data-row]").await;
    keep(&desk, "inbox").await;
    desk.press_part("Jordan").await;
    desk.element(".bubble").await;
    keep(&desk, "thread").await;
    for (name, path, says) in [
        ("settings", "/desk/settings/secure-messaging", "Secure messaging"),
        ("wizard", "/desk/setup/practice", "Your practice"),
        ("outbox", "/outbox", "Phone and mail"),
    ] {
        demo.visit(&desk, path, says).await;
        keep(&desk, name).await;
    }
    desk.close(&["/api/v1/"]).await;
}

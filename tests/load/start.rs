//! From nothing to the first answer, and what is shipped.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use sealpost_tests::program::binary;

use crate::median;

const RUNS: usize = 5;

/// What a browser loads for each app, and the program.
pub fn sizes() {
    println!("\nsizes, bytes {:>39} {:>10}", "raw", "brotli");
    for app in ["chat", "desk"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dist").join(app);
        let (mut raw, mut brotli) = (0, 0);
        for file in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let size = file.metadata().map_or(0, |about| about.len());
            match file.path().extension().and_then(|ending| ending.to_str()) {
                Some("br") => brotli += size,
                Some("gz") | None => {}
                Some(_) => raw += size,
            }
        }
        println!(
            "  {app:<36} {raw:>14} {brotli:>10}{}",
            if raw == 0 { "  (not built: web/build)" } else { "" }
        );
    }
}

/// `serve` on an empty folder (keys, tables and all), and again on what the first one left.
pub async fn cold() {
    let program = binary().await;
    let size = std::fs::metadata(program).map_or(0, |about| about.len());
    println!("  {:<36} {size:>14}", "server");
    let (mut first, mut again) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let folder = tempfile::tempdir().expect("a folder");
        first.push(start(program, folder.path()).await);
        again.push(start(program, folder.path()).await);
    }
    println!("\ncold start to the first answer, ms (median of {RUNS})");
    println!("  {:<36} {:>14.0}", "empty folder", median(first));
    println!("  {:<36} {:>14.0}", "with its data", median(again));
}

async fn start(program: &Path, folder: &Path) -> f64 {
    let free = std::net::TcpListener::bind(("127.0.0.1", 0)).and_then(|free| free.local_addr());
    let address = free.expect("a free port").to_string();
    let mut serve = Command::new(program);
    serve.args(["serve"]).env_clear().env("SEALPOST_BIND", &address).env("SEALPOST_DATA_DIR", folder);
    let begun = Instant::now();
    let mut serving = serve.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    let url = format!("http://{address}/readyz");
    while !http.get(&url).send().await.is_ok_and(|answer| answer.status().is_success()) {
        assert!(begun.elapsed() < Duration::from_secs(60), "no answer within a minute");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let took = begun.elapsed().as_secs_f64() * 1000.0;
    serving.kill().expect("it ends");
    let _ = serving.wait();
    took
}

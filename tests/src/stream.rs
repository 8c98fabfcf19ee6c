//! A stream of server-sent events, read as a browser reads it.

use std::time::Duration;

use serde_json::Value;

pub struct EventStream {
    response: reqwest::Response,
    text: String,
    /// Where the first event that was not looked at starts.
    next: usize,
    last_id: String,
}

impl EventStream {
    pub(crate) fn new(response: reqwest::Response) -> Self {
        Self { response, text: String::new(), next: 0, last_id: String::new() }
    }

    /// Reads until an event of this type; its data. Others are passed over.
    pub async fn until(&mut self, kind: &str) -> Value {
        let reading = async {
            loop {
                while let Some(length) = self.text[self.next..].find("\n\n") {
                    let event = &self.text[self.next..self.next + length];
                    self.next += length + 2;
                    let field =
                        |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
                    if let Some(id) = field("id:") {
                        self.last_id = id.to_owned();
                    }
                    if field("event:") == Some(kind) {
                        return serde_json::from_str(field("data:").unwrap_or("{}")).expect("JSON");
                    }
                }
                let chunk = self.response.chunk().await.expect("the stream goes on");
                let Some(chunk) = chunk else { panic!("the stream ended without {kind}: {}", self.text) };
                self.text.push_str(std::str::from_utf8(&chunk).expect("UTF-8"));
            }
        };
        tokio::time::timeout(Duration::from_secs(10), reading).await.unwrap_or_else(|_| panic!("no {kind}"))
    }

    /// What a browser sends back as `Last-Event-ID`.
    pub fn last_id(&self) -> &str {
        &self.last_id
    }

    /// Everything that came.
    pub fn seen(&self) -> &str {
        &self.text
    }
}

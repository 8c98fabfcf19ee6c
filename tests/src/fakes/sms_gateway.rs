//! A text message gateway that speaks Twilio's wire format, and misbehaves when told to.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

use super::lock;

pub const ACCOUNT_SID: &str = "AC00000000000000000000000000000001";
pub const AUTH_TOKEN: &str = "gateway-auth-token-of-the-tests";
pub const FROM: &str = "+15550100001";

/// What the gateway does with a request. It takes texts unless told otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GatewayAnswer {
    Created,
    /// 400 with an error code of Twilio's.
    Refused(u32),
    /// 429 with `Retry-After`.
    TooMany(u64),
    /// 500.
    Broken,
    /// This status, with nothing to it.
    Status(u16),
    /// Never answers.
    Hang,
    /// Takes the text, then resets the connection instead of saying so.
    ResetAfterAccepting,
    /// Resets the connection and takes nothing.
    Reset,
    /// Sends it elsewhere.
    Redirect,
    /// Takes it and says so in no words of a gateway's.
    Garbage,
    /// Takes it and says so when it is let go.
    Held,
}

/// One request, as it arrived.
#[derive(Clone)]
pub struct Text {
    pub to: String,
    pub from: String,
    pub body: String,
    pub status_callback: Option<String>,
    /// The gateway's own name for it.
    pub sid: String,
    /// Lower-case names.
    pub headers: BTreeMap<String, String>,
    pub answer: GatewayAnswer,
}

impl Text {
    fn was_taken(&self) -> bool {
        use GatewayAnswer::{Created, Garbage, Held, ResetAfterAccepting};
        matches!(self.answer, Created | ResetAfterAccepting | Garbage | Held)
    }
}

#[derive(Default)]
struct Seen {
    requests: Vec<Text>,
    script: VecDeque<GatewayAnswer>,
    /// What requests get when the script is over.
    standing: Option<GatewayAnswer>,
    lists: bool,
    asked: usize,
}

pub struct SmsGateway {
    url: String,
    seen: Arc<Mutex<Seen>>,
    held: Arc<Semaphore>,
    accepting: JoinHandle<()>,
}

impl SmsGateway {
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let seen = Arc::<Mutex<Seen>>::default();
        let held = Arc::new(Semaphore::new(0));
        let (shared, waiting) = (seen.clone(), held.clone());
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve_one(stream, shared.clone(), waiting.clone()));
            }
        });
        Self { url, seen, held, accepting }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// What the next requests get, in this order; then texts are taken again.
    pub fn will_answer(&self, answers: impl IntoIterator<Item = GatewayAnswer>) {
        lock(&self.seen).script.extend(answers);
    }

    /// Back to taking everything.
    pub fn forget_script(&self) {
        lock(&self.seen).script.clear();
    }

    /// From now on every request gets this; none: texts are taken again.
    pub fn always_answers(&self, answer: Option<GatewayAnswer>) {
        lock(&self.seen).standing = answer;
    }

    /// Answers what it held.
    pub fn lets_go(&self) {
        self.held.add_permits(1);
    }

    /// As the real one does, and few others.
    pub fn keeps_lists(&self) {
        lock(&self.seen).lists = true;
    }

    /// How often it was asked for its list.
    pub fn times_asked(&self) -> usize {
        lock(&self.seen).asked
    }

    /// Every request to send, taken or not.
    pub fn requests(&self) -> Vec<Text> {
        lock(&self.seen).requests.clone()
    }

    /// The texts that would have reached a phone.
    pub fn texts(&self) -> Vec<Text> {
        let mut texts = self.requests();
        texts.retain(Text::was_taken);
        texts
    }
}

impl Drop for SmsGateway {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn serve_one(mut stream: TcpStream, seen: Arc<Mutex<Seen>>, held: Arc<Semaphore>) {
    let Some((line, headers, form)) = read_request(&mut stream).await else { return };
    let path = format!("/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json");
    if let Some(query) = line.strip_prefix(&format!("GET {path}?")) {
        return respond_list(&mut stream, &seen, query.trim_end_matches(" HTTP/1.1")).await;
    }
    if line != format!("POST {path} HTTP/1.1") {
        return respond(&mut stream, "404 Not Found", "", r#"{"code":20404,"status":404}"#).await;
    }
    let credentials = format!("Basic {}", BASE64_STANDARD.encode(format!("{ACCOUNT_SID}:{AUTH_TOKEN}")));
    if headers.get("authorization") != Some(&credentials) {
        return respond(&mut stream, "401 Unauthorized", "", r#"{"code":20003,"status":401}"#).await;
    }
    let field = |name: &str| form.get(name).cloned();
    let to = field("To").unwrap_or_default();
    let sid = format!("SM{}", uuid::Uuid::new_v4().simple());
    let answer = {
        let mut seen = lock(&seen);
        let answer = seen.script.pop_front().or(seen.standing).unwrap_or(GatewayAnswer::Created);
        seen.requests.push(Text {
            to: to.clone(),
            from: field("From").unwrap_or_default(),
            body: field("Body").unwrap_or_default(),
            status_callback: field("StatusCallback"),
            sid: sid.clone(),
            headers,
            answer,
        });
        answer
    };
    if answer == GatewayAnswer::Held {
        let _ = held.acquire().await;
    }
    act(&mut stream, answer, &sid, &to, &field("Body").unwrap_or_default()).await;
}

async fn act(stream: &mut TcpStream, answer: GatewayAnswer, sid: &str, to: &str, text: &str) {
    match answer {
        GatewayAnswer::Created | GatewayAnswer::Held => {
            let body =
                format!(r#"{{"sid":"{sid}","status":"queued","error_code":null,"error_message":null}}"#);
            respond(stream, "201 Created", "", &body).await;
        }
        GatewayAnswer::Refused(code) => {
            // The real one repeats the number in its message, others the text too; a log must not.
            let message = format!("The 'To' number {to} is not valid: {text}");
            let body =
                serde_json::json!({ "code": code, "message": message, "more_info": "", "status": 400 });
            respond(stream, "400 Bad Request", "", &body.to_string()).await;
        }
        GatewayAnswer::TooMany(seconds) => {
            let retry = format!("Retry-After: {seconds}\r\n");
            respond(stream, "429 Too Many Requests", &retry, r#"{"code":20429,"status":429}"#).await;
        }
        GatewayAnswer::Broken => {
            respond(stream, "500 Internal Server Error", "", "<h1>oops</h1>").await;
        }
        GatewayAnswer::Status(status) => respond(stream, &format!("{status} So"), "", "{}").await,
        GatewayAnswer::Redirect => {
            respond(stream, "307 Temporary Redirect", "Location: http://127.0.0.1:9/\r\n", "{}").await;
        }
        GatewayAnswer::Garbage => respond(stream, "200 OK", "", "<h1>Welcome to the hotel</h1>").await,
        GatewayAnswer::Hang => std::future::pending().await,
        GatewayAnswer::ResetAfterAccepting | GatewayAnswer::Reset => {
            // Closing with lingering off sends a reset instead of an end.
            stream.set_zero_linger().expect("a socket");
        }
    }
}

/// What it took for this number, as the real one lists it.
async fn respond_list(stream: &mut TcpStream, seen: &Mutex<Seen>, query: &str) {
    let fields: BTreeMap<_, _> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let body = {
        let mut seen = lock(seen);
        seen.asked += 1;
        let texts =
            seen.requests.iter().filter(|text| text.was_taken() && Some(&text.to) == fields.get("To"));
        let texts: Vec<_> = texts
            .map(|text| {
                serde_json::json!({
                    "sid": text.sid, "to": text.to, "body": text.body, "status": "sent",
                    "direction": "outbound-api", "error_code": null,
                })
            })
            .collect();
        seen.lists.then(|| serde_json::json!({ "messages": texts }).to_string())
    };
    match body {
        Some(body) => respond(stream, "200 OK", "", &body).await,
        None => respond(stream, "404 Not Found", "", r#"{"code":20404,"status":404}"#).await,
    }
}

type Request = (String, BTreeMap<String, String>, BTreeMap<String, String>);

async fn read_request(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..head_end].to_vec()).ok()?;
    let mut lines = head.split("\r\n");
    let line = lines.next()?.to_owned();
    let headers: BTreeMap<_, _> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length: usize = headers.get("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
    while bytes.len() < head_end + 4 + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    let form = url::form_urlencoded::parse(&bytes[head_end + 4..]).into_owned().collect();
    Some((line, headers, form))
}

async fn respond(stream: &mut TcpStream, status: &str, more: &str, body: &str) {
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n{more}\r\n{body}",
        body.len()
    );
    // A client that has gone away is the client's affair.
    let _ = stream.write_all(answer.as_bytes()).await;
}

//! A mail server that speaks SMTP (RFC 5321) over a real socket and keeps what it takes.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use mail_parser::MessageParser;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::lock;

/// One message, as it was taken.
#[derive(Clone, Debug)]
pub struct Mail {
    /// The envelope's, not the header's.
    pub from: String,
    pub to: Vec<String>,
    pub raw: Vec<u8>,
}

impl Mail {
    /// A header's raw value.
    pub fn header(&self, name: &str) -> Option<String> {
        let message = MessageParser::default().parse(&self.raw)?;
        message.header_raw(name).map(|value| value.trim().to_owned())
    }

    pub fn subject(&self) -> String {
        self.parsed(|message| message.subject().map(str::to_owned))
    }

    pub fn text(&self) -> String {
        self.parsed(|message| message.text_part(0)?.text_contents().map(str::to_owned))
    }

    pub fn html(&self) -> String {
        self.parsed(|message| message.html_part(0)?.text_contents().map(str::to_owned))
    }

    fn parsed(&self, part: impl Fn(&mail_parser::Message<'_>) -> Option<String>) -> String {
        let message = MessageParser::default().parse(&self.raw).expect("a message");
        part(&message).unwrap_or_default()
    }
}

#[derive(Default)]
struct Seen {
    mails: Vec<Mail>,
    refusals: VecDeque<String>,
    /// What a command gets instead of a yes.
    replies: HashMap<&'static str, &'static str>,
    /// User name and password, where they are wanted.
    account: Option<(&'static str, &'static str)>,
}

pub struct SmtpServer {
    url: String,
    seen: Arc<Mutex<Seen>>,
    accepting: JoinHandle<()>,
}

impl SmtpServer {
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let url = format!("smtp://{}", listener.local_addr().expect("an address"));
        let seen = Arc::<Mutex<Seen>>::default();
        let shared = seen.clone();
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve_one(stream, shared.clone()));
            }
        });
        Self { url, seen, accepting }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// The next messages are refused with these replies, such as `451 4.3.0 try later`.
    pub fn will_refuse(&self, replies: impl IntoIterator<Item = &'static str>) {
        lock(&self.seen).refusals.extend(replies.into_iter().map(str::to_owned));
    }

    /// From now on this command, such as `MAIL`, gets this reply; nothing makes it a yes again.
    pub fn answers(&self, verb: &'static str, reply: Option<&'static str>) {
        let mut seen = lock(&self.seen);
        match reply {
            Some(reply) => seen.replies.insert(verb, reply),
            None => seen.replies.remove(verb),
        };
    }

    /// Nobody sends without signing in.
    pub fn wants(&self, user: &'static str, password: &'static str) {
        lock(&self.seen).account = Some((user, password));
    }

    pub fn port(&self) -> u16 {
        self.url.rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port")
    }

    pub fn mails(&self) -> Vec<Mail> {
        lock(&self.seen).mails.clone()
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

#[expect(clippy::too_many_lines, reason = "a dialogue: a reply per verb")]
async fn serve_one(stream: TcpStream, seen: Arc<Mutex<Seen>>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut mail = Mail { from: String::new(), to: Vec::new(), raw: Vec::new() };
    let mut signed_in = false;
    let mut reply = "220 mail.example ESMTP".to_owned();
    loop {
        stream.write_all(format!("{reply}\r\n").as_bytes()).await?;
        let Some(line) = read_line(&mut stream).await? else { return Ok(()) };
        let line = String::from_utf8_lossy(&line).into_owned();
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        if let Some(scripted) = lock(&seen).replies.get(verb.as_str()) {
            reply = (*scripted).to_owned();
            continue;
        }
        let account = lock(&seen).account;
        reply = match verb.as_str() {
            "EHLO" if account.is_some() => "250-mail.example\r\n250 AUTH PLAIN".to_owned(),
            "AUTH" => {
                let given = line.rsplit(' ').next().unwrap_or_default();
                signed_in = account
                    .is_some_and(|(user, word)| BASE64_STANDARD.encode(format!("\0{user}\0{word}")) == given);
                if signed_in { "235 2.7.0 welcome" } else { "535 5.7.8 wrong for secret@mail.example" }
                    .to_owned()
            }
            "MAIL" if account.is_some() && !signed_in => "530 5.7.0 sign in first".to_owned(),
            "EHLO" => "250-mail.example\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES".to_owned(),
            "HELO" | "NOOP" => "250 OK".to_owned(),
            "RSET" => {
                (mail.from, mail.to) = (String::new(), Vec::new());
                "250 OK".to_owned()
            }
            "MAIL" => {
                (mail.from, mail.to) = (address(&line), Vec::new());
                "250 2.1.0 OK".to_owned()
            }
            "RCPT" => {
                mail.to.push(address(&line));
                "250 2.1.5 OK".to_owned()
            }
            "DATA" if mail.to.is_empty() => "503 5.5.1 no recipient".to_owned(),
            "DATA" => {
                stream.write_all(b"354 end with <CRLF>.<CRLF>\r\n").await?;
                let Some(raw) = read_data(&mut stream).await? else { return Ok(()) };
                let mut seen = lock(&seen);
                match seen.refusals.pop_front() {
                    Some(refusal) => refusal,
                    None => {
                        seen.mails.push(Mail { raw, ..mail.clone() });
                        "250 2.0.0 taken".to_owned()
                    }
                }
            }
            "QUIT" => {
                stream.write_all(b"221 2.0.0 bye\r\n").await?;
                return Ok(());
            }
            _ => "502 5.5.1 not known".to_owned(),
        };
    }
}

/// `MAIL FROM:<a@b> …` → `a@b`.
fn address(line: &str) -> String {
    let inside = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inside.map(|(address, _)| address.to_owned()).unwrap_or_default()
}

/// One line without its end; none when the connection is over.
async fn read_line(stream: &mut BufReader<TcpStream>) -> std::io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    if stream.read_until(b'\n', &mut line).await? == 0 {
        return Ok(None);
    }
    let end = line.strip_suffix(b"\r\n").map_or(line.len(), <[u8]>::len);
    line.truncate(end);
    Ok(Some(line))
}

/// The message up to the lone dot; a dot that starts a line was doubled on the way (RFC 5321, 4.5.2).
async fn read_data(stream: &mut BufReader<TcpStream>) -> std::io::Result<Option<Vec<u8>>> {
    let mut raw = Vec::new();
    while let Some(line) = read_line(stream).await? {
        if line == b"." {
            return Ok(Some(raw));
        }
        raw.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
        raw.extend_from_slice(b"\r\n");
    }
    Ok(None)
}

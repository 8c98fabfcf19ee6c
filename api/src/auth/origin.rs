//! Requests that other sites could make a browser send are refused (security.md D27).

use actix_web::HttpRequest;
use actix_web::http::header::{
    CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue, ORIGIN, TRANSFER_ENCODING,
};
use sealpost_shared::paths::REQUEST_HEADER;
use sealpost_shared::problem::ProblemCode;
use url::Url;

use crate::config::Config;
use crate::problem::{Problem, Result};

/// For every call that changes something and comes from a page: what the browser says about its
/// origin must be us. Clients that are no browsers say nothing.
pub fn check_origin(request: &HttpRequest, config: &Config) -> Result<()> {
    let refused = |detail: String| Err(Problem::new(ProblemCode::RequestOriginRefused, detail));
    if request.headers().contains_key(ORIGIN)
        && !text(request.headers(), ORIGIN.as_str()).is_some_and(|origin| is_ours(origin, &config.public_url))
    {
        // Before anything is set up this is what a wrong address looks like, so it says what to set.
        let ours = config.origin();
        return refused(format!("the Origin header is not that of {ours}; SEALPOST_PUBLIC_URL sets it"));
    }
    // What cannot be read was said all the same.
    match request.headers().get("sec-fetch-site").map(HeaderValue::as_bytes) {
        None | Some(b"same-origin") => Ok(()),
        Some(_) => refused("the request comes from another site".to_owned()),
    }
}

/// For calls with a session cookie that change something: the header that no form can send, and JSON.
pub fn check_cookie_call(request: &HttpRequest, config: &Config) -> Result<()> {
    if request.method().is_safe() {
        return Ok(());
    }
    check_origin(request, config)?;
    let headers = request.headers();
    if text(headers, REQUEST_HEADER) != Some("1") {
        return Err(Problem::new(
            ProblemCode::RequestOriginRefused,
            "the header X-Sealpost-Request: 1 is missing",
        ));
    }
    let has_body = headers.contains_key(TRANSFER_ENCODING)
        || text(headers, CONTENT_LENGTH.as_str()).is_some_and(|length| length != "0");
    match text(headers, CONTENT_TYPE.as_str()) {
        Some(kind) if is_json(kind) || is_picture(kind) => Ok(()),
        None if !has_body => Ok(()),
        _ => Err(ProblemCode::UnsupportedMediaType.into()),
    }
}

/// No form can send these either. What wants JSON refuses them by itself.
pub fn is_picture(content_type: &str) -> bool {
    matches!(content_type.to_ascii_lowercase().as_str(), "image/png" | "image/jpeg")
}

pub fn is_json(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json") || kind.eq_ignore_ascii_case("application/merge-patch+json")
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// On loopback `localhost` and `127.0.0.1` are the same place to the person who types them.
fn is_ours(origin: &str, public_url: &Url) -> bool {
    let Ok(origin) = Url::parse(origin) else { return false };
    if origin.origin() == public_url.origin() {
        return true;
    }
    let is_loopback = |url: &Url| match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    is_loopback(public_url)
        && is_loopback(&origin)
        && origin.port_or_known_default() == public_url.port_or_known_default()
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn only_our_own_origin_counts() {
        let ours: Url = "https://post.example.org".parse().expect("a url");
        assert!(is_ours("https://post.example.org", &ours));
        for other in
            ["http://post.example.org", "https://example.org", "https://post.example.org:444", "null", ""]
        {
            assert!(!is_ours(other, &ours), "{other}");
        }
        let local: Url = "http://localhost:8080".parse().expect("a url");
        assert!(is_ours("http://127.0.0.1:8080", &local));
        assert!(!is_ours("http://127.0.0.1:8081", &local));
    }

    #[test]
    fn what_a_browser_says_of_its_origin_counts_when_it_cannot_be_read() {
        let config = Config::from_pairs::<String, String>([]).expect("a configuration");
        for name in ["origin", "sec-fetch-site"] {
            let said = HeaderValue::from_bytes(b"http://\xe9vil").expect("a header");
            let request = TestRequest::default().insert_header((name, said)).to_http_request();
            assert!(check_origin(&request, &config).is_err(), "{name}");
        }
        assert!(check_origin(&TestRequest::default().to_http_request(), &config).is_ok());
    }
}

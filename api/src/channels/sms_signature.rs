//! Whether the gateway sent what came in: its signature over the address that it was given and the form, made with
//! the account's token (`X-Twilio-Signature`).

use std::collections::{BTreeMap, BTreeSet};

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use url::Url;

/// `address` is ours as the operator set it, never as the request claims it.
pub fn is_signed(token: &str, address: &Url, form: &[(String, String)], signature: &str) -> bool {
    let Ok(signature) = BASE64_STANDARD.decode(signature) else { return false };
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, token.as_bytes());
    let fields = said(form);
    // The gateway is not of one mind about ports; its own libraries take both. Verifying takes constant time.
    let spellings = spellings(address);
    let fits =
        |address: &&String| hmac::verify(&key, format!("{address}{fields}").as_bytes(), &signature).is_ok();
    spellings.iter().filter(fits).count() > 0
}

/// The fields in the order of their names; of one that stands there twice each value once, in order.
fn said(form: &[(String, String)]) -> String {
    let mut fields: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, value) in form {
        fields.entry(name).or_default().insert(value);
    }
    let pairs = fields.iter().flat_map(|(name, values)| values.iter().map(move |value| [*name, *value]));
    pairs.flatten().collect()
}

/// With the port and without it.
fn spellings(address: &Url) -> [String; 2] {
    let (Some(host), Some(port)) = (address.host_str(), address.port_or_known_default()) else {
        return [address.to_string(), address.to_string()];
    };
    let scheme = address.scheme();
    let rest = &address[url::Position::BeforePath..];
    [format!("{scheme}://{host}{rest}"), format!("{scheme}://{host}:{port}{rest}")]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signature(token: &str, text: &str) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, token.as_bytes());
        BASE64_STANDARD.encode(hmac::sign(&key, text.as_bytes()))
    }

    fn form(fields: &[(&str, &str)]) -> Vec<(String, String)> {
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn signed(address: &str, fields: &[(&str, &str)], signature: &str) -> bool {
        is_signed("12345", &address.parse().expect("a URL"), &form(fields), signature)
    }

    /// The first two are those of the gateway's own documentation, of different years.
    #[test]
    fn sig_vectors_form_port_dup_params() {
        let documented = "https://mycompany.com/myapp.php?foo=1&bar=2";
        let call = |from| {
            [
                ("To", "+18005551212"),
                ("From", from),
                ("Digits", "1234"),
                ("Caller", from),
                ("CallSid", "CA1234567890ABCDE"),
            ]
        };
        let (first, second) = ("RSOYDt4T1cUTdK1PDd93/VVr8B8=", "0/KCTR6DLpKmkAf8muzZqo1nDgQ=");
        assert!(signed(documented, &call("+14158675309"), first));
        assert!(signed(documented, &call("+12349013030"), second));
        assert!(!signed(documented, &call("+12349013031"), second), "another caller");
        assert!(!signed(documented, &call("+12349013030")[1..], second), "a field is missing");
        assert!(!signed("https://mycompany.com/myapp.php?foo=1&bar=3", &call("+12349013030"), second));
        for (address, spelt) in [
            ("https://a.example/x", "https://a.example:443/x"),
            ("https://a.example:8443/x", "https://a.example/x"),
            ("https://a.example:8443/x", "https://a.example:8443/x"),
            ("http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x"),
            ("http://[::1]:8080/x", "http://[::1]:8080/x"),
        ] {
            let sign = signature("12345", &format!("{spelt}A1B"));
            assert!(signed(address, &[("B", ""), ("A", "1")], &sign), "{address} as {spelt}");
            let elsewhere = signature("12345", &format!("https://b.example/x{}", "A1B"));
            assert!(!signed(address, &[("B", ""), ("A", "1")], &elsewhere));
        }
        let twice = signature("12345", "https://a.example/xA1A2B");
        assert!(signed("https://a.example/x", &[("A", "2"), ("B", ""), ("A", "1"), ("A", "2")], &twice));
        let other_token = signature("12346", "https://a.example/x");
        for wrong in
            [other_token.as_str(), "", "=", "AAAA", "not base64 at all", "0/KCTR6DLpKmkAf8muzZqo1nDg=="]
        {
            assert!(!signed("https://a.example/x", &[], wrong), "{wrong}");
        }
    }
}
